# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mistakes.py VRC FILE: runs each command of the file, which must fail as the line below it says:
the message behind the caret, and the caret in its column."""

import subprocess
import sys

with open(sys.argv[2], encoding="utf-8") as file:
    lines = file.read().splitlines()
failures = 0
for command, expected in zip(lines[::2], lines[1::2]):
    done = subprocess.run(
        [sys.argv[1], "-c", command], capture_output=True, check=False, encoding="utf-8"
    )
    caret, message = expected.split("^ ", 1)
    wanted = ["  " + command, "  " + caret + "^"]
    printed = done.stderr.splitlines()
    if (
        done.returncode != 2
        or done.stdout
        or printed[1:] != wanted
        or not printed[0].startswith("error: " + message)
    ):
        failures += 1
        print(f"for '{command}' expected '{message}' at column {len(caret)}, status 2, but got")
        print(f"status {done.returncode}\n{done.stdout}{done.stderr}")
sys.exit(failures != 0)
