# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Who may know whom: includes held against the table in docs/architecture.md.

The table is read from that page, so that page and check can't drift apart. In it

    rules     -> program, config
    facts     ->

a room is a folder below analyzer/ or vrc/, or a folder at the top; one below runtime/ is called
runtime/<folder>. Headers of a library outside the project
belong to the rooms that the second table of the page gives them.
"""

import os
import re

import project

PAGE = "docs/architecture.md"

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+[<"]([^>"]+)[>"]', re.M)
_BLOCK = re.compile(r"^```(?P<name>\w+)\n(?P<body>.*?)^```", re.M | re.S)
_ROW = re.compile(r"^(?P<left>\S+)\s*->\s*(?P<right>.*)$")


class PageError(Exception):
    """The page lacks a table, or a row of it can't be read."""


def table(text, name):
    """The rows of the block that begins with ```name, as {left: set of right}."""
    blocks = [match["body"] for match in _BLOCK.finditer(text) if match["name"] == name]
    if len(blocks) != 1:
        raise PageError(f"{PAGE} must have one block ```{name}, it has {len(blocks)}")
    rows = {}
    for line in blocks[0].splitlines():
        row = _ROW.match(line)
        if not row:
            raise PageError(f"{PAGE}: '{line}' is no row 'room -> rooms' of ```{name}")
        if row["left"] in rows:
            raise PageError(f"{PAGE}: two rows of ```{name} begin with '{row['left']}'")
        rows[row["left"]] = set(re.findall(r"[^\s,]+", row["right"]))
    unknown = set().union(*rows.values()) - set(rows)
    if name == "rooms" and unknown:
        raise PageError(f"{PAGE}: no row for {', '.join(sorted(unknown))}")
    return rows


def room_of(path, rows):
    """The room that a file is in, or None. An included header's path works as well."""
    if path.startswith("lockvet/"):  # as users include the annotations
        path = f"annotations/include/{path}"
    folders = path.split("/")[:-1]
    if folders[:1] == ["runtime"]:
        folders = ["/".join(folders[:2])]
    elif folders[:1] in (["analyzer"], ["vrc"]):
        folders = folders[1:]
    return folders[0] if folders and folders[0] in rows else None


def resolved(path, included, exists):
    """What a quoted or angled name means, as a path from the top of the project."""
    beside = os.path.normpath(os.path.join(os.path.dirname(path), included))
    return beside if exists(beside) else os.path.normpath(included)


def arrows(page, exists=lambda path: os.path.exists(os.path.join(project.TOP, path))):
    """A check that knows the page's tables."""
    rooms = table(page, "rooms")
    libraries = table(page, "libraries")

    def check(path, text):
        room = room_of(path, rooms)
        if room is None or not project.is_c_family(path) or project.is_lit_test(path):
            return []
        found = []
        for name in _INCLUDE.findall(text):
            target = resolved(path, name, exists)
            other = room_of(target, rooms)
            if other is not None:
                if other != room and other not in rooms[room]:
                    found.append(f"{path}: '{room}' may not know '{other}', and includes {name}")
                continue
            for prefix, owners in libraries.items():
                if (name == prefix or name.startswith(prefix + "/")) and room not in owners:
                    found.append(f"{path}: only {', '.join(sorted(owners))} may include {name}")
        return found

    return check


def without_row(page, paths):
    """Rooms that exist as folders and that the page does not know."""
    rooms = table(page, "rooms")
    there = {
        path.split("/")[1]
        for path in paths
        if path.startswith(("analyzer/", "vrc/")) and path.count("/") >= 2
    }
    there |= {
        "/".join(path.split("/")[:2])
        for path in paths
        if path.startswith("runtime/") and path.count("/") >= 2 and project.is_c_family(path)
    }
    return sorted(there - set(rooms))


def cycles(page):
    """Rooms that can reach themselves; the table must not allow it."""
    rooms = table(page, "rooms")

    def reached(start):
        seen, todo = set(), list(rooms[start])
        while todo:
            room = todo.pop()
            if room not in seen:
                seen.add(room)
                todo += rooms[room]
        return seen

    return sorted(room for room in rooms if room in reached(room))
