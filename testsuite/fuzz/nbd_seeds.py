# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The first inputs of the fuzzers of the NBD server: sessions as clients have them, nearly."""

import struct


def option(number, data=b""):
    return b"IHAVEOPT" + struct.pack(">II", number, len(data)) + data


def counted(text):
    return struct.pack(">I", len(text)) + text


def go(name, *wanted):
    return counted(name) + struct.pack(f">H{len(wanted)}H", len(wanted), *wanted)


def contexts(name, *queries):
    return counted(name) + struct.pack(">I", len(queries)) + b"".join(map(counted, queries))


def request(command, offset, length, payload=b"", flags=0, cookie=7):
    header = struct.pack(">IHHQQI", 0x25609513, flags, command, cookie, offset, length)
    return header + payload


FLAGS = struct.pack(">I", 3)
ALLOCATION = contexts(b"disk", b"base:allocation")

NEGOTIATIONS = [
    FLAGS + option(1, b"disk"),
    struct.pack(">I", 0) + option(1, b"constant"),
    FLAGS + option(8) + option(9, contexts(b"disk")) + option(10, ALLOCATION)
    + option(7, go(b"disk", 0, 1, 2, 3)),
    FLAGS + option(3) + option(6, go(b"constant", 3)) + option(2),
    FLAGS + option(5) + option(99, b"x" * 100) + option(7, b"x" * 70) + option(7, go(b"none")),
    FLAGS + b"IHAVEOPT" + struct.pack(">II", 8, 0xFFFFFFFF),
    struct.pack(">I", 0x80),
    FLAGS + option(3) + option(7, go(b"disk")) + option(5) + option(3) + option(8)
    + option(10, ALLOCATION) + option(5) + option(7, go(b"disk", 3)),
    FLAGS + option(5, b"x") + option(5) + option(1, b"disk"),
]

EVERYTHING = (
    request(1, 512, 700, b"w" * 700)
    + request(0, 0, 2048)
    + request(6, 600, 100, flags=2)
    + request(4, 0, 512, flags=1)
    + request(7, 0, 65536)
    + request(3, 0, 0)
    + request(5, 0, 512)
    + request(0, 65536, 1)
    + request(1, 65535, 2, b"xx")
    + request(99, 0, 0)
    + request(2, 0, 0)
)
REQUESTS = [bytes([session]) + EVERYTHING for session in (0, 1, 3, 7, 11, 19)] + [
    b"\x03" + request(0, 0, 4096) * 40,
    b"\x01" + request(1, 0, 0xFFFFFFFF) + b"few",
    b"\x01" + request(1, 0, 4096, b"x" * 4096) + b"\0" * 28,
    b"\x13" + request(1, 0, 3000, b"x" * 3000) + request(0, 0, 3000),
]
