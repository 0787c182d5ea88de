# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""query.py STORE SQL: prints the rows, columns apart by a space."""

import sqlite3
import sys

for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
    print(*row)
