# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A vhost-user front end and a guest's driver that can do all that they must not: messages over the
socket, and a ring in memory that both sides share. See QEMU's docs/interop/vhost-user.rst and
virtio 1.2, section 2.7."""

import mmap
import os
import select
import socket
import struct

from daemon import PATIENCE, receive_all

GET_FEATURES, SET_FEATURES, SET_OWNER = 1, 2, 3
SET_MEM_TABLE, SET_VRING_NUM, SET_VRING_ADDR, SET_VRING_BASE, GET_VRING_BASE = 5, 8, 9, 10, 11
SET_VRING_KICK, SET_VRING_CALL, SET_VRING_ERR = 12, 13, 14
GET_PROTOCOL_FEATURES, SET_PROTOCOL_FEATURES, SET_VRING_ENABLE = 15, 16, 18
VERSION, NEED_REPLY = 1, 8
PROTOCOL_REPLY_ACK = 1 << 3
EVENT_INDEX = 1 << 29

NEXT, WRITE, INDIRECT = 1, 2, 4
READ_REQUEST = 0

GUEST_BASE, USER_BASE = 0x4000_0000, 0x7F00_0000_0000
MEMORY_BYTES = 1 << 20
RING_SIZE = 256
# Offsets in the memory.
DESCRIPTORS, AVAILABLE, USED, TABLES, HEADERS, STATUSES, DATA = (
    0, 0x2000, 0x3000, 0x4000, 0x6000, 0x8000, 0x10000)  # fmt: skip


class FrontEnd:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        # With a time limit it would not wait for room in the queue.
        self.socket.connect(str(path))
        self.socket.settimeout(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, request, payload=b"", descriptors=(), flags=VERSION):
        message = struct.pack("<III", request, flags, len(payload)) + payload
        socket.send_fds(self.socket, [message], descriptors)

    def receive(self):
        """The payload; nothing if the back end has gone."""
        try:
            header = receive_all(self.socket, 12)
        except ConnectionResetError:
            return b""
        size = struct.unpack("<III", header)[2] if len(header) == 12 else 0
        return receive_all(self.socket, size)

    def ask(self, request):
        self.send(request)
        return struct.unpack("<Q", self.receive())[0]

    def set(self, request, payload, descriptors=()):
        """Whether the back end says that all is well."""
        self.send(request, payload, descriptors, VERSION | NEED_REPLY)
        return self.receive() == bytes(8)

    def negotiate(self):
        features = self.ask(GET_FEATURES) & ~EVENT_INDEX
        self.send(SET_FEATURES, struct.pack("<Q", features))
        self.ask(GET_PROTOCOL_FEATURES)
        self.send(SET_PROTOCOL_FEATURES, struct.pack("<Q", PROTOCOL_REPLY_ACK))
        assert self.set(SET_OWNER, b"")


class Ring:
    """The only ring of a front end, with memory of its own."""

    def __init__(self, front_end, number=0):
        memory = os.memfd_create("guest")
        os.ftruncate(memory, MEMORY_BYTES)
        self.memory = mmap.mmap(memory, MEMORY_BYTES)
        self.kick, self.call, self.error = (os.eventfd(0, os.EFD_NONBLOCK) for _ in range(3))
        self.available = 0
        table = struct.pack("<IIQQQQ", 1, 0, GUEST_BASE, MEMORY_BYTES, USER_BASE, 0)
        assert front_end.set(SET_MEM_TABLE, table, [memory])
        os.close(memory)
        assert front_end.set(SET_VRING_NUM, struct.pack("<II", number, RING_SIZE))
        assert front_end.set(SET_VRING_BASE, struct.pack("<II", number, 0))
        addresses = (USER_BASE + offset for offset in (DESCRIPTORS, USED, AVAILABLE))
        assert front_end.set(SET_VRING_ADDR, struct.pack("<IIQQQQ", number, 0, *addresses, 0))
        for request, event in ((SET_VRING_CALL, self.call), (SET_VRING_ERR, self.error),
                               (SET_VRING_KICK, self.kick)):  # fmt: skip
            assert front_end.set(request, struct.pack("<Q", number), [event])
        assert front_end.set(SET_VRING_ENABLE, struct.pack("<II", number, 1))

    def close(self):
        for event in (self.kick, self.call, self.error):
            os.close(event)
        self.memory.close()

    def descriptor(self, index, address, length, flags=0, following=0, table=DESCRIPTORS):
        struct.pack_into("<QIHH", self.memory, table + 16 * index, address, length, flags,
                         following)  # fmt: skip

    def read_request(self, slot, bytes_wanted=4096):
        """In three descriptors of its own, of which the first is returned."""
        header = HEADERS + 16 * slot
        struct.pack_into("<IIQ", self.memory, header, READ_REQUEST, 0, 0)
        self.memory[STATUSES + slot] = 0xFF
        first = 3 * slot
        self.descriptor(first, GUEST_BASE + header, 16, NEXT, first + 1)
        self.descriptor(first + 1, GUEST_BASE + DATA, bytes_wanted, NEXT | WRITE, first + 2)
        self.descriptor(first + 2, GUEST_BASE + STATUSES + slot, 1, WRITE)
        return first

    def publish(self, *heads):
        for head in heads:
            place = AVAILABLE + 4 + 2 * (self.available % RING_SIZE)
            struct.pack_into("<H", self.memory, place, head)
            self.available += 1
        self.publish_index(self.available)

    def publish_index(self, index):
        struct.pack_into("<H", self.memory, AVAILABLE + 2, index & 0xFFFF)
        os.eventfd_write(self.kick, 1)

    def used_index(self):
        return struct.unpack_from("<H", self.memory, USED + 2)[0]

    def wait_for_used(self, index):
        while self.used_index() != index:
            assert select.select([self.call], [], [], PATIENCE)[0]
            os.eventfd_read(self.call)

    def wait_for_error(self):
        assert select.select([self.error], [], [], PATIENCE)[0]


def expect_service(path):
    """That a front end which does all right is served."""
    with FrontEnd(path) as front_end:
        front_end.negotiate()
        ring = Ring(front_end)
        ring.publish(ring.read_request(0), ring.read_request(1))
        ring.wait_for_used(2)
        assert ring.memory[STATUSES : STATUSES + 2] == b"\0\0"
        ring.close()
