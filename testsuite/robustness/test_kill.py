# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""However an index run ends, the store is usable and the next run does the rest."""

import os
import signal
import subprocess
import time

# Enough work in each file that a run lasts for seconds.
BODY = "\n".join(
    f"static inline int g{n}(int x) {{ return x ? x + {n} : {n}; }}" for n in range(2000)
)
COUNT = 60


def children_of(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_kill_again_and_again_until_complete(tree):
    tree.add(COUNT, BODY)
    killed = 0
    counts = []
    delay = 0.3
    for _ in range(60):
        run = tree.start("-j", "2")
        try:
            run.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            run.kill()
            killed += 1
        run.communicate()
        if run.returncode == 0:
            break
        assert run.returncode == -signal.SIGKILL
        if tree.db.exists() and tree.db.stat().st_size > 0:
            tree.check_consistent()
            counts.append(len(tree.statuses()))
        delay += 0.4
    assert run.returncode == 0
    assert killed >= 2, "the tree is too small to kill a run in the middle of it"
    assert counts == sorted(counts), "a kill must not lose what was committed"
    assert len(tree.statuses()) == COUNT
    tree.check_consistent()
    again = tree.index()
    assert f"{COUNT} up to date" in again.stdout + again.stderr


def test_workers_end_with_the_indexer(tree):
    tree.add(3)
    run = tree.start("-j", "2", fault="sleep:f0.c,sleep:f1.c")
    assert wait_until(lambda: len(children_of(run.pid)) == 2)
    workers = children_of(run.pid)
    run.kill()
    run.communicate()
    assert wait_until(lambda: not any(is_alive(worker) for worker in workers))


def interrupt(tree, number):
    tree.add(6)
    run = tree.start("-j", "1", fault="sleep:f5.c")
    assert wait_until(lambda: children_of(run.pid))
    worker = children_of(run.pid)[0]
    time.sleep(1)  # until it sleeps at the last unit
    os.kill(run.pid, number)
    output, errors = run.communicate(timeout=20)
    assert run.returncode == 130, errors
    assert "interrupted" in output + errors
    assert not is_alive(worker)
    assert len(tree.statuses()) == 5, "what was parsed before is kept"
    tree.check_consistent()
    assert not (tree.root / "lockvet.db-journal").exists()
    assert not (tree.root / "lockvet.db-lock").exists()
    assert tree.index().returncode == 0
    assert len(tree.statuses()) == 6


def test_interrupt_keeps_what_was_parsed(tree):
    interrupt(tree, signal.SIGINT)


def test_terminate_keeps_what_was_parsed(tree):
    interrupt(tree, signal.SIGTERM)


def test_killed_right_at_the_start(tree):
    tree.add(2)
    for delay in (0, 0.005, 0.01, 0.02, 0.03, 0.05):
        run = tree.start()
        time.sleep(delay)
        run.kill()
        run.communicate()
        tree_run = tree.index()
        assert tree_run.returncode == 0, tree_run.stderr
        tree.check_consistent()
        tree.db.unlink()
