# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Indexes the sources of one test and prints rows of the store's views, to be FileChecked.

    // RUN: %rows_c %s call_edge slot_value | %verify
    // RUN: rm -rf %t && split-file --leading-lines %s %t && %rows_cpp %t function | %verify

Sources are a file or a folder, as for check_one.py. Rows come in the order of the lines they talk
about, so that a CHECK stands beside its line; those without a place come last, sorted. Places
outside the test's own sources are left out. In a folder a row begins with its file's name.

    call_edge        LINE:COLUMN: caller -> callee kind [via slot]
    indirect_call    LINE:COLUMN: caller calls through slot
    unresolved_call  LINE: caller calls the unknown: reason
    function         LINE: qualified_name linkage [declared], mangled
    usr              LINE: qualified_name usr, without the test's folder
    slot             LINE: slot kind
    slot_value       LINE: slot = function
    address_taken    LINE: holder mentions function
    label            LINE: function is label origin
    slot_label       slot is label
    macro_use        LINE: function uses macro
    unit             file status: reason

--sql "SELECT ..." prints any query instead, columns joined by " | ".
"""

import argparse
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
import check_one  # noqa: E402

# The place, and the text after it.
VIEWS = {
    "call_edge": "SELECT file, line, column, coalesce(caller, '(initializer)') || ' -> ' || callee"
    " || ' ' || kind || coalesce(' via ' || via, '') FROM call_edge",
    "indirect_call": "SELECT file, line, column, coalesce(caller, '(initializer)')"
    " || ' calls through ' || coalesce(slot, 'an expression') FROM indirect_call",
    "unresolved_call": "SELECT file, line, NULL, coalesce(caller, '(initializer)')"
    " || ' calls the unknown: ' || reason FROM unresolved_call",
    "function": "SELECT file, line, NULL, qualified_name || ' ' || linkage ||"
    " CASE WHEN defined THEN '' ELSE ' declared' END || ', ' || mangled FROM function",
    "usr": "SELECT file, line, NULL, qualified_name || ' ' || usr FROM function",
    "slot": "SELECT file, line, NULL, name || ' ' || kind FROM slot",
    "slot_value": "SELECT file, line, NULL, slot || ' = ' || function FROM slot_value",
    "address_taken": "SELECT file, line, NULL, holder || ' mentions ' || function"
    " FROM address_taken",
    "label": "SELECT file, line, NULL, function || ' is ' || label || ' ' || origin FROM label",
    "slot_label": "SELECT NULL, NULL, NULL, slot || ' is ' || label FROM slot_label",
    "macro_use": "SELECT file, line, NULL, function || ' uses ' || macro FROM macro_use",
    "unit": "SELECT NULL, NULL, NULL, file || ' ' || status || coalesce(': ' || reason, '')"
    " FROM unit",
}


def place_of(file, line, column, root):
    """Where a row stands, as it is printed; None outside the test."""
    if file is None:
        return ""
    own = file == root if os.path.isfile(root) else file.startswith(root + os.sep)
    if not own:
        return None
    name = "" if os.path.isfile(root) else os.path.relpath(file, root) + ":"
    return f"{name}{line}:{f'{column}:' if column is not None else ''} "


def rows_of(database, views, root):
    folder = os.path.dirname(root) if os.path.isfile(root) else root
    rows = []
    for number, view in enumerate(views):
        for file, line, column, text in database.execute(VIEWS[view]):
            place = place_of(file, line, column, root)
            if place is not None:
                order = (line is None, line or 0, column or 0, number, text)
                rows.append((order, (place + text).replace(folder + os.sep, "")))
    return [text for _, text in sorted(rows)]


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", help="a source file, or a folder made by split-file")
    parser.add_argument("views", nargs="*", choices=[*VIEWS, []], metavar="VIEW")
    parser.add_argument("--lockvet", required=True)
    parser.add_argument("--annotations", required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--language", choices=check_one.STANDARDS, required=True)
    parser.add_argument("--work", required=True, help="a folder to be made anew")
    parser.add_argument("--arg", action="append", default=[], metavar="FLAG",
                        help="a further compiler flag, as --arg=-DX")  # fmt: skip
    parser.add_argument("--sql", action="append", default=[], help="a query to print")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse_arguments(arguments)
    options.source = os.path.realpath(options.source)
    options.config = None
    units, _ = check_one.sources_of(options.source)
    work, root = check_one.prepare(options, units)
    store = os.path.join(work, "lockvet.db")
    index = [options.lockvet, "index", "-p", work, "--db", store, "-j", "1", "--progress", "none"]
    check_one.run(index, root, {0})
    database = sqlite3.connect(store)
    for row in rows_of(database, options.views, options.source):
        print(row)
    for query in options.sql:
        for row in database.execute(query):
            text = " | ".join("NULL" if value is None else str(value) for value in row)
            print(text.replace(root + os.sep, ""))


if __name__ == "__main__":
    main(sys.argv[1:])
