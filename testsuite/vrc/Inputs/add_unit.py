# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""add_unit.py DATABASE SOURCE OBJECT: adds a unit to a compile_commands.json."""

import json
import sys

database, source, object_file = sys.argv[1:]
with open(database, encoding="utf-8") as file:
    units = json.load(file)
units.append({"directory": units[0]["directory"], "file": source,
              "command": f"cc -c {source} -o {object_file}"})  # fmt: skip
with open(database, "w", encoding="utf-8") as file:
    json.dump(units, file)
