# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Infers the markers of a small tree, writes them, and holds the outcome to what was promised.

    // RUN: rm -rf %t && split-file %s %t && %infer %t -- --marker all | FileCheck %s

The folder's .c and .cpp files are its units; what follows -- goes to `lockvet infer`. Printed are
what it reports and, behind a line "=== diff", what --diff prints. And what must hold for any tree
is checked: --fix leaves the files just as `patch` does with that diff, they compile, without a
thread-safety warning unless --warnings says that there are some, and a second run over the new
files has nothing to write.
"""

import argparse
import difflib
import json
import os
import shutil
import subprocess
import sys

LANGUAGES = {".c": ["-x", "c", "-std=gnu17"], ".cpp": ["-x", "c++", "-std=gnu++20"]}


def fail(message):
    print(f"infer_one: {message}", file=sys.stderr)
    sys.exit(1)


def run(command, directory, allowed):
    done = subprocess.run(command, cwd=directory, capture_output=True, check=False, text=True)
    if done.returncode not in allowed:
        fail(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def units_of(tree):
    return sorted(name for name in os.listdir(tree) if os.path.splitext(name)[1] in LANGUAGES)


def compile_command(options, unit):
    language = LANGUAGES[os.path.splitext(unit)[1]]
    return [options.compiler, *language, "-I", options.annotations, "-I", ".", "-c", unit]


def index(options, tree):
    commands = [{"directory": tree, "file": unit, "arguments": compile_command(options, unit)}
                for unit in units_of(tree)]  # fmt: skip
    with open(os.path.join(tree, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(commands, file)
    run([options.lockvet, "index", "-j", "1", "--progress", "none"], tree, [0])


def infer(options, tree, *more):
    return run([options.lockvet, "infer", *more, *options.options], tree, [0, 1])


def sources(tree):
    texts = {}
    for root, _, names in os.walk(tree):
        for name in names:
            if name.endswith((".c", ".cpp", ".h")):
                with open(os.path.join(root, name), encoding="utf-8") as file:
                    texts[os.path.relpath(os.path.join(root, name), tree)] = file.read()
    return texts


def check_compiles(options, tree):
    for unit in units_of(tree):
        done = run([*compile_command(options, unit), "-fsyntax-only", "-Wthread-safety",
                    "-Wno-gcc-compat"], tree, [0])  # fmt: skip
        if ("thread-safety" in done.stderr) != options.warnings:
            fail(f"{unit} was to be compiled {'with' if options.warnings else 'without'} "
                 f"thread-safety warnings:\n{done.stderr}")  # fmt: skip


def main():
    arguments = sys.argv[1:]
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source")
    parser.add_argument("--lockvet", required=True)
    parser.add_argument("--annotations", required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--warnings", action="store_true")
    options = parser.parse_args(arguments[:split])
    options.options = arguments[split + 1 :]

    tree = os.path.abspath(options.source)
    # An empty one, so that none further up, such as the project's own, is found.
    if not os.path.exists(os.path.join(tree, ".lockvet.yaml")):
        open(os.path.join(tree, ".lockvet.yaml"), "w", encoding="utf-8").close()
    index(options, tree)
    print(infer(options, tree).stdout, end="")
    diff = infer(options, tree, "--diff").stdout
    print("=== diff", diff, sep="\n", end="")

    patched = tree + ".patched"
    shutil.rmtree(patched, ignore_errors=True)
    shutil.copytree(tree, patched)
    if diff:
        with open(patched + ".diff", "w", encoding="utf-8") as file:
            file.write(diff)
        run(["patch", "-s", "-p1", "-i", patched + ".diff"], patched, [0])
    infer(options, tree, "--fix")
    fixed, expected = sources(tree), sources(patched)
    for name in sorted(expected):
        if fixed[name] != expected[name]:
            lines = difflib.unified_diff(expected[name].splitlines(), fixed[name].splitlines(),
                                         "as patched", "as fixed", lineterm="")  # fmt: skip
            fail(f"--fix and --diff make different files of {name}:\n" + "\n".join(lines))
    check_compiles(options, tree)
    index(options, tree)
    again = infer(options, tree, "--diff").stdout
    if again:
        fail(f"a second run has more to write:\n{again}")


if __name__ == "__main__":
    main()
