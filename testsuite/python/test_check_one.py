# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The driver of analyzer tests, with a stand-in for the command that says what a test tells it."""

import json
import os
import subprocess
import sys

import pytest

CHECK_ONE = os.path.join(os.path.dirname(__file__), "..", "check_one.py")

FAKE = """#!{python}
import json, os, sys
with open({log!r}, "a") as log:
    print(json.dumps([sys.argv[1:], os.getcwd()]), file=log)
if sys.argv[1] == "index":
    sys.exit({index_status})
print({findings!r} if "json" in sys.argv else "a.c:1:1: error: as text")
sys.exit({check_status})
"""


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


class Bench:
    def __init__(self, path):
        self.path = path
        self.log = path / "log"

    def write(self, name, text):
        file = self.path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        return str(file)

    def run(self, source, *arguments, findings="[]", index_status=0, check_status=1):
        fake = self.path / "fake-lockvet"
        fake.write_text(FAKE.format(python=sys.executable, log=str(self.log), findings=findings,
                                    index_status=index_status, check_status=check_status))  # fmt: skip
        fake.chmod(0o755)
        return subprocess.run(
            [sys.executable, CHECK_ONE, source, f"--lockvet={fake}", "--annotations=/anno",
             f"--work={self.path}/work", *arguments],
            capture_output=True, text=True, check=False)  # fmt: skip

    def calls(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def commands(self):
        return json.loads((self.path / "work" / "compile_commands.json").read_text())


def one(file, line):
    return json.dumps([{"rule": "r", "severity": "error", "message": "m", "function": "f",
                        "file": file, "line": line, "column": 1, "witness": []}])  # fmt: skip


def test_text_is_passed_on(bench):
    done = bench.run(bench.write("a.c", "int x;\n"))
    assert (done.returncode, done.stdout) == (0, "a.c:1:1: error: as text\n")


def test_verify(bench):
    source = bench.write("a.c", "int x; // lockvet-error{{r: m}}\n")
    assert bench.run(source, "--verify", findings=one(source, 1)).returncode == 0
    done = bench.run(source, "--verify", findings=one(source, 2))
    assert done.returncode == 1
    assert "expected and not found:" in done.stderr
    assert "found and not expected:" in done.stderr


def test_verify_refuses_what_is_not_json(bench):
    source = bench.write("a.c", "// lockvet-silent\n")
    assert bench.run(source, "--verify", findings="[").returncode == 1


def test_finding_in_a_header_elsewhere(bench):
    header = bench.write("inc/h.h", "// lockvet-error{{r: m}}\n")
    source = bench.write("a.c", "int x;\n")
    assert bench.run(source, "--verify", findings=one(header, 1)).returncode == 0


@pytest.mark.parametrize("status", [{"index_status": 2}, {"check_status": 2}])
def test_a_failing_command_fails_the_test(bench, status):
    done = bench.run(bench.write("a.c", ""), **status)
    assert done.returncode == 1
    assert "ended with 2" in done.stderr


def test_expected_index_status(bench):
    done = bench.run(bench.write("a.c", ""), "--index-status=1", index_status=1)
    assert done.returncode == 0


def test_command_of_a_file(bench):
    source = bench.write("a.c", "")
    bench.run(source, "--language=c++", "--arg=-DX", "--rule", "r", "--check-arg=--colour")
    (command,) = bench.commands()
    assert command["file"] == source
    assert command["arguments"][1:3] == ["-x", "c++"]
    assert "-DX" in command["arguments"] and "/anno" in command["arguments"]
    (index, cwd), (check, _) = bench.calls()
    assert index[0] == "index" and cwd == str(bench.path / "work")
    assert check[0] == "check" and "--rule" in check and "--colour" in check
    # The project's own configuration, further up, must not reach a test.
    assert (bench.path / "work" / ".lockvet.yaml").read_text() == ""


def test_folder(bench):
    bench.write("t/a.c", "// lockvet-error{{r: m}}\n")
    bench.write("t/b.cpp", "")
    bench.write("t/h.h", "// lockvet-error{{r: m}}\n")
    config = bench.write("t/conf.yaml", "roots: []\n")
    folder = str(bench.path / "t")
    both = json.loads(one(f"{folder}/a.c", 1)) + json.loads(one(f"{folder}/h.h", 1))
    done = bench.run(folder, "--verify", "--config", config, findings=json.dumps(both))
    assert done.returncode == 0, done.stderr
    assert [c["arguments"][2] for c in bench.commands()] == ["c", "c++"]
    assert bench.calls()[0][1] == folder
    assert (bench.path / "t" / ".lockvet.yaml").read_text() == "roots: []\n"


def test_folder_without_sources(bench):
    bench.write("t/h.h", "")
    assert "holds no .c" in bench.run(str(bench.path / "t")).stderr
