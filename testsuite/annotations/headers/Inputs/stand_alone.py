# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles each annotation header by itself: stand_alone.py INCLUDE-DIR COMPILER [OPTION...]"""

import pathlib
import subprocess
import sys

include = pathlib.Path(sys.argv[1])
command = sys.argv[2:] + [f"-I{include}", "-fsyntax-only", "-"]
command += ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wundef", "-Werror"]
suffixes = (".h", ".hpp") if "c++" in command else (".h",)

headers = [path for path in sorted((include / "lockvet").iterdir()) if path.suffix in suffixes]
if not headers:
    sys.exit(f"no headers in {include}/lockvet")
failed = False
for header in headers:
    # The declaration is there since C has no empty translation units.
    text = f"#include <lockvet/{header.name}>\n" * 2 + "extern int not_empty;\n"
    for macros in ([], ["-D__LOCKVET__"]):
        failed |= subprocess.run(command + macros, input=text, text=True).returncode != 0
sys.exit(failed)
