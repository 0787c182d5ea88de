# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scripts: what is run is executable and starts strict, and shellcheck has nothing to say."""

import os
import re
import shutil
import subprocess

import project


def strict(path, text):
    """An unset variable or a failed command must not go unnoticed."""
    if not project.is_shell(path, text):
        return []
    if not re.search(r"^set -euo pipefail$", text, re.M):
        return [f"{path}: a script must say 'set -euo pipefail'"]
    return []


def executable(path, text):
    """A file that names its interpreter can be run, and a script without a suffix is such a one."""
    mode = os.stat(os.path.join(project.TOP, path)).st_mode
    if text.startswith("#!") != bool(mode & 0o111):
        return [f"{path}: the executable bit and a first line '#!...' belong together"]
    return []


def shellcheck(path, text):
    if not project.is_shell(path, text):
        return []
    program = shutil.which("shellcheck")
    if not program:
        return [f"{path}: shellcheck is not installed; run scripts/install-dependencies"]
    done = subprocess.run([program, "--format", "gcc", "--external-sources", "-"],
                          input=text, capture_output=True, check=False, encoding="utf-8",
                          cwd=os.path.join(project.TOP, os.path.dirname(path)))  # fmt: skip
    return [line.replace("-:", f"{path}:", 1) for line in done.stdout.splitlines()]
