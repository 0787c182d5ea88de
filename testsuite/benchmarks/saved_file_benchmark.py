#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures how long `vrc` takes to read a graph that the older `vrc` has saved: a file of commands,
one a function, label and edge. The file is made up; without options it is as large as that of QEMU
(67,000 functions, 204,000 edges, 3,700 labels, 15 MB).

    testsuite/benchmarks/saved_file_benchmark.py --vrc build/release/vrc/shell/vrc
        [--functions N] [--edges N] [--labels N]
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path


def made_up(functions, edges, labels):
    """The file's lines, in the order in which the older tool writes them."""
    chance = random.Random(20261122)
    names = [f"subsystem{number // 300}_function{number}" for number in range(functions)]
    for number, name in enumerate(names):
        if number % 50 == 49:
            yield f"node --external {name}"
        else:
            yield f"node {name} subsystem/part{number // 300}/file{number // 30}.c"
    for _ in range(labels):
        yield f"label coroutine_fn {chance.choice(names)}"
    for _ in range(edges):
        yield f"edge {chance.choice(names)} {chance.choice(names)} call"


def cpu_of(command, folder):
    """CPU seconds of a command, its largest memory in MB, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed: {done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, after.ru_maxrss / 1024, done.stdout.strip()


def row(name, value):
    print(f"{name:<50} {value:>20}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vrc", required=True)
    parser.add_argument("--functions", type=int, default=67_000)
    parser.add_argument("--edges", type=int, default=204_000)
    parser.add_argument("--labels", type=int, default=3_700)
    options = parser.parse_args()
    vrc = os.path.abspath(options.vrc)
    with tempfile.TemporaryDirectory(prefix="lockvet-benchmark-") as folder:
        saved = Path(folder) / "saved.vrc"
        with saved.open("w", encoding="utf-8") as file:
            for line in made_up(options.functions, options.edges, options.labels):
                print(line, file=file)
        row("file, MB", f"{saved.stat().st_size / 1e6:.1f}")
        for how, command in (
            ("read as a script, with one query, CPU s", [vrc, "saved.vrc", "ask.vrc"]),
            ("sourced, with one query, CPU s", [vrc, "-c", "source saved.vrc", "-c",
                                                "functions [coroutine_fn]"]),
        ):
            Path(folder, "ask.vrc").write_text("functions [coroutine_fn]\n", encoding="utf-8")
            cpu, memory, answer = cpu_of(command, folder)
            row(how, f"{cpu:.2f}")
            row("  its largest memory, MB", f"{memory:.0f}")
            row("  functions with the label", len(answer.splitlines()))


if __name__ == "__main__":
    main()
