#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures `lockvet index` and `lockvet check` on any build directory, next to the compiler.

Prints CPU times, their ratio to `clang-22 -fsyntax-only -Wthread-safety` over the same commands,
peak memory, and the size of the store. Both sides run in one go on one machine, taking turns over
slices of the compilation database, so that what else the machine does weighs on both alike.

    testsuite/benchmarks/index_benchmark.py BUILD_DIR --lockvet build/release/analyzer/cli/lockvet
        [--edit SOURCE.c] [--edit-header HEADER.h] [--limit N]

--edit and --edit-header append a line to a file of the measured tree, index again, and put the file
back as it was. Without them the tree is only read.
"""

import argparse
import json
import os
import resource
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

SLICE = 100  # units that one side does before it is the other's turn
DROPPED_WITH_VALUE = {"-o", "-MF", "-MT", "-MQ"}
DROPPED = {"-c", "-MD", "-MMD", "-MP"}


def child_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def syntax_only(entry):
    """The entry's command as a parse without output."""
    words = entry.get("arguments") or shlex.split(entry["command"])
    result, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in DROPPED_WITH_VALUE:
            skip = True
        elif word not in DROPPED:
            result.append(word)
    compiler = "clang++-22" if result[0].endswith("++") or "++-" in result[0] else "clang-22"
    return [compiler] + result[1:] + ["-fsyntax-only", "-Wthread-safety"]


def parse_all(entries):
    """CPU seconds of the compiler over the entries, and how many it accepts."""
    before, accepted = child_cpu(), []
    for entry in entries:
        done = subprocess.run(
            syntax_only(entry), cwd=entry["directory"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        accepted.append(done.returncode == 0)
    return child_cpu() - before, accepted


class MemorySampler(threading.Thread):
    """Watches the resident memory of a process and its children until told to stop."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.largest, self.together, self.stopped = pid, 0, 0, threading.Event()

    def run(self):
        while not self.stopped.wait(0.1):
            sizes = [self.resident(pid) for pid in self.family()]
            self.together = max(self.together, sum(sizes))
            self.largest = max(self.largest, *sizes, 0)

    def family(self):
        try:
            children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        except OSError:
            children = ""
        return [self.pid] + [int(pid) for pid in children.split()]

    @staticmethod
    def resident(pid):
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except (OSError, IndexError):
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE")


def index(lockvet, database, store, jobs):
    """One `lockvet index`: CPU seconds, wall seconds, largest and joint memory in bytes."""
    before, start = child_cpu(), time.monotonic()
    command = [lockvet, "index", "-p", str(database), "--db", str(store), "-j", str(jobs),
               "--progress", "none"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    sampler = MemorySampler(process.pid)
    sampler.start()
    _, messages = process.communicate()
    sampler.stopped.set()
    sampler.join()
    if process.returncode != 0:
        sys.exit(f"lockvet index failed: {messages}")
    return child_cpu() - before, time.monotonic() - start, sampler.largest, sampler.together


def edited(path, text, action):
    """Runs `action` while a line is appended to the file."""
    path = Path(path)
    original, stamp = path.read_bytes(), path.stat()
    try:
        path.write_bytes(original + text.encode())
        return action()
    finally:
        path.write_bytes(original)
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))


def row(name, value, budget=""):
    print(f"{name:<58} {value:>16}   {budget}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", help="a compile_commands.json, or the directory that has it")
    parser.add_argument("--lockvet", required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--limit", type=int, help="only so many units, spread over the database")
    parser.add_argument("--edit", help="a source file to edit and restore")
    parser.add_argument("--edit-header", help="a header to edit and restore")
    options = parser.parse_args()

    database = Path(options.build)
    if database.is_dir():
        database = database / "compile_commands.json"
    entries = [entry for entry in json.loads(database.read_text())
               if Path(entry["file"]).suffix in {".c", ".cc", ".cpp", ".cxx", ".C"}]
    if options.limit and len(entries) > options.limit:
        entries = entries[::len(entries) // options.limit][:options.limit]

    with tempfile.TemporaryDirectory(prefix="lockvet-benchmark-") as folder:
        folder = Path(folder)
        store, part = folder / "lockvet.db", folder / "compile_commands.json"
        parse_cpu, index_cpu, index_wall, largest, together, accepted = 0, 0, 0, 0, 0, []
        for end in range(SLICE, len(entries) + SLICE, SLICE):
            cpu, ok = parse_all(entries[end - SLICE:end])
            parse_cpu += cpu
            accepted += ok
            # The database grows by a slice, so this run parses just that slice.
            part.write_text(json.dumps(entries[:end]))
            cpu, wall, one, all_ = index(options.lockvet, part, store, options.jobs)
            index_cpu, index_wall = index_cpu + cpu, index_wall + wall
            largest, together = max(largest, one), max(together, all_)
            print(f"\r{min(end, len(entries))}/{len(entries)}", end="", file=sys.stderr)
        print(file=sys.stderr)

        row("units", len(entries))
        row("accepted by clang-22", sum(accepted))
        row("clang-22 -fsyntax-only -Wthread-safety, CPU s", f"{parse_cpu:.1f}")
        row("lockvet index, cold, CPU s", f"{index_cpu:.1f}")
        row("ratio", f"{index_cpu / parse_cpu:.2f}", "at most 1.25")
        row("lockvet index, cold, wall s", f"{index_wall:.1f}")
        row("largest process, MB", f"{largest / 1e6:.0f}", "at most 500")
        row("all processes together, MB", f"{together / 1e6:.0f}", "at most 1500")
        row("store, MB", f"{store.stat().st_size / 1e6:.1f}", "at most 200 for 2,400 units")

        cpu, wall, _, _ = index(options.lockvet, part, store, options.jobs)
        row("index, nothing changed, wall s (CPU s)", f"{wall:.2f} ({cpu:.2f})", "under 1 s")
        if options.edit:
            unit = next(e for e in entries
                        if os.path.realpath(os.path.join(e["directory"], e["file"]))
                        == os.path.realpath(options.edit))
            parse, _ = parse_all([unit])
            cpu, wall, _, _ = edited(
                options.edit, "\nint lockvet_benchmark_edit(void);\n",
                lambda: index(options.lockvet, part, store, options.jobs))
            row("index, one source edited, CPU s (its parse alone)", f"{cpu:.2f} ({parse:.2f})",
                "parse + 0.5 s")
            index(options.lockvet, part, store, options.jobs)
        if options.edit_header:
            cpu, wall, _, _ = edited(
                options.edit_header, "\n/* lockvet benchmark */\n",
                lambda: index(options.lockvet, part, store, options.jobs))
            row("index, one header edited, wall s (CPU s)", f"{wall:.2f} ({cpu:.2f})")
            index(options.lockvet, part, store, options.jobs)

        before, start = child_cpu(), time.monotonic()
        done = subprocess.run([options.lockvet, "check", "--db", str(store), "--color", "never"],
                              capture_output=True, text=True, check=False, cwd=folder)
        row("check, all rules, wall s (CPU s)",
            f"{time.monotonic() - start:.2f} ({child_cpu() - before:.2f})", "under 3 s")
        lines = done.stdout.strip().splitlines()
        row("check says", lines[-1] if lines else "nothing")


if __name__ == "__main__":
    main()
