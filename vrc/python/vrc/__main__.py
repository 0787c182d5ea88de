# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""``python3 -m vrc``: the prompt. The program ``vrc`` starts this when it has a terminal and
nothing to run; scripts and -c it does itself, without Python."""

from __future__ import annotations

import argparse
import os
import sys

_FAILED = 2


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="vrc", description="Answers questions about the call graph of an indexed tree."
    )
    parser.add_argument("-C", dest="directory", help="go to this directory first")
    parser.add_argument("--db", help="the store to open; without it lockvet.db if there is one")
    parser.add_argument("--config", default="",
                        help="configuration file; without it the nearest .lockvet.yaml")  # fmt: skip
    parser.add_argument("--profile", default="",
                        help="what to know beforehand, instead of the configuration's profile")
    parser.add_argument("--format", choices=("text", "json", "dot", "svg", "html"), default="text",
                        help="how to print answers")  # fmt: skip
    return parser.parse_args()


def _without(what: str, package: str) -> int:
    """Lets the program that started this read lines plainly."""
    print(f"vrc: {what}, so there is no line editing; install {package}", file=sys.stderr)
    program = os.environ.get("LOCKVET_VRC")
    if not program:
        return _FAILED
    sys.stderr.flush()
    os.execv(program, [program, "--plain", *sys.argv[1:]])


def main() -> int:
    try:
        from vrc import _native
        from vrc.errors import Error
    except ImportError as error:
        return _without(f"the module of Lockvet cannot be loaded ({error})",
                        "the lockvet package that fits this Python")  # fmt: skip
    try:
        from vrc.repl import Repl
    except ImportError as error:
        if not (error.name or "").startswith("prompt_toolkit"):
            raise
        return _without("prompt_toolkit is missing", "python3-prompt-toolkit")
    options = _options()
    try:
        if options.directory:
            os.chdir(options.directory)
        session = _native.Session(options.config, options.profile)
        database = options.db or ("lockvet.db" if os.path.exists("lockvet.db") else None)
        if database:
            session.open(database)
            print(f"{database}: {session.size} functions and pointers. ", end="")
        print("help lists commands, Tab completes, Ctrl-D leaves.")
    except (Error, OSError) as error:
        print(f"vrc: error: {error}", file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        return 130
    return Repl(session, options.format).run()


if __name__ == "__main__":
    sys.exit(main())
