# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A program in a pseudo-terminal, and what a person would see of it."""

import os
import time

import pexpect
import pyte


class Terminal:
    """Keys go in, and the screen comes out as lines of text."""

    def __init__(self, command, *, folder, rows=30, columns=100, environment=None):
        self.screen = pyte.Screen(columns, rows)
        self.screen.write_process_input = self._answer
        self._stream = pyte.ByteStream(self.screen)
        # The state, and so the history, is the folder's own.
        clean = {**os.environ, "TERM": "xterm", "XDG_STATE_HOME": str(folder / "state"),
                 "PROMPT_TOOLKIT_COLOR_DEPTH": "DEPTH_1_BIT", "LESS": "X"}
        for name in ("PAGER", "NO_COLOR", "PYTHONPATH"):
            clean.pop(name, None)
        self.child = pexpect.spawn(command[0], command[1:], cwd=str(folder), timeout=30,
                                   dimensions=(rows, columns), env={**clean, **(environment or {})})
        self.seen = b""

    def _answer(self, text):
        """The program asks the terminal where its cursor is."""
        self.child.send(text)

    def send(self, keys):
        self.child.send(keys)

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def read(self):
        try:
            data = self.child.read_nonblocking(65536, timeout=0.05)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return
        self.seen += data
        self._stream.feed(data)

    def wait(self, condition, *, seconds=30):
        """Until the screen's text fulfils the condition: a string in it, or a function of it."""
        if isinstance(condition, str):
            wanted = condition
            condition = lambda text: wanted in text  # noqa: E731
        deadline = time.monotonic() + seconds
        while not condition(self.text()):
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {seconds} s; the screen is\n{self.text()}")
            self.read()
        return self.text()

    def line(self):
        """The line with the cursor."""
        return self.screen.display[self.screen.cursor.y].rstrip()

    def wait_line(self, start):
        self.wait(lambda text: self.line().startswith(start))

    def prompt(self):
        """Until the prompt is there, with nothing behind it."""
        self.wait(lambda text: self.line() == "(vrc)")

    def run(self, line):
        """Sends a line at the prompt, and gives what the screen shows at the next one."""
        self.prompt()
        self.screen.reset()
        self.send(line + "\r")
        return self.wait(lambda text: line in text and self.line() == "(vrc)")

    def end(self):
        """The exit status, once the program has ended."""
        deadline = time.monotonic() + 30
        while self.child.isalive() and time.monotonic() < deadline:
            self.read()
        self.child.close()
        return self.child.exitstatus
