# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which files are the project's, and of what kind each is.

A check is a function (path, text) -> list of problems; path is relative to the project's top. That
makes it as easy to hold against a text that a test made up as against the project.
"""

import os
import subprocess

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))

C_FAMILY = (".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp")
HEADERS = (".h", ".hh", ".hpp")

# Suites whose .c and .cpp are read by what they test: comments in them are data, and so is their
# layout. They say what they are for in place of a licence, as the tests of LLVM do.
LIT_SUITES = tuple(f"testsuite/{suite}/" for suite in ("analyzer", "annotations", "cli", "vrc"))


def files():
    """Every file that is in git or would be at `git add`, sorted. A release's archive has no git:
    there it is every file but those of a build."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={TOP}", "-C", TOP, "ls-files", "-z", "--cached", "--others",
         "--exclude-standard"],
        capture_output=True, check=False, encoding="utf-8")  # fmt: skip
    if listed.returncode == 0:
        names = listed.stdout.split("\0")
    else:
        names = [os.path.relpath(os.path.join(folder, name), TOP)
                 for folder, _, names in os.walk(TOP) for name in names]  # fmt: skip
        names = [name for name in names if not name.startswith(("build/", ".git/"))]
    return sorted(name for name in names if name and os.path.isfile(os.path.join(TOP, name)))


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def is_lit_test(path):
    return path.startswith(LIT_SUITES)


def is_c_family(path):
    return path.endswith(C_FAMILY)


def is_header(path):
    return path.endswith(HEADERS)


def is_python(path):
    return path.endswith(".py")


def is_shell(path, text):
    return text.startswith(("#!/usr/bin/env bash\n", "#!/bin/bash\n", "#!/bin/sh\n"))


def is_cmake(path):
    return path.endswith((".cmake", "CMakeLists.txt"))


def is_web(path):
    return path.endswith((".js", ".css"))


def is_source(path, text):
    """What a person wrote as a program, in any language."""
    is_program = is_c_family(path) or is_python(path) or is_shell(path, text)
    return is_program or is_cmake(path) or is_web(path)


def problems_of(check, paths=None):
    """The check held against the project, or the given part of it."""
    found = []
    for path in files() if paths is None else paths:
        found += check(path, read(path))
    return found
