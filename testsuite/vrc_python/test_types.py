# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The package's types: consistent in themselves, true of the module in C++, and of use to users."""

import os
import subprocess
import sys

import pytest
import vrc

PACKAGE = os.path.dirname(vrc.__file__)

USER = """
import vrc
graph = vrc.open("lockvet.db")
function: vrc.Function = graph.function("main")
names: list[str] = function.callers().names
line: int | None = function.line
count: int = graph.count("main ... work", avoid="slow")
for path in graph.paths("main ... work", limit=3, edges=["direct", "flow"]):
    reveal_type(path[0].place)
finding: vrc.Finding = graph.findings()[0]
"""
WRONG = """
import vrc
vrc.open("lockvet.db").paths(3)
vrc.open("lockvet.db").function("main").line.bit_length()
"""


def mypy(tmp_path, *arguments, module="mypy"):
    cache = ["--cache-dir", str(tmp_path / "cache")] if module == "mypy" else []
    return subprocess.run([sys.executable, "-m", module, *cache, *arguments], cwd=tmp_path,
                          capture_output=True, text=True, timeout=300, check=False)


def test_the_package_is_typed_throughout(tmp_path):
    pytest.importorskip("mypy")
    done = mypy(tmp_path, "--strict", PACKAGE)
    assert done.returncode == 0, done.stdout


def test_the_stub_is_true_of_the_module(tmp_path):
    pytest.importorskip("mypy")
    allowed = tmp_path / "allowed"
    # What a memoryview needs has no name in Python before 3.12, aliases are for types only, and
    # classes of pybind11 have a metaclass.
    allowed.write_text("vrc._native.Array.__buffer__\nvrc._native.Raw.*\nvrc._native.*__init__\n"
                       "vrc._native.Array\nvrc._native.Session\n")
    done = mypy(tmp_path, "vrc._native", "--allowlist", str(allowed), "--ignore-unused-allowlist",
                module="mypy.stubtest")
    assert done.returncode == 0, done.stdout + done.stderr


def test_users_are_checked(tmp_path):
    pytest.importorskip("mypy")
    (tmp_path / "user.py").write_text(USER)
    done = mypy(tmp_path, "--strict", "user.py")
    assert "error" not in done.stdout and "vrc.function.Place" in done.stdout, done.stdout
    (tmp_path / "wrong.py").write_text(WRONG)
    done = mypy(tmp_path, "--strict", "wrong.py")
    assert done.stdout.count("error:") == 2, done.stdout


def test_examples_in_docstrings():
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--doctest-modules",
         PACKAGE], capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    assert done.returncode == 0 and " passed" in done.stdout, done.stdout
