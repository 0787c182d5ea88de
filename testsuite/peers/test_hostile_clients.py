# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Clients of the NBD export that do what they must not, counted rather than timed: others are
served meanwhile, memory and log stay small. The bytes are those of NBD's doc/proto.md."""

import contextlib
import random
import resource
import socket
import struct

import pytest
from daemon import MIB, PATIENCE, peak_memory, qemu_io, receive_all, serving, tool

OPTION = b"IHAVEOPT"
EXPORT_NAME, LIST, GO, STRUCTURED_REPLY, SET_META_CONTEXT, UNKNOWN = 1, 3, 7, 8, 10, 77
READ, WRITE, BLOCK_STATUS = 0, 1, 7
REQUEST_MAGIC, SIMPLE_REPLY = 0x25609513, 0x67446698
# The daemon's log says so many lines of a source in ten seconds, and then how much it left out.
MOST_LINES = 64
# What all else may take, beside what connections share.
OWN_BYTES = 64 * MIB
SHARED_BYTES = 256 * MIB
MOST_CONNECTIONS = 256


class Client:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        # With a time limit it would not wait for room in the queue.
        self.socket.connect(path)
        self.socket.settimeout(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """As much as is taken of it: the server may close meanwhile."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(data)

    def receive(self, size):
        data = receive_all(self.socket, size)
        assert len(data) == size
        return data

    def is_cut_off(self):
        """What was answered before is not looked at."""
        with contextlib.suppress(ConnectionResetError):
            while self.socket.recv(1 << 16):
                pass
        return True

    def greet(self):
        self.receive(18)
        self.send(struct.pack(">I", 3))

    def option(self, number, data=b"", announced=None):
        size = len(data) if announced is None else announced
        self.send(struct.pack(">8sII", OPTION, number, size) + data)

    def begin_transmission(self):
        self.greet()
        self.option(EXPORT_NAME, b"disk")
        self.receive(10)

    def request(self, command, cookie, offset, length, data=b""):
        self.send(struct.pack(">IHHQQI", REQUEST_MAGIC, 0, command, cookie, offset, length) + data)

    def reply(self):
        """The error, and of whom."""
        magic, error, cookie = struct.unpack(">IIQ", self.receive(16))
        assert magic == SIMPLE_REPLY
        return error, cookie


@contextlib.contextmanager
def hostile_daemon(folder, most_memory=OWN_BYTES):
    """It has to take no more memory than that, and to say little."""
    tool("qemu-io")
    with serving(folder, {"disk": "null:1G"}, threads=2, most_says=MOST_LINES) as daemon:
        before = peak_memory(daemon.process)
        yield daemon
        expect_service(daemon)
        assert peak_memory(daemon.process) - before < most_memory


def expect_service(daemon):
    qemu_io(daemon, "read -P 0 0 64k", "write 1M 64k", "flush")


@pytest.fixture(name="many_descriptors")
def descriptors_for_thousands():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4096
    if hard not in (resource.RLIM_INFINITY,) and hard < wanted:
        pytest.skip(f"there are no more than {hard} descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_descriptors")
def test_three_thousand_clients_keep_nobody_out(tmp_path):
    """All held open: say nothing, or nonsense, or begin an option, or ask and do not read."""
    with hostile_daemon(tmp_path) as daemon, contextlib.ExitStack() as held:
        for number in range(3000):
            client = held.enter_context(Client(daemon.path))
            if number % 4 == 1:
                client.send(b"GET / HTTP/1.1\r\n\r\n")
            elif number % 4 == 2:
                client.send(struct.pack(">I8sII", 3, OPTION, EXPORT_NAME, 1000))
            elif number % 4 == 3:
                client.send(struct.pack(">I", 3) + struct.pack(">8sII", OPTION, LIST, 0) * 20)
            if number % 1000 == 999:
                expect_service(daemon)


def test_garbage_is_no_negotiation(tmp_path):
    source = random.Random(2)
    with hostile_daemon(tmp_path) as daemon:
        for number in range(500):
            with Client(daemon.path) as client:
                if number % 2:
                    client.greet()
                    client.option(source.randrange(12), source.randbytes(source.randrange(80)))
                client.send(source.randbytes(source.randrange(1, 400)))


def test_maximal_lengths(tmp_path):
    with hostile_daemon(tmp_path) as daemon:
        for number in (EXPORT_NAME, LIST, GO, SET_META_CONTEXT, UNKNOWN):
            with Client(daemon.path) as client:
                client.greet()
                client.option(number, announced=0xFFFFFFFF)
                assert client.is_cut_off()
            # The longest that is skipped, of which nothing is kept, and which is answered.
            with Client(daemon.path) as client:
                client.greet()
                client.option(STRUCTURED_REPLY)
                client.receive(20)
                client.option(number, bytes(MIB))
                if number != EXPORT_NAME:
                    assert client.receive(8) == bytes.fromhex("0003e889045565a9")
        # Lengths within an option that do not add up.
        with Client(daemon.path) as client:
            client.greet()
            client.option(GO, struct.pack(">I", 0xFFFFFFFF) + b"disk\0\0")
            assert client.receive(20)[12:16] == bytes.fromhex("80000003")
        with Client(daemon.path) as client:
            client.begin_transmission()
            ranges = (0, 0xFFFFFFFF), (2**64 - 1, 1), (2**63, 2**31), ((1 << 30) - 1, 2)
            for cookie, (offset, length) in enumerate(ranges):
                client.request(READ, cookie, offset, length)
                error, answered = client.reply()
                assert (error != 0, answered) == (True, cookie)
            client.request(WRITE, 9, 0, 0xFFFFFFFF)
            assert client.is_cut_off()


def test_clients_that_never_read(tmp_path):
    """Each asks for two gigabytes; all together get no more memory than there is for all."""
    most = OWN_BYTES + SHARED_BYTES
    with hostile_daemon(tmp_path, most) as daemon, contextlib.ExitStack() as held:
        for _ in range(9):
            client = held.enter_context(Client(daemon.path))
            client.begin_transmission()
            for cookie in range(64):
                client.request(READ, cookie, 0, 32 * MIB)
        expect_service(daemon)


def test_reads_and_a_close(tmp_path):
    """64 reads, of which none or one is awaited. Connections whose end is not noticed yet have
    their mebibyte each."""
    with hostile_daemon(tmp_path, OWN_BYTES + MOST_CONNECTIONS * MIB) as daemon:
        for number in range(150):
            with Client(daemon.path) as client:
                client.begin_transmission()
                for cookie in range(64):
                    client.request(READ, cookie, 0, 16384)
                if number % 2:
                    client.reply()


def test_writes_whose_data_does_not_come(tmp_path):
    most = OWN_BYTES + SHARED_BYTES
    with hostile_daemon(tmp_path, most) as daemon, contextlib.ExitStack() as held:
        for number in range(100):
            client = held.enter_context(Client(daemon.path))
            client.begin_transmission()
            client.request(WRITE, 1, 0, 32 * MIB, bytes(1000))
            if number % 2:
                client.socket.close()
        expect_service(daemon)
