# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The project's scripts are in order, and each of these checks can fail."""

import project
import pytest
import scripts

START = "#!/usr/bin/env bash\n"


@pytest.mark.parametrize(
    "check", [scripts.strict, scripts.executable, scripts.shellcheck], ids=lambda c: c.__name__
)
def test_project(check):
    problems = project.problems_of(check)
    assert not problems, "\n" + "\n".join(problems)


def test_there_are_scripts():
    found = [path for path in project.files() if project.is_shell(path, project.read(path))]
    assert {"scripts/demo", "scripts/test", ".ci/run"} <= set(found)


def test_strict():
    assert not scripts.strict("run", START + "\nset -euo pipefail\n")
    assert scripts.strict("run", START + "\nset -e\n")
    assert not scripts.strict("page.md", "text\n")


def test_executable():
    assert not scripts.executable("scripts/test", START)
    assert scripts.executable("scripts/test", "no first line\n")
    assert scripts.executable("CMakeLists.txt", START)


def test_shellcheck():
    assert not scripts.shellcheck("scripts/run", START + 'echo "$1"\n')
    assert scripts.shellcheck("scripts/run", START + "echo $1\n") == [
        "scripts/run:2:6: note: Double quote to prevent globbing and word splitting. [SC2086]"
    ]
