# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Command lines taken apart, as far as highlighting, completion and multi-line input need it. What
a line means is for vrc/query and vrc/command to say; this never fails, however wrong a line is."""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple

from vrc import _native

STEPS = ("all_callees", "all_callers", "callees", "callers")

#: name -> (operands, summary, options)
COMMANDS = {name: (operands, summary, options)
            for name, operands, summary, options in _native.commands()}  # fmt: skip


class Token(NamedTuple):
    #: command, option, name, label, string, regex, step, operator, word, comment or blank
    kind: str
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


_BLANK = re.compile(r"\s+|\\\n")
_NOT_BLANK = re.compile(r"\S+")
_STRING = re.compile(r'"(?:\\.|[^"\\])*"?', re.S)
_REGEX = re.compile(r"/(?:\\.|[^/\\])*/?", re.S)
_OPTION = re.compile(r"--[\w-]*")
_DOTS = re.compile(r"\.\.\.")
_STEP = re.compile(r":(?!:)\w*")
_NAME = re.compile(r"(?:[\w.$~-]|::)+")
_LABEL = re.compile(rf"file:[^\s,|\]]*|[\w.$~-]+(?::(?!(?:{'|'.join(STEPS)})\b)[\w.$~-]*)*")


def takes_files(command: str) -> bool:
    """Its operands are files or directories, which may hold any characters."""
    operands = COMMANDS.get(command, ("", "", []))[0]
    return any(word in operands for word in ("FILE", "DIR", "STORE"))  \
        and not operands.startswith("NAME")


def tokens(line: str) -> list[Token]:
    """All of the line, blanks included."""
    return list(_scan(line))


def _scan(line: str) -> Iterator[Token]:
    at = 0
    command = ""
    brackets = 0
    while at < len(line):
        if match := _BLANK.match(line, at):
            kind = "blank"
        elif not command:
            if line[at] == "#":
                yield Token("comment", at, line[at:])
                return
            match = _NOT_BLANK.match(line, at)
            assert match
            command = match.group()
            kind = "command"
        else:
            kind, match = _operand(line, at, command, brackets)
        if match is None:
            brackets += (line[at] == "[") - (line[at] == "]" and brackets > 0)
            yield Token("operator", at, line[at])
            at += 1
            continue
        yield Token(kind, at, match.group())
        at = match.end()


def _operand(line: str, at: int, command: str, brackets: int) -> tuple[str, re.Match[str] | None]:
    """What begins there; no match is one character, an operator."""
    before = line[at - 1]
    after_blank = before.isspace()
    if line[at] == '"':
        return "string", _STRING.match(line, at)
    if brackets == 0 and after_blank and (match := _OPTION.match(line, at)):
        return "option", match
    if takes_files(command) or command == "help":
        return "word", _NOT_BLANK.match(line, at)
    if line[at] == "/" and (brackets or after_blank or before in "!(|"):
        return "regex", _REGEX.match(line, at)
    if match := _DOTS.match(line, at):
        return "operator", match
    if brackets and (match := _LABEL.match(line, at)):
        return "label", match
    if match := _STEP.match(line, at):
        return "step", match
    return "name", _NAME.match(line, at)


def is_incomplete(text: str) -> bool:
    """More lines must follow: a bracket is open, or the text ends in a backslash. An empty last
    line ends it whatever is open, so that nobody is caught."""
    if text.endswith("\n"):
        return False
    if text.endswith("\\"):
        return True
    depth = 0
    for token in tokens(text):
        if token.kind == "operator":
            depth += (token.text in "[(") - (token.text in "])")
    return depth > 0


def commands_in(text: str) -> list[str]:
    """The command lines of a text of several lines; the lines of one command are joined, each
    character at its place."""
    commands = []
    pending = ""
    for line in text.split("\n"):
        pending = f"{pending}\n{line}" if pending else line
        if not is_incomplete(pending) or not line:
            commands.append(pending.rstrip())
            pending = ""
    commands.append(pending)
    joined = (command.replace("\\\n", "  ").replace("\n", " ") for command in commands)
    return [command for command in joined if command.strip()]


def split_pipe(line: str) -> tuple[str, str | None]:
    """A command and the shell command behind ``|>``, which no query has."""
    found = tokens(line)
    for bar, arrow in zip(found, found[1:]):
        if (bar.text, arrow.text) == ("|", ">"):
            return line[: bar.start].rstrip(), line[arrow.end :].strip()
    return line, None
