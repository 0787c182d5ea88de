# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What Tab offers: commands, options, kinds of edges, labels, names and files."""

from __future__ import annotations

import os
import re
from typing import Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from vrc import _native, syntax
from vrc.errors import Error
from vrc.syntax import Token

#: More cannot be read; a further character brings the rest.
_MOST = 100
_PLAIN_NAME = re.compile(r"(?:\w|::)+")
#: An option, and perhaps the beginning of a list.
_OPTION_BEFORE = re.compile(r"\s(--[\w-]+)(?:=|\s+)(?:\w+,)*$")
#: Operands that are no functions, and that nobody can complete here.
_NOT_NAMES = ("RULE", "SELECT", "label", "")
_TOPICS = ("specs", "paths")


class CommandCompleter(Completer):
    def __init__(self, session: _native.Session) -> None:
        self._session = session

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        text = document.text_before_cursor
        found = syntax.tokens(text)
        last = found[-1] if found else Token("blank", 0, "")
        words = [token for token in found if token.kind != "blank"]
        if not words or words[-1].kind == "command" and last.kind == "command":
            return _fuzzy(((name, entry[1]) for name, entry in syntax.COMMANDS.items()),
                          last.text.strip())  # fmt: skip
        return self._operand(text, words, last)

    def _operand(
        self, text: str, words: list[Token], last: Token
    ) -> Iterable[Completion]:
        command = words[0].text
        if command not in syntax.COMMANDS or last.kind in ("comment", "regex"):
            return ()
        if last.kind == "option":
            options = ((name, help) for name, _, help in syntax.COMMANDS[command][2])
            return _fuzzy(options, last.text)
        # The word that is typed, empty behind a blank or an operator.
        word = "" if last.kind in ("blank", "operator") else last.text
        before = [token for token in words if token.start < last.start or word == ""]
        value = _value_of_option(command, text[: len(text) - len(word)])
        if value == "KINDS":
            kinds = (*_native.EDGE_KINDS, "all")
            return _fuzzy(((kind, "") for kind in kinds), word)
        if value not in (None, "SPEC"):
            return ()
        if command == "help":
            topics = [(name, entry[1]) for name, entry in syntax.COMMANDS.items()]
            return _fuzzy([*topics, *((topic, "the query language") for topic in _TOPICS)], word)
        if syntax.takes_files(command):
            return _files(word, directories_only=command == "cd")
        if last.kind == "step":
            return _fuzzy(((step, "") for step in syntax.STEPS), word[1:])
        if _open_brackets(before) > 0 and last.kind != "string":
            return self._labels(word)
        wanted = _operand_at(command, len(before) - 1)
        if "LABEL" in wanted:
            return self._labels(word)
        return () if wanted.strip("[].") in _NOT_NAMES else self._names(word)

    def _labels(self, word: str) -> Iterator[Completion]:
        for label in self._session.similar_labels(word, _MOST):
            yield Completion(label, -len(word))

    def _names(self, word: str) -> Iterator[Completion]:
        is_quoted = word.startswith('"')
        pattern = word.strip('"').replace("\\", "")
        for name in self._session.similar_names(pattern, _MOST):
            yield Completion(_written(name, is_quoted), -len(word), display=name,
                             display_meta=self._place(name))  # fmt: skip

    def _place(self, name: str) -> str:
        nodes = self._session.named(name)
        if len(nodes) > 1:
            return f"{len(nodes)} functions"
        try:
            place = self._session.node(nodes[0])[3] if nodes else None
        except Error:
            return ""
        return f"{os.path.basename(place[0])}:{place[1]}" if place else ""


def _written(name: str, is_quoted: bool) -> str:
    """A name as a query has it."""
    if not is_quoted and _PLAIN_NAME.fullmatch(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _fuzzy(candidates: Iterable[tuple[str, str]], word: str) -> Iterator[Completion]:
    """Beginnings first, then what has the characters in this order."""
    pattern = re.compile(".*?".join(map(re.escape, word)), re.I)
    matches = []
    for text, help in candidates:
        if match := pattern.search(text):
            matches.append((not text.startswith(word), match.end() - match.start(), text, help))
    for _, _, text, help in sorted(matches):
        yield Completion(text, -len(word), display_meta=help)


def _operand_at(command: str, index: int) -> str:
    """What the help calls the operand; the last one may stand for many."""
    operands = syntax.COMMANDS[command][0].split()
    return operands[min(index, len(operands) - 1)] if operands else ""


def _value_of_option(command: str, text: str) -> str | None:
    """What the option at the end of the text wants as its value, if it waits for one."""
    match = _OPTION_BEFORE.search(text)
    values = {name: value for name, value, _ in syntax.COMMANDS[command][2]}
    return values.get(match.group(1)) or None if match else None


def _open_brackets(before: list[Token]) -> int:
    operators = [token.text for token in before if token.kind == "operator"]
    return operators.count("[") - operators.count("]")


def _files(word: str, directories_only: bool) -> Iterator[Completion]:
    pattern = word.strip('"')
    folder, start = os.path.split(pattern)
    try:
        scan = os.scandir(folder or ".")
        entries = sorted(scan, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        is_folder = entry.is_dir()
        if not entry.name.startswith(start) or (entry.name.startswith(".") and not start):
            continue
        if directories_only and not is_folder:
            continue
        path = os.path.join(folder, entry.name) + ("/" if is_folder else "")
        needs_quotes = word.startswith('"') or re.search(r'[\s"]', path)
        yield Completion(_written(path, True) if needs_quotes else path, -len(word),
                         display=entry.name + ("/" if is_folder else ""))  # fmt: skip
