#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Takes a part of the markers out of a tree's sources, to see which of them inference puts back.

    remove_markers.py --marker coroutine_fn --marker GRAPH_RDLOCK --fraction 0.33 --seed 1 \
        --record removed.json block include/block
    remove_markers.py --compare removed.json

A marker is a word in front of a function's or pointer's name. Its subject is that name: in the
whole tree, or, of a static function, in its file. A subject loses a marker on all of its
declarations at once, so that none of them gives it away. A --statement is a marker that is called
in a body, "GLOBAL_STATE_CODE" of "GLOBAL_STATE_CODE();"; its subject is the function around it, in
its file. --record keeps which were removed; with --compare the tree, as it is now, is held against
them: what came back, and what is there that never was.
"""

import argparse
import collections
import json
import os
import random
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL)
SUFFIXES = (".c", ".h", ".cc", ".cpp", ".hpp")


def sources(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for root, _, names in os.walk(path):
            yield from (os.path.join(root, name) for name in sorted(names)
                        if name.endswith(SUFFIXES))  # fmt: skip


def blanked(text):
    """The text with comments, literals and macro definitions turned to blanks, offset by offset."""
    text = COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    define = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.)*(?:\\\n(?:[^\n\\]|\\.)*)*",
                        re.MULTILINE | re.DOTALL)  # fmt: skip
    return define.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def occurrences(text, markers):
    """Markers in a text with the names that they stand on: (marker, name, start, end)."""
    clean = blanked(text)
    word = "|".join(map(re.escape, markers))
    # Up to the first bracket or the end of the declaration; "(*name" is a pointer.
    behind = re.compile(r"[\s*\w]*?(?:\(\s*\*+\s*(?:const\s+)?(\w+)"
                        r"|\b(\w+)\s*(?=[;,)=\[]|\((?!\s*\*)))")  # fmt: skip
    for match in re.finditer(rf"\b(?:{word})\b", clean):
        named = behind.match(clean, match.end())
        if named:
            yield match.group(), named.group(1) or named.group(2), match.start(), match.end()


def statements(text, markers):
    """Statements on lines of their own, with the functions around them: (marker, name, start, end).

    A body begins with a brace at the start of a line, as the functions of C do.
    """
    clean = blanked(text)
    word = "|".join(map(re.escape, markers))
    for match in re.finditer(rf"^[ \t]*({word})\(\);[ \t]*\n", clean, re.MULTILINE):
        body = clean.rfind("\n{", 0, match.start())
        head = clean[max(clean.rfind(mark, 0, body) for mark in ";}") + 1 : body]
        named = re.search(r"\b(\w+)\s*\(", re.sub(r"__attribute__\s*\(\(.*?\)\)", "", head))
        if body >= 0 and named:
            yield match.group(1), named.group(1), match.start(), match.end()


def is_static(text, start):
    """Does the declaration around an offset begin with `static`?"""
    begin = max(text.rfind(mark, 0, start) for mark in ";}{") + 1
    return re.search(r"\bstatic\b", text[begin:start]) is not None


def collect(paths, markers, of_bodies):
    """Subjects with their markers: (marker, name, file or "") -> [(file, start, end)]."""
    found = collections.defaultdict(list)
    for path in paths:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
        clean = blanked(text)
        for marker, name, start, end in occurrences(text, markers):
            own = path if is_static(clean, start) else ""
            found[marker, name, own].append((path, start, end))
        for marker, name, start, end in statements(text, of_bodies) if of_bodies else ():
            found[marker, name, path].append((path, start, end))
    return found


def remove(found, chosen):
    spans = collections.defaultdict(list)
    for key in chosen:
        for path, start, end in found[key]:
            spans[path].append((start, end))
    for path, places in spans.items():
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
        for start, end in sorted(places, reverse=True):
            # With the blank that parts it from its neighbour; none may be left at a line's end. A
            # statement has its line to itself.
            if text[end - 1] == "\n":
                pass
            elif text[end : end + 1] == " ":
                end += 1
            elif text[start - 1 : start] == " ":
                start -= 1
            text = text[:start] + text[end:]
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)


def compare(record):
    removed = {tuple(key) for key in record["removed"]}
    before = {tuple(key) for key in record["before"]}
    now = set(collect(sources(record["paths"]), record["markers"], record["statements"]))
    print(f"markers before {len(before)}, removed {len(removed)}, now {len(now)}")
    for marker in record["markers"] + record["statements"]:
        own = [key for key in removed if key[0] == marker]
        if own:
            back = sum(key in now for key in own)
            print(f"{marker}: removed {len(own)}, came back {back}")
    print(f"all: removed {len(removed)}, came back {len(removed & now)}")
    for title, keys in (("still missing", removed - now), ("new", now - before)):
        print(f"{title}: {len(keys)}")
        for key in sorted(keys):
            print("  ", *key)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--marker", action="append", default=[])
    parser.add_argument("--statement", action="append", default=[])
    parser.add_argument("--fraction", type=float, default=1 / 3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", help="where to keep what was removed")
    parser.add_argument("--compare", help="such a file: tell what came back, and remove nothing")
    options = parser.parse_args()
    if options.compare:
        with open(options.compare, encoding="utf-8") as file:
            compare(json.load(file))
        return
    if not options.paths or not options.marker or not options.record:
        sys.exit("remove_markers: name paths, --marker and --record")
    found = collect(sources(options.paths), options.marker, options.statement)
    keys = sorted(found)
    chosen = random.Random(options.seed).sample(keys, round(len(keys) * options.fraction))
    remove(found, chosen)
    with open(options.record, "w", encoding="utf-8") as file:
        json.dump({"paths": options.paths, "markers": options.marker,
                   "statements": options.statement, "before": keys,
                   "removed": sorted(chosen)}, file, indent=1)  # fmt: skip
    print(f"removed {len(chosen)} of {len(keys)} markers")


if __name__ == "__main__":
    main()
