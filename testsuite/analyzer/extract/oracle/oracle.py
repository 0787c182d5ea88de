# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the store's direct and implicit edges with the calls in Clang's own LLVM IR.

    // RUN: %oracle_c %s | FileCheck %s
    oracle.py --lockvet=BINARY --work=DIR --database=compile_commands.json [--filter REGEX]

The IR is what the frontend makes before any pass. An edge is a pair of mangled names, and only
functions that the IR defines are asked about: unused inline functions have no IR. What only runs
while an exception passes is left out on both sides. Prints

    missing CALLER -> CALLEE   the IR calls it, the store has no edge
    extra CALLER -> CALLEE     the store has an edge, the IR no call: code that Clang folds away,
                               copies that it elides
    FILE: N calls in the IR, recall P%, precision P%

Left out are the calls that the language runtime makes, intrinsics, and a constructor's or
destructor's variants, which are one function to the store.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
import check_one  # noqa: E402

NAME = r'@(?:"([^"]+)"|([-\w.$]+))'
DEFINE = re.compile(r"^define .*?" + NAME + r"\(")
CALL = re.compile(r"\b(?:call|invoke)\b(?:(?! asm ).)*?" + NAME + r"\(")
# Runtime support, not functions that anybody wrote a call of.
SUPPORT = re.compile(
    r"llvm\.|__cxa_|__cxx_global|_GLOBAL__|__clang_call_terminate|_Unwind|__gxx|__ubsan|_ZTH|_ZTW"
    r"|__dynamic_cast|_ZSt9terminatev"
)
DROPPED_WITH_VALUE = {"-o", "-MF", "-MT", "-MQ"}
DROPPED = {"-c", "-MD", "-MMD", "-MP", "-Werror", "-g"}


def normalized(name):
    """One name for a constructor's C1 and C2, a destructor's D0, D1 and D2, a lambda's numbers."""
    name = name.removeprefix("\x01")
    name = re.sub(r"(?<=[a-zA-Z0-9_])C(I?)[123](?=[EINS]|\d)", r"C\g<1>1", name)
    name = re.sub(r"(?<=[a-zA-Z0-9_])D[0125](?=[Ev])", "D1", name)
    # Closures are numbered as they are emitted.
    return re.sub(r"3\$_\d+|UlvE\d*_|(?<=UlE)\d*_", "LAMBDA", name)


def edges_of_ir(text):
    defined, edges = set(), set()
    caller = None
    for line in text.splitlines():
        if match := DEFINE.match(line):
            caller = normalized(match.group(1) or match.group(2))
            defined.add(caller)
        elif line == "}":
            caller = None
        elif caller and (match := CALL.search(line)):
            callee = normalized(match.group(1) or match.group(2))
            if not SUPPORT.match(callee) and not SUPPORT.match(caller) and callee != caller:
                edges.add((caller, callee))
    return defined, edges


def edges_of_store(path):
    query = """SELECT r.mangled, e.mangled FROM call_edge c
               JOIN function r ON r.id = c.caller_id JOIN function e ON e.id = c.callee_id
               WHERE c.kind IN ('direct', 'implicit')"""
    rows = sqlite3.connect(path).execute(query)
    pairs = {(normalized(caller), normalized(callee)) for caller, callee in rows}
    return {pair for pair in pairs if pair[0] != pair[1] and not SUPPORT.match(pair[1])}


def ir_command(arguments):
    result, skip = [], 0
    for argument in arguments:
        if skip:
            skip -= 1
        elif argument in DROPPED_WITH_VALUE:
            skip = 1
        elif argument.endswith("-include-pch"):
            result.pop()  # -Xclang -include-pch -Xclang FILE; its header is included as well
            skip = 2
        elif argument not in DROPPED:
            result.append(argument)
    return result + ["-w", "-g0", "-fno-builtin", "-fno-stack-protector", "-D__LOCKVET__=1",
                     "-fignore-exceptions", "-Xclang", "-mno-constructor-aliases",
                     "-Xclang", "-disable-llvm-passes", "-S", "-emit-llvm", "-o", "-"]  # fmt: skip


def compare(options, entry):
    arguments = entry.get("arguments") or shlex.split(entry["command"])
    arguments[0] = options.compiler or arguments[0]
    done = subprocess.run(ir_command(arguments), cwd=entry["directory"], capture_output=True,
                          check=False, encoding="utf-8", errors="replace")  # fmt: skip
    if done.returncode:
        sys.exit(f"oracle: {entry['file']}: {done.stderr}")
    shutil.rmtree(options.work, ignore_errors=True)
    os.makedirs(options.work)
    with open(os.path.join(options.work, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump([entry], file)
    store = os.path.join(options.work, "lockvet.db")
    check_one.run([options.lockvet, "index", "-p", options.work, "--db", store, "-j", "1",
                   "--progress", "none"], options.work, {0})  # fmt: skip
    defined, expected = edges_of_ir(done.stdout)
    found = {pair for pair in edges_of_store(store) if pair[0] in defined}
    for caller, callee in sorted(expected - found):
        print(f"missing {caller} -> {callee}")
    for caller, callee in sorted(found - expected):
        print(f"extra {caller} -> {callee}")
    common = len(expected & found)
    print(f"{os.path.basename(entry['file'])}: {len(expected)} calls in the IR, "
          f"recall {100 * common / max(1, len(expected)):.1f}%, "
          f"precision {100 * common / max(1, len(found)):.1f}%")  # fmt: skip


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", nargs="?")
    parser.add_argument("--lockvet", required=True)
    parser.add_argument("--work", required=True, help="a folder to be made anew")
    parser.add_argument("--compiler", help="instead of the command's own")
    parser.add_argument("--language", choices=check_one.STANDARDS, default="c")
    parser.add_argument("--database", help="compile_commands.json, instead of a source")
    parser.add_argument("--filter", default="", help="only units whose file this matches")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse_arguments(arguments)
    options.work = os.path.abspath(options.work)
    if options.database:
        with open(options.database, encoding="utf-8") as file:
            entries = [e for e in json.load(file) if re.search(options.filter, e["file"])]
    else:
        source = os.path.abspath(options.source)
        command = ["cc", "-x", options.language, check_one.STANDARDS[options.language], source]
        entries = [{"directory": os.path.dirname(source), "file": source, "arguments": command}]
    for entry in entries:
        compare(options, entry)


if __name__ == "__main__":
    main(sys.argv[1:])
