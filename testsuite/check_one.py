# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Indexes and checks the sources of one test, so that an analyzer test is one file with comments.

    // RUN: %check_c %s --verify
    // RUN: %check_c %s | FileCheck %s
    // RUN: rm -rf %t && split-file %s %t && %check_cpp %t --verify --config %t/lockvet.yaml

Given a file, that file is the one unit, in the language of the substitution. Given a folder (as
split-file makes), each .c, .cc, .cpp and .cxx in it is a unit in the language that its name says.
--verify compares the findings with the comments (see expectations.py); without it the text output
is printed. Everything written goes to --work.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys

import expectations

UNIT_SUFFIXES = {".c": "c", ".cc": "c++", ".cpp": "c++", ".cxx": "c++"}
HEADER_SUFFIXES = (".h", ".hh", ".hpp", ".inc")
STANDARDS = {"c": "-std=gnu17", "c++": "-std=gnu++20"}


def fail(message):
    print(f"check_one: {message}", file=sys.stderr)
    sys.exit(1)


def sources_of(path):
    """The units, and every file that may hold expectations."""
    if not os.path.isdir(path):
        return [path], [path]
    files = sorted(os.path.join(root, name) for root, _, names in os.walk(path) for name in names)
    units = [file for file in files if os.path.splitext(file)[1] in UNIT_SUFFIXES]
    if not units:
        fail(f"{path} holds no .c, .cc, .cpp or .cxx file")
    return units, units + [file for file in files if file.endswith(HEADER_SUFFIXES)]


def compile_command(options, unit, directory):
    language = options.language
    if os.path.isdir(options.source):
        language = UNIT_SUFFIXES[os.path.splitext(unit)[1]]
    arguments = [options.compiler, "-x", language, STANDARDS[language], "-I", options.annotations]
    if os.path.isdir(options.source):
        arguments += ["-I", os.path.abspath(options.source)]
    arguments += options.arg + ["-c", unit, "-o", os.path.basename(unit) + ".o"]
    return {"directory": directory, "file": unit, "arguments": arguments}


def prepare(options, units):
    """Makes the folder that lockvet runs in; its configuration is the test's and no other."""
    work = os.path.abspath(options.work)
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    commands = [compile_command(options, unit, work) for unit in units]
    with open(os.path.join(work, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(commands, file, indent=1)
    # Paths in the configuration are relative to it, so for a folder it stands in that folder.
    root = os.path.abspath(options.source) if os.path.isdir(options.source) else work
    configuration = os.path.join(root, ".lockvet.yaml")
    if options.config and os.path.abspath(options.config) != configuration:
        shutil.copyfile(options.config, configuration)
    elif not os.path.exists(configuration):
        # An empty one, so that none further up, such as the project's own, is found.
        open(configuration, "w", encoding="utf-8").close()
    return work, root


def run(command, directory, allowed):
    """Runs it; its standard output. Another status than the allowed ones ends the test."""
    done = subprocess.run(command, cwd=directory, capture_output=True, check=False,
                          encoding="utf-8", errors="replace")  # fmt: skip
    if done.returncode not in allowed:
        print(f"$ {' '.join(command)}\n{done.stdout}{done.stderr}", file=sys.stderr)
        fail(f"'{os.path.basename(command[0])} {command[1]}' ended with {done.returncode}")
    sys.stderr.write(done.stderr)
    return done.stdout


def verify(output, files, all_notes):
    try:
        findings = json.loads(output)
    except json.JSONDecodeError as error:
        fail(f"the findings are not JSON: {error}\n{output}")
    try:
        # A header outside the test's folder takes part as soon as something is found in it.
        found_in = [finding["file"] for finding in findings]
        extra = [f for f in dict.fromkeys(found_in) if os.path.exists(f)
                 and not any(expectations.same_file(f, known) for known in files)]  # fmt: skip
        difference = expectations.compare(
            expectations.parse_files(files + extra), findings, all_notes
        )
    except expectations.ExpectationError as error:
        fail(str(error))
    if difference:
        print("\n".join(difference), file=sys.stderr)
        sys.exit(1)


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", help="a source file, or a folder made by split-file")
    parser.add_argument("--lockvet", required=True)
    parser.add_argument("--annotations", required=True)
    parser.add_argument("--compiler", default="clang-22")
    parser.add_argument("--language", choices=STANDARDS, default="c")
    parser.add_argument("--work", required=True, help="a folder to be made anew")
    parser.add_argument("--arg", action="append", default=[], metavar="FLAG",
                        help="a further compiler flag, as --arg=-DX")  # fmt: skip
    parser.add_argument("--config", help="the .lockvet.yaml to use")
    parser.add_argument("--rule", action="append", default=[], help="check this rule only")
    parser.add_argument("--check-arg", action="append", default=[], metavar="FLAG",
                        help="a further option of lockvet check")  # fmt: skip
    parser.add_argument("--index-status", type=int, default=0, help="what lockvet index returns")
    parser.add_argument("--verify", action="store_true", help="compare with the comments")
    parser.add_argument("--all-notes", action="store_true",
                        help="every step of a witness must be expected too")  # fmt: skip
    return parser.parse_args(arguments)


def main(arguments):
    options = parse_arguments(arguments)
    options.source = os.path.abspath(options.source)
    units, files = sources_of(options.source)
    work, root = prepare(options, units)
    database = os.path.join(work, "lockvet.db")
    index = [options.lockvet, "index", "-p", work, "--db", database, "-j", "1",
             "--progress", "none"]  # fmt: skip
    run(index, root, {options.index_status})
    check = [options.lockvet, "check", "--db", database]
    for rule in options.rule:
        check += ["--rule", rule]
    check += ["--format", "json" if options.verify else "text"] + options.check_arg
    output = run(check, root, {0, 1})
    if options.verify:
        verify(output, files, options.all_notes)
    else:
        sys.stdout.write(output)


if __name__ == "__main__":
    main(sys.argv[1:])
