# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A file that is no store, or no whole one, or somebody else's: one sentence, nothing broken."""

import ctypes
import os
import sqlite3
import subprocess

import pytest
from conftest import LOCKVET
from test_kill import wait_until


def run_check(tree):
    return subprocess.run([LOCKVET, "check", "--db", str(tree.db)], capture_output=True, text=True,
                          timeout=60, check=False)


def expect_refusal(tree, *parts):
    """Both commands exit with 2 and one line that says what, where and what to do."""
    before = tree.db.read_bytes() if tree.db.is_file() else None
    for run in (tree.index(), run_check(tree)):
        assert run.returncode == 2, run.stdout + run.stderr
        assert len(run.stderr.strip().splitlines()) == 1, run.stderr
        assert str(tree.db) in run.stderr
        for part in parts:
            assert part in run.stderr
    if before is not None:
        assert tree.db.read_bytes() == before, "a file that is refused is not touched"


@pytest.mark.parametrize("kept", ["all but a byte", "half", "one page", "half a header"])
def test_a_truncated_store(tree, kept):
    tree.add(3)
    assert tree.index().returncode == 0
    size = tree.db.stat().st_size
    os.truncate(tree.db, {"all but a byte": size - 1, "half": size // 2, "one page": 8192,
                          "half a header": 50}[kept])
    expect_refusal(tree, "is cut short", "delete it and run `lockvet index` again")


def test_a_store_of_another_version(tree):
    tree.add(2)
    assert tree.index().returncode == 0
    connection = sqlite3.connect(tree.db)
    connection.execute("PRAGMA user_version = 4711")
    connection.close()
    expect_refusal(tree, "another version of Lockvet", "4711")


def test_a_file_that_is_no_database(tree):
    tree.add(2)
    tree.db.write_text("int main(void) { return 0; }\n" * 100)
    expect_refusal(tree, "is not a Lockvet store")


def test_another_programs_database(tree):
    tree.add(2)
    connection = sqlite3.connect(tree.db)
    connection.execute("CREATE TABLE bookmarks(url TEXT)")
    connection.commit()
    connection.close()
    expect_refusal(tree, "another program's SQLite file")


def test_a_directory(tree):
    tree.add(2)
    tree.db.mkdir()
    expect_refusal(tree, "is a directory")


def test_a_damaged_page(tree):
    tree.add(3)
    assert tree.index().returncode == 0
    with open(tree.db, "r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (tree.db.stat().st_size - 8192))
    run = tree.index()
    assert run.returncode == 2, run.stdout + run.stderr
    assert "damaged" in run.stderr and "delete it" in run.stderr


def test_damaged_bodies(tree):
    """Many things are wrong, and one sentence says so."""
    tree.add(3)
    assert tree.index().returncode == 0
    connection = sqlite3.connect(tree.db)
    connection.execute("UPDATE skeleton SET bytes = x'ff' || bytes")
    connection.commit()
    connection.close()
    run = run_check(tree)
    assert run.returncode == 2
    assert len(run.stderr.strip().splitlines()) == 1, run.stderr
    assert f"the store '{tree.db}' is damaged" in run.stderr
    assert "run `lockvet index` again" in run.stderr


def test_no_store_yet(tree):
    run = run_check(tree)
    assert run.returncode == 2
    assert "does not exist; run `lockvet index` first" in run.stderr
    assert not tree.db.exists()


def test_two_indexers(tree):
    tree.add(3)
    first = tree.start("-j", "1", fault="sleep:f0.c")
    assert wait_until(lambda: (tree.root / "lockvet.db-lock").exists())
    assert wait_until(lambda: (tree.root / "lockvet.db-lock").read_text().strip())
    second = tree.index()
    assert second.returncode == 2
    assert f"process {first.pid}" in second.stderr
    first.terminate()
    first.communicate(timeout=20)
    assert tree.index().returncode == 0
    tree.check_consistent()


def test_a_lock_file_that_was_left_behind(tree):
    tree.add(2)
    (tree.root / "lockvet.db-lock").write_text("1\n")
    assert tree.index().returncode == 0


def test_readers_during_an_index_run(tree):
    tree.add(3)
    assert tree.index().returncode == 0
    first = tree.start("-j", "1", "--retry-failed", fault="sleep:f0.c")
    try:
        assert len(tree.rows("SELECT * FROM unit")) == 3
        assert run_check(tree).returncode in (0, 1)
    finally:
        first.kill()
        first.communicate()


def without_privileges():
    """Root may write anywhere; a root that cannot override permissions may not."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    pr_capbset_drop = 24
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        if libc.prctl(pr_capbset_drop, capability, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "cannot drop a capability")


def test_a_directory_that_cannot_be_written_to(tree):
    tree.add(2)
    tree.root.chmod(0o555)
    try:
        run = subprocess.run(tree.command(), preexec_fn=without_privileges, capture_output=True,
                             text=True, timeout=60, check=False)
    finally:
        tree.root.chmod(0o755)
    assert run.returncode == 2, run.stdout + run.stderr
    assert "cannot be written to" in run.stderr and "Permission denied" in run.stderr
    assert not tree.db.exists()
