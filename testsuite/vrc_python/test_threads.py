# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Long searches: they leave the interpreter alone, and they end when somebody wants that."""

import os
import signal
import threading
import time

import pytest
import vrc

LONG = "the_start ... the_end"


def search(graph):
    return graph.paths(LONG, simple=True)


def test_ctrl_c_ends_a_search(endless_graph):
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        search(endless_graph)
    assert time.monotonic() - started < 10
    assert len(endless_graph.paths(LONG)) == 1, "the graph is as good as before"


def test_an_alarm_may_raise_what_it_likes(endless_graph):
    class Late(Exception):
        pass

    def on_alarm(*_):
        raise Late

    before = signal.signal(signal.SIGALRM, on_alarm)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(Late):
            endless_graph.query(f"paths --all --limit 0 {LONG}")
    finally:
        signal.signal(signal.SIGALRM, before)


def test_other_threads_go_on_and_can_end_it(endless_graph):
    raised = []

    def body():
        try:
            search(endless_graph)
        except vrc.Error as error:
            raised.append(str(error))

    thread = threading.Thread(target=body)
    thread.start()
    time.sleep(0.2)
    started = time.monotonic()
    for _ in range(100):
        assert endless_graph.function("the_end").callers()
    assert time.monotonic() - started < 2, "what is looked up waits for no search"
    assert thread.is_alive()
    while thread.is_alive():
        endless_graph.interrupt()
        thread.join(0.1)
    assert raised == ["interrupted"]


def test_threads_share_a_graph(graph):
    wrong = []

    def body():
        for _ in range(50):
            if len(graph.functions("[coroutine_fn]")) != 2:
                wrong.append(1)
            graph.label("seen", "main")

    threads = [threading.Thread(target=body) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and graph.labels["seen"] == 1
