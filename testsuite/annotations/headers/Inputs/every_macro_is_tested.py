# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names the public macros that no test uses: every_macro_is_tested.py INCLUDE-DIR SUITE-DIR"""

import pathlib
import re
import sys

include, suite = map(pathlib.Path, sys.argv[1:])
defined = {
    name
    for header in (include / "lockvet").iterdir()
    for name in re.findall(r"^#define (\w+)", header.read_text(), re.MULTILINE)
    if not name.startswith(("LV_IMPL_", "LOCKVET_"))
}
used = set()
for test in suite.rglob("*"):
    if test.suffix in (".c", ".cpp", ".h", ".hpp"):
        # What only a comment mentions isn't tested.
        used.update(re.findall(r"\w+", re.sub(r"//.*", "", test.read_text())))
untested = sorted(defined - used)
if not defined or untested:
    sys.exit(f"no test uses {', '.join(untested)}" if defined else f"no macros in {include}")
