# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The project holds to its shape, and each of these checks can fail."""

import project
import pytest
import shape

SPDX = f"// {shape.LICENCE}\n"
HEADER = SPDX + "//\n// Reads the one thing that it is for.\n\n#pragma once\n"

CHECKS = [
    shape.length, shape.width, shape.licence, shape.opening, shape.unfinished, shape.white_space,
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_project(check):
    problems = project.problems_of(check)
    assert not problems, "\n" + "\n".join(problems)


def test_length_counts_lines():
    assert not shape.length("a.cpp", "\n" * 800)
    assert shape.length("a.cpp", "\n" * 801)
    assert not shape.length("data.json", "\n" * 801)


def test_width_counts_characters():
    assert not shape.width("a.py", "x" * 100 + "\n")
    assert shape.width("a.py", "x\n" + "x" * 101 + "\n") == [
        "a.py:2: the line has 101 columns; 100 is the limit"
    ]
    assert not shape.width("a.h", "é" * 100 + "\n")
    assert shape.width("scripts/run", "#!/bin/sh\n" + "x" * 101 + "\n")
    assert not shape.width("notes.md", "x" * 101 + "\n")


def test_width_leaves_out_what_cant_be_broken():
    long = "x" * 101
    assert not shape.width("a.cpp", f'f(R"({long}\n{long})");\nint y;\n')
    assert shape.width("a.cpp", f'f(R"(x\n\n)");\n{long}\n')[0].startswith("a.cpp:4: ")
    assert not shape.width("a.cpp", f'R"X({long})")X";\n')
    assert not shape.width("a.py", "x" * 100 + "  # fmt: skip\n")
    assert shape.width("a.py", long + "  # fmt: skip\n")


def test_licence_stands_at_the_top():
    assert not shape.licence("a.cpp", SPDX + "int x;\n")
    assert not shape.licence("run", "#!/usr/bin/env bash\n# " + shape.LICENCE + "\n")
    assert shape.licence("run", "#!/usr/bin/env bash\necho\n")
    assert shape.licence("a.cpp", "int x;\nint y;\n" + SPDX)
    assert shape.licence("a.cpp", SPDX.replace("Apache-2.0", "MIT"))
    assert shape.licence("a.js", "f();\n") and shape.licence("a.css", "p {}\n")
    assert not shape.licence("testsuite/analyzer/a.c", "int x;\n")


def test_header_opens_with_its_purpose():
    assert not shape.opening("a.h", HEADER)
    assert shape.opening("a.h", SPDX + "\n#pragma once\n// Reads the one thing that it is for.\n")
    assert shape.opening("a.h", SPDX + "//\n// Foo.\n#pragma once\n")
    assert not shape.opening("a.cpp", SPDX)
    block = f"/* {shape.LICENCE}\n *\n * What locks are annotated with.\n */\n#ifndef A\n"
    assert not shape.opening("a.h", block)


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "XX" + "X"])
def test_unfinished_words(word):
    assert shape.unfinished("a.c", f"int x;\n// {word}: more\n")[0].startswith("a.c:2: ")
    assert not shape.unfinished("a.c", f"int A{word}B;\n")


def test_white_space_at_the_end():
    assert not shape.white_space("a.c", "int x;\n\nint y;\n")
    assert shape.white_space("a.c", "int x; \n")
    assert shape.white_space("a.c", "int x;")
