# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Seeds of vhost-user: a front end's messages from its first to its last, and memories of guests
with rings in them, laid out as the fuzz targets say.
"""

import struct

EVENT, SEALABLE = 0, 1
NEED_REPLY = 8
PAGE = 4096
GUEST, USER = 0x1000, 0x100000


def message(number, payload=b"", kind=EVENT, descriptors=0, flags=1 | NEED_REPLY):
    return (bytes([kind << 4 | descriptors])
            + struct.pack("<III", number, flags, len(payload)) + payload)  # fmt: skip


def start_of_ring(index, size=8):
    place = 0x7000 + index * 0x1000
    state = struct.Struct("<II")
    return b"".join([
        message(8, state.pack(index, size)),
        message(10, state.pack(index, 0)),
        message(9, struct.pack("<IIQQQQ", index, 0, place, place + 512, place + 256, 0)),
        message(13, struct.pack("<Q", index), descriptors=1),
        message(14, struct.pack("<Q", index), descriptors=1),
        message(12, struct.pack("<Q", index), descriptors=1),
        message(18, state.pack(index, 1)),
    ])  # fmt: skip


def messages():
    features = struct.pack("<Q", 1 << 32 | 1 << 30 | 1 << 29 | 1 << 28 | 1 << 9 | 1 << 11)
    protocol = struct.pack("<Q", 1 << 0 | 1 << 3 | 1 << 5 | 1 << 9 | 1 << 12 | 1 << 15)
    begin = b"".join([
        message(1, flags=1), message(15, flags=1), message(16, protocol, flags=1),
        message(3, flags=1), message(2, features), message(17, flags=1),
    ])  # fmt: skip
    table = message(5, struct.pack("<IIQQQQ", 1, 0, 0, 0x10000, 0x7000, 0), SEALABLE, 1)
    region = struct.pack("<QQQQQ", 0, 0x100000, 0x10000, 0x200000, 0)
    inflight = struct.pack("<QQHHI", 0, 0, 2, 8, 0)
    given = struct.pack("<QQHHI", 448, 0, 2, 8, 0)
    config = struct.pack("<III", 0, 60, 0) + bytes(60)
    yield (begin + table + start_of_ring(0) + start_of_ring(1)
           + message(11, struct.pack("<II", 0, 0)))  # fmt: skip
    yield begin + message(36, flags=1) + message(37, region, SEALABLE, 1) + message(38, region)
    yield begin + message(24, config, flags=1) + message(25, struct.pack("<IIIB", 32, 1, 0, 0))
    yield begin + message(31, inflight, flags=1) + message(32, given, SEALABLE, 1) + table
    yield begin + message(32, given, SEALABLE, 1) + table + start_of_ring(0)
    yield begin + message(21, b"", EVENT, 1) + table + start_of_ring(0) + table + message(4)
    yield message(5, b"", 2, 12)


def descriptor(address, length, flags, following=0):
    return struct.pack("<QIHH", GUEST + address, length, flags, following)


NEXT, WRITE, INDIRECT = 1, 2, 4


def guest(descriptors, heads, tail):
    """Descriptors at 0, what is available at 256, what is used at 512, then headers of requests."""
    table = b"".join(descriptors).ljust(256, b"\0")
    available = struct.pack("<HH", 0, len(heads)) + struct.pack(f"<{len(heads)}H", *heads)
    return (table + available.ljust(256, b"\0") + tail.ljust(128, b"\0"))[:640]


def rings():
    header = 600
    for kind, sector in ((0, 0), (1, 8), (4, 0), (8, 0), (13, 0), (11, 0)):
        request = struct.pack("<IIQ", kind, 0, sector)
        to_guest = WRITE if kind in (0, 8) else 0
        chain = [descriptor(header, 16, NEXT, 1),
                 descriptor(PAGE - 512, 1024, NEXT | to_guest, 2),
                 descriptor(2 * PAGE - 1, 1, WRITE)]  # fmt: skip
        memory = guest(chain, [0], bytes(88) + request)
        again = bytes([8, 6, 1]) + struct.pack("<HHH", 0, 2, 0)
        for choice in (0, 8, 16 | 8, 2):
            yield bytes([choice, 0, 0]) + memory + again
        record = struct.pack("<QHHHH", 0, 1, 8, 0, 0) + struct.pack("<B5xHQ", 1, 0, 5)
        yield bytes([32, 0, 0]) + record.ljust(192, b"\0") + memory
    table = [descriptor(PAGE, 48, INDIRECT)]
    memory = guest(table, [0], bytes(128))
    indirect = b"".join([descriptor(600, 16, NEXT, 1), descriptor(PAGE + 512, 512, NEXT | WRITE, 2),
                         descriptor(PAGE + 256, 1, WRITE)])  # fmt: skip
    yield bytes([16, 0, 0]) + memory + bytes([128, 48, 1]) + indirect + bytes([8, 4, 1, 0, 0, 2, 0])
