# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The module gives back what it takes: asking again and again leaves no object more. Objects in C++
are LeakSanitizer's to find (`ctest -L sanitized`); it knows little of the interpreter's own."""

import gc
import sys

import pytest
import vrc


def ask(graph):
    graph.functions("[coroutine_fn]")
    graph.paths("main ... disk_read", limit=3)
    graph.paths("[] ... disk_read", simple=True, limit=20, avoid="co_read_file")
    graph.count("[] ... []")
    function = graph.function("co_read_block")
    str(function), function.place, function.labels
    function.callers(), function.edges_out()
    graph.edges()
    graph.findings()
    for command in ("labels", "scc", "show co_read_block", "sql SELECT 1", "label x main",
                    "history", "reset"):  # fmt: skip
        graph.query(command)
    for mistake in ("paths [", "callers nobody", "nonsense"):
        try:  # pytest.raises() keeps things of its own
            graph.query(mistake)
            raise AssertionError(f"{mistake} is no mistake")
        except vrc.Error:
            pass


def blocks():
    gc.collect()
    return sys.getallocatedblocks()


@pytest.mark.skipif(sys.getallocatedblocks() == 0, reason="this allocator does not count")
def test_nothing_is_left(graph):
    for _ in range(400):  # until the interpreter's caches are full
        ask(graph)
    before = blocks()
    for _ in range(400):
        ask(graph)
    # One object a round would be 400.
    assert blocks() - before < 200
