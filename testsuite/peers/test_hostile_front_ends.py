# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Front ends and guests of the vhost-user-blk export that do what they must not, counted rather
than timed: others are served, memory and log stay small."""

import contextlib
import random
import struct

import front_end as fe
import pytest
from daemon import machine_arguments, peak_memory, started, stop_gently
from front_end import FrontEnd, Ring, expect_service

# The daemon's log says so many lines of a source in ten seconds, and then how much it left out.
MOST_LINES = 64
MOST_MEMORY = 64 << 20


@pytest.fixture(name="path")
def served_disk(tmp_path):
    """Where a daemon serves a disk, which has to be well afterwards."""
    path = tmp_path / "socket"
    with started(*machine_arguments("null:1G", path, 1)) as daemon:
        before = peak_memory(daemon)
        yield path
        expect_service(path)
        grown = peak_memory(daemon) - before
        assert len(stop_gently(daemon)) <= MOST_LINES
        assert grown < MOST_MEMORY


def test_half_open_front_ends_keep_nobody_out(path):
    """A thousand, all held open: say nothing, or half a message, or only ask."""
    with contextlib.ExitStack() as held:
        for number in range(1000):
            one = held.enter_context(FrontEnd(path))
            if number % 3 == 1:
                one.socket.sendall(b"\1\0\0\0\1")
            elif number % 3 == 2:
                one.send(fe.GET_FEATURES)
            if number % 100 == 99:
                expect_service(path)


def test_front_ends_that_wait_have_their_turn(path):
    """One uses the disk, and others want to. They get it when that has gone."""
    with contextlib.ExitStack() as held:
        with FrontEnd(path) as first:
            first.negotiate()
            ring = Ring(first)
            waiting = [held.enter_context(FrontEnd(path)) for _ in range(5)]
            for one in waiting:
                one.send(fe.SET_OWNER)
                one.send(fe.GET_FEATURES)
            ring.publish(ring.read_request(0))
            ring.wait_for_used(1)
            ring.close()
        for one in waiting:
            assert one.receive() != b""
            one.socket.close()


def test_garbage_is_no_message(path):
    source = random.Random(1)
    for number in range(500):
        with FrontEnd(path) as one:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                if number % 2:
                    one.socket.sendall(source.randbytes(source.randrange(1, 200)))
                else:
                    # A right header, of any message with anything in it.
                    payload = source.randbytes(source.randrange(64))
                    one.send(source.randrange(45), payload)
                    one.send(source.randrange(45), payload, flags=fe.VERSION | fe.NEED_REPLY)
    # The longest that can be announced.
    with FrontEnd(path) as one:
        one.socket.sendall(struct.pack("<III", fe.SET_OWNER, fe.VERSION, 0xFFFFFFFF))
        assert one.receive() == b""


# --- rings ---------------------------------------------------------------------------------------


def loop(ring):
    ring.descriptor(0, fe.GUEST_BASE, 16, fe.NEXT, 1)
    ring.descriptor(1, fe.GUEST_BASE, 16, fe.NEXT, 0)
    ring.publish(0)


def descriptor_that_is_not_there(ring):
    ring.descriptor(0, fe.GUEST_BASE, 16, fe.NEXT, fe.RING_SIZE)
    ring.publish(0)


def head_that_is_not_there(ring):
    ring.publish(0xFFFF)


def data_behind_the_memory(ring):
    head = ring.read_request(0, 0xFFFFFFFF)
    ring.publish(head)


def address_that_overflows(ring):
    head = ring.read_request(0)
    ring.descriptor(head + 1, 0xFFFF_FFFF_FFFF_F000, 0x2000, fe.NEXT | fe.WRITE, head + 2)
    ring.publish(head)


def memory_to_read_after_memory_to_write(ring):
    ring.descriptor(0, fe.GUEST_BASE, 16, fe.WRITE | fe.NEXT, 1)
    ring.descriptor(1, fe.GUEST_BASE, 16)
    ring.publish(0)


def table_of_tables(ring):
    table = fe.GUEST_BASE + fe.TABLES
    ring.descriptor(0, table, 32, fe.INDIRECT)
    ring.descriptor(0, table, 32, fe.INDIRECT, table=fe.TABLES)
    ring.publish(0)


def table_with_a_loop(ring):
    ring.descriptor(0, fe.GUEST_BASE + fe.TABLES, 32, fe.INDIRECT)
    for index in (0, 1):
        ring.descriptor(index, fe.GUEST_BASE, 16, fe.NEXT, 1 - index, table=fe.TABLES)
    ring.publish(0)


def table_that_leads_out(ring):
    ring.descriptor(0, fe.GUEST_BASE + fe.TABLES, 32, fe.INDIRECT)
    ring.descriptor(0, fe.GUEST_BASE, 16, fe.NEXT, 2, table=fe.TABLES)
    ring.publish(0)


def table_behind_the_memory(ring):
    ring.descriptor(0, fe.GUEST_BASE + fe.MEMORY_BYTES - 16, 32, fe.INDIRECT)
    ring.publish(0)


def table_of_maximal_length(ring):
    ring.descriptor(0, fe.GUEST_BASE + fe.TABLES, 0xFFFFFFF0, fe.INDIRECT)
    ring.publish(0)


def table_of_a_part(ring):
    ring.descriptor(0, fe.GUEST_BASE + fe.TABLES, 17, fe.INDIRECT)
    ring.publish(0)


def more_buffers_than_there_are(ring):
    ring.publish_index(0xFFFF)


def buffer_that_comes_twice(ring):
    head = ring.read_request(0)
    ring.publish(head, head)


def request_without_a_header(ring):
    ring.descriptor(0, fe.GUEST_BASE, 15, fe.NEXT, 1)
    ring.descriptor(1, fe.GUEST_BASE, 1, fe.WRITE)
    ring.publish(0)


BROKEN = [loop, descriptor_that_is_not_there, head_that_is_not_there, data_behind_the_memory,
          address_that_overflows, memory_to_read_after_memory_to_write, table_of_tables,
          table_with_a_loop, table_that_leads_out, table_behind_the_memory,
          table_of_maximal_length, table_of_a_part, more_buffers_than_there_are,
          buffer_that_comes_twice, request_without_a_header]  # fmt: skip


def test_broken_rings_end_and_harm_nobody(path):
    for broken in BROKEN:
        with FrontEnd(path) as one:
            one.negotiate()
            ring = Ring(one)
            broken(ring)
            ring.wait_for_error()
            ring.close()
        expect_service(path)


def test_front_ends_that_die_amid_requests(tmp_path):
    """The disk takes its time, so that all 64 are in flight."""
    path = tmp_path / "socket"
    arguments = machine_arguments("null:1G", path, 1)
    arguments[arguments.index("--blockdev") + 1] += ",latency-ns=20000000"
    with started(*arguments) as daemon:
        for _ in range(20):
            with FrontEnd(path) as one:
                one.negotiate()
                ring = Ring(one)
                ring.publish(*(ring.read_request(slot) for slot in range(64)))
                ring.close()
        expect_service(path)
        assert stop_gently(daemon) == []
