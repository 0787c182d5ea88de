# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""examples/broken: all of it together has the bugs it is written for and no other, each corrected
twin by itself has none, compilers accept every file, and the README says what is found."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
BROKEN = TOP / "examples" / "broken"
INCLUDE = TOP / "annotations" / "include"
EXPECTED = json.loads((Path(__file__).parent / "expected.json").read_text())

SOURCES = sorted(path for path in BROKEN.glob("*/*") if path.suffix in (".c", ".cpp"))
TWINS = [path for path in SOURCES if path.stem == "fixed"]
STANDARDS = {".c": "-std=c11", ".cpp": "-std=c++23"}

LOCKVET = os.environ.get("LOCKVET")
needs_lockvet = pytest.mark.skipif(not LOCKVET, reason="LOCKVET names no command")


def name_of(path):
    return str(path.relative_to(BROKEN))


def compilers(suffix):
    """Clang as the build knows it, and GCC where it is there."""
    folder, clang = os.path.split(os.environ.get("CLANG", "clang-22"))
    gcc = "gcc"
    if suffix == ".cpp":
        # A package may install clang-22 and clang++ in a folder where there is no clang++-22.
        names = [clang.replace("clang", "clang++"), "clang++"]
        clang = next((name for name in names if shutil.which(os.path.join(folder, name))), names[0])
        gcc = "g++"
    return [os.path.join(folder, clang)] + ([gcc] if shutil.which(gcc) else [])


def findings(sources, work):
    """What `lockvet check` says of these sources, each a unit of its own, by the configuration
    of the examples."""
    commands = [
        {
            "directory": str(source.parent),
            "file": source.name,
            "arguments": [compilers(source.suffix)[0], STANDARDS[source.suffix], "-I",
                          str(INCLUDE), "-c", source.name],
        }
        for source in sources
    ]  # fmt: skip
    (work / "compile_commands.json").write_text(json.dumps(commands))
    shutil.copy(BROKEN / ".lockvet.yaml", work)
    store = str(work / "lockvet.db")
    index = [LOCKVET, "index", "-p", str(work), "--db", store, "--progress", "none"]
    subprocess.run(index, cwd=work, check=True)
    check = [LOCKVET, "check", "--db", store, "--format", "json"]
    done = subprocess.run(check, cwd=work, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


@needs_lockvet
def test_all_together_have_exactly_these_bugs(tmp_path):
    found = findings(SOURCES, tmp_path)
    assert [
        {"rule": finding["rule"], "file": os.path.relpath(finding["file"], BROKEN)}
        for finding in found
    ] == EXPECTED


@needs_lockvet
@pytest.mark.parametrize("twin", TWINS, ids=name_of)
def test_twin_alone_is_silent(twin, tmp_path):
    assert findings([twin], tmp_path) == []


@needs_lockvet
def test_witness_stays_in_its_program(tmp_path):
    """Each source is a program: no step of a witness leads into another one, though they have
    functions of one name, `main` among them."""
    for finding in findings(SOURCES, tmp_path):
        for step in finding["witness"]:
            assert step["file"] == finding["file"], (finding["rule"], step)


@needs_lockvet
def test_readme_lists_what_is_found(tmp_path):
    readme = (BROKEN / "README.md").read_text()
    for finding in findings(SOURCES, tmp_path):
        assert f"{finding['severity']}: {finding['message']}" in readme


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_compiles_without_warnings(source):
    for compiler in compilers(source.suffix):
        subprocess.run(
            [compiler, STANDARDS[source.suffix], "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
             "-I", str(INCLUDE), str(source)],
            check=True)  # fmt: skip


@pytest.mark.parametrize("folder", sorted(BROKEN.glob("*/")), ids=lambda path: path.name)
def test_every_bug_has_its_twin(folder):
    stems = sorted(path.stem for path in folder.iterdir())
    assert stems == ["bug", "fixed"]


def test_every_bug_is_expected():
    assert {name_of(path) for path in SOURCES if path.stem == "bug"} == {
        entry["file"] for entry in EXPECTED
    }
