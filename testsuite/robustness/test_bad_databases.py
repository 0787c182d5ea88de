# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A compilation database with garbage in it: one clear error, or an entry skipped and reported."""

import json

import pytest


@pytest.mark.parametrize(
    "text, part",
    [
        ("", "is not JSON"),
        ("\0\1\2 binary", "is not JSON"),
        ('[{"directory": "/", "file": "a.c", "command": ', "is not JSON"),
        ('{"file": "a.c"}', "is not an array"),
        ("[1, null, []]", "no entry that can be used"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_garbage_is_one_error(tree, text, part):
    tree.add(1)
    (tree.root / "compile_commands.json").write_text(text)
    run = tree.index()
    assert run.returncode == 2, run.stdout + run.stderr
    assert len(run.stderr.strip().splitlines()) == 1, run.stderr
    assert part in run.stderr and "compile_commands.json" in run.stderr
    assert not tree.db.exists()


def test_an_error_says_where(tree):
    tree.add(1)
    (tree.root / "compile_commands.json").write_text('[\n  {"file": "a.c",\n   oops}\n]')
    assert "[3:" in tree.index().stderr


def test_a_senseless_entry_is_left_out_and_reported(tree):
    tree.add(2)
    database = tree.root / "compile_commands.json"
    entries = json.loads(database.read_text())
    entries.insert(1, {"directory": str(tree.root), "file": "x.c", "arguments": ["cc", 5]})
    entries.insert(0, "nonsense")
    database.write_text(json.dumps(entries))
    run = tree.index()
    assert run.returncode == 0, run.stderr
    output = run.stdout + run.stderr
    assert "entry 1 of" in output and "entry 3 of" in output and "x.c" in output
    assert set(tree.statuses()) == {"f0.c", "f1.c"}
    tree.check_consistent()


def test_no_database(tree):
    run = tree.index()
    assert run.returncode == 2
    assert "compile_commands.json" in run.stderr and "-p" in run.stderr


def test_commands_that_no_compiler_accepts(tree):
    tree.add(3)
    database = tree.root / "compile_commands.json"
    entries = json.loads(database.read_text())
    entries[0]["command"] = "cc -c f0.c -I"
    entries[1]["command"] = "cc --no-such-option-anywhere -mno-such-machine -c f1.c"
    entries[2]["directory"] = str(tree.root / "nowhere")
    entries[2]["file"] = str(tree.root / "f2.c")
    entries[2]["command"] = f"cc -c {tree.root}/f2.c"
    database.write_text(json.dumps(entries))
    run = tree.index()
    assert run.returncode == 0, run.stderr
    statuses = tree.statuses()
    assert set(statuses) == {"f0.c", "f1.c", "f2.c"}
    for file, status, reason in tree.rows("SELECT file, status, reason FROM unit"):
        assert status == "parsed" or reason, file


def test_a_missing_source_is_reported_and_found_later(tree):
    tree.add(2)
    (tree.root / "f1.c").rename(tree.root / "later.c")
    run = tree.index()
    assert run.returncode == 0, run.stderr
    assert tree.statuses() == {"f0.c": "parsed", "f1.c": "bad_command"}
    assert "does not exist" in run.stdout + run.stderr
    (tree.root / "later.c").rename(tree.root / "f1.c")
    tree.index()
    assert tree.statuses() == {"f0.c": "parsed", "f1.c": "parsed"}
    tree.check_consistent()
