# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A unit that takes its worker down costs that unit, and says why."""


def reason(tree, name):
    (row,) = tree.rows(f"SELECT reason FROM unit WHERE file LIKE '%/{name}'")
    return row[0]


def test_nothing_fails_without_a_fault(tree):
    tree.add(4)
    run = tree.index()
    assert run.returncode == 0, run.stderr
    assert set(tree.statuses().values()) == {"parsed"}
    tree.check_consistent()


def test_a_crash_costs_its_unit(tree):
    tree.add(6)
    run = tree.index("-j", "2", fault="crash:f2.c")
    assert run.returncode == 0, run.stderr
    assert tree.statuses() == {f"f{n}.c": "crashed" if n == 2 else "parsed" for n in range(6)}
    assert "SIGSEGV" in reason(tree, "f2.c")
    assert "f2.c" in run.stdout + run.stderr
    tree.check_consistent()


def test_every_unit_may_crash(tree):
    tree.add(5)
    run = tree.index("-j", "2", fault=",".join(f"crash:f{n}.c" for n in range(5)))
    assert run.returncode == 0, run.stderr
    assert set(tree.statuses().values()) == {"crashed"}
    assert tree.rows("SELECT * FROM function") == []


def test_a_hang_costs_its_unit(tree):
    tree.add(4)
    run = tree.index("-j", "1", "--time-limit", "1", fault="hang:f1.c")
    assert run.returncode == 0, run.stderr
    assert tree.statuses() == {f"f{n}.c": "timed_out" if n == 1 else "parsed" for n in range(4)}
    assert "more than 1" in reason(tree, "f1.c")


def test_a_unit_that_waits_for_ever_costs_itself(tree):
    tree.add(3)
    run = tree.index("-j", "1", "--time-limit", "1", fault="sleep:f1.c")
    assert run.returncode == 0, run.stderr
    assert tree.statuses()["f1.c"] == "timed_out"
    assert tree.statuses()["f2.c"] == "parsed"


def test_out_of_memory_costs_its_unit(tree):
    tree.add(4)
    run = tree.index("-j", "1", "--memory-limit", "500", fault="oom:f1.c")
    assert run.returncode == 0, run.stderr
    assert tree.statuses() == {f"f{n}.c": "out_of_memory" if n == 1 else "parsed" for n in range(4)}
    assert "500 MB" in reason(tree, "f1.c")


def test_a_failure_is_not_tried_again_without_a_reason(tree):
    tree.add(3)
    tree.index(fault="crash:f1.c")
    tree.index()
    assert tree.statuses()["f1.c"] == "crashed"
    run = tree.index("--retry-failed")
    assert run.returncode == 0, run.stderr
    assert tree.statuses()["f1.c"] == "parsed"


def test_a_failure_is_tried_again_when_its_file_changes(tree):
    tree.add(3)
    tree.index(fault="crash:f1.c")
    with open(tree.root / "f1.c", "a", encoding="utf-8") as file:
        file.write("/* mended */\n")
    tree.index()
    assert tree.statuses()["f1.c"] == "parsed"
    tree.check_consistent()
