# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Output that is longer than the screen goes through $PAGER."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys


def show(text: str) -> None:
    """Prints a text, by way of the pager if it does not fit on the terminal."""
    pager = _pager() if sys.stdout.isatty() and not _fits(text) else []
    # What is no UTF-8 in other people's sources comes as surrogates.
    data = text.encode(errors="surrogateescape")
    if pager and _feed(pager, data):
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def pipe(text: str, command: str) -> None:
    """Gives a text to a command of the shell."""
    _feed(["/bin/sh", "-c", command], text.encode(errors="surrogateescape"))


def _fits(text: str) -> bool:
    columns, rows = shutil.get_terminal_size()
    needed = 0
    for line in text.splitlines():
        needed += max(1, -(-len(line) // columns))
        if needed >= rows:
            return False
    return True


def _pager() -> list[str]:
    """Empty for none: PAGER is empty, or nothing is installed."""
    wanted = os.environ.get("PAGER")
    if wanted is not None:
        return shlex.split(wanted)
    return next(([name] for name in ("less", "more") if shutil.which(name)), [])


def _feed(program: list[str], data: bytes) -> bool:
    """False if the program cannot be started."""
    # As git has it: colours pass, and what was shown stays on the screen.
    environment = {"LESS": "FRX", **os.environ}
    # Ctrl-C is for the program; it must not end this one meanwhile.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        child = subprocess.Popen(program, stdin=subprocess.PIPE, env=environment,
                                 preexec_fn=_interruptible)  # fmt: skip
        try:
            child.communicate(data)
        except BrokenPipeError:
            child.wait()
        return True
    except OSError as error:
        print(f"{program[0]}: {error.strerror}", file=sys.stderr)
        return False
    finally:
        signal.signal(signal.SIGINT, before)


def _interruptible() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
