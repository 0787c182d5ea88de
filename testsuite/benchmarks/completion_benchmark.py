#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures how long the prompt takes to find the names to offer: CPU milliseconds of one keystroke,
the least of ten, for patterns of several lengths among made-up names.

    PYTHONPATH=build/release/vrc/python testsuite/benchmarks/completion_benchmark.py [--names N]
"""

import argparse
import random
import time

import vrc

WORDS = ["bdrv", "qemu", "co", "read", "write", "block", "job", "ram", "virtio", "net", "init"]
PATTERNS = ("", "b", "bdrvread", "virtnetinit7", "qxz", "bdrv_co_read", "9999")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=int, default=100_000)
    options = parser.parse_args()
    chance = random.Random(1)
    names = {"_".join(chance.choices(WORDS, k=4)) + str(n) for n in range(options.names)}
    session = vrc.from_edges([], nodes=names)._session
    for pattern in PATTERNS:
        times = []
        for _ in range(10):
            started = time.thread_time()
            found = session.similar_names(pattern, 100)
            times.append(time.thread_time() - started)
        shown = f"'{pattern}'"
        print(f"{shown:<16} {min(times) * 1000:>8.1f} ms   {len(found)} offered", flush=True)


if __name__ == "__main__":
    main()
