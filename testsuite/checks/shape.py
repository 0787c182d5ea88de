# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The shape of a file: length, width, licence, how a header opens, nothing left to do."""

import re

import project

MOST_LINES = 800
MOST_COLUMNS = 100
LICENCE = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"

# In two halves, so that this file has none itself.
_UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")


def length(path, text):
    lines = text.count("\n")
    if project.is_source(path, text) and lines > MOST_LINES:
        return [f"{path} has {lines} lines; split it, {MOST_LINES} is the limit"]
    return []


# What a raw string holds is data, such as a program that a test reads; it can't be broken.
_RAW_STRING = re.compile(r'(?P<start>R"(?P<mark>[^()\\ ]{0,16})\()(?P<data>.*?)\)(?P=mark)"', re.S)
# A formatter's instruction must stand on the line that it is about.
_INSTRUCTION = re.compile(r"  # fmt: skip$", re.M)


def _without_data(path, text):
    """The text with the same lines, and raw strings empty."""
    if project.is_c_family(path):
        return _RAW_STRING.sub(lambda m: m["start"] + "\n" * m["data"].count("\n"), text)
    return _INSTRUCTION.sub("", text)


def width(path, text):
    if not project.is_source(path, text):
        return []
    text = _without_data(path, text)
    return [
        f"{path}:{number}: the line has {len(line)} columns; {MOST_COLUMNS} is the limit"
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > MOST_COLUMNS
    ]


def _wants_licence(path, text):
    if project.is_lit_test(path) or path.endswith(".cfg.py"):
        return False
    is_program = project.is_c_family(path) or project.is_python(path) or project.is_web(path)
    return is_program or project.is_shell(path, text)


def licence(path, text):
    """The line stands first, or after a script's first line."""
    if _wants_licence(path, text) and not any(LICENCE in line for line in text.splitlines()[:2]):
        return [f"{path}: one of the first two lines must say '{LICENCE}'"]
    return []


def opening(path, text):
    """A header says what it is for before its first line of code."""
    if not project.is_header(path) or project.is_lit_test(path):
        return []
    after_licence = text.split(LICENCE, 1)[-1].split("\n", 1)[-1]
    before_code = re.split(r"^\s*#", after_licence, maxsplit=1, flags=re.M)[0]
    words = re.findall(r"\w+", before_code)
    if len(words) < 4 or not before_code.lstrip().startswith(("//", "/*", "*")):
        return [f"{path}: after the licence, a comment must say what the header is for"]
    return []


def unfinished(path, text):
    if not project.is_source(path, text):
        return []
    return [
        f"{path}:{number}: '{match.group()}' is left in; do it, or file an issue"
        for number, line in enumerate(text.splitlines(), 1)
        for match in [_UNFINISHED.search(line)]
        if match
    ]


def white_space(path, text):
    """No line ends in blanks, no file lacks its last newline; tabs are left to other formats."""
    if not project.is_source(path, text) or not text:
        return []
    found = [
        f"{path}:{number}: the line ends in white space"
        for number, line in enumerate(text.split("\n"), 1)
        if line != line.rstrip()
    ]
    if not text.endswith("\n"):
        found.append(f"{path}: the last line has no newline")
    return found
