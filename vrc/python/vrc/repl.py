# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The interactive ``vrc``: a prompt with completion, history, highlighting and several lines."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Callable

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, has_focus
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.styles import Style

from vrc import _native, pager, syntax
from vrc.completer import CommandCompleter
from vrc.errors import Error

_STYLE = Style.from_dict({
    "command": "bold",
    "unknown": "ansired",
    "option": "ansicyan",
    "label": "ansigreen",
    "string": "ansiyellow",
    "regex": "ansimagenta",
    "step": "ansiblue",
    "operator": "bold",
    "comment": "italic",
})  # fmt: skip


class Repl:
    def __init__(self, session: _native.Session, form: str) -> None:
        self._session = session
        self._format = form
        self._prompt: PromptSession[str] = PromptSession(
            message="(vrc) ",
            completer=CommandCompleter(session),
            complete_style=CompleteStyle.COLUMN,
            complete_while_typing=False,
            enable_history_search=True,
            history=_history(),
            key_bindings=_keys(),
            lexer=_CommandLexer(),
            multiline=Condition(self._has_lines),
            prompt_continuation="  ...  ",
            style=_STYLE,
        )

    def _has_lines(self) -> bool:
        return "\n" in self._prompt.default_buffer.text

    def run(self) -> int:
        while not self._session.wants_to_quit:
            try:
                text = self._prompt.prompt()
            except KeyboardInterrupt:
                continue
            except EOFError:
                break
            for line in syntax.commands_in(text):
                if line.lstrip().startswith("#"):
                    continue
                if self._session.wants_to_quit or not self._execute(line):
                    break
        return 0

    def _execute(self, line: str) -> bool:
        command, program = syntax.split_pipe(line)
        try:
            with_colour = program is None and _wants_colour()
            text = self._session.show(command, self._format, os.getcwd(), with_colour)
            if program is not None:
                pager.pipe(text, program)
            else:
                pager.show(text)
            return True
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
        except (Error, OSError) as error:
            print(f"error: {error}", file=sys.stderr)
        return False


class _CommandLexer(Lexer):
    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        lines: list[StyleAndTextTuples] = [[]]
        for token in syntax.tokens(document.text):
            kind = token.kind
            if kind == "command" and token.text not in syntax.COMMANDS:
                kind = "unknown"
            style = f"class:{kind}"
            first, *rest = token.text.split("\n")
            lines[-1].append((style, first))
            lines.extend([(style, text)] for text in rest)
        return lambda number: lines[number] if number < len(lines) else []


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter", filter=has_focus(DEFAULT_BUFFER))
    def accept(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state and buffer.complete_state.current_completion:
            buffer.complete_state = None
        elif syntax.is_incomplete(buffer.text):
            buffer.insert_text("\n")
        else:
            buffer.validate_and_handle()

    @keys.add("tab", filter=has_focus(DEFAULT_BUFFER))
    def complete(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state:
            buffer.complete_next()
            return
        # A fuzzy match replaces what was typed, so one that is alone is taken at once.
        wanted = CompleteEvent(completion_requested=True)
        found = list(buffer.completer.get_completions(buffer.document, wanted))
        if len(found) == 1:
            buffer.apply_completion(found[0])
        elif found:
            buffer.start_completion(insert_common_part=True)

    return keys


def _history() -> History:
    """In the user's state directory; where that cannot be written, of this session only."""
    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    path = Path(state) / "lockvet" / "vrc_history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a"):
            pass
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))


def _wants_colour() -> bool:
    return (sys.stdout.isatty() and not os.environ.get("NO_COLOR")
            and os.environ.get("TERM", "dumb") != "dumb")  # fmt: skip
