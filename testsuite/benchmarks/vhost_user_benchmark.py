#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a vhost-user-blk back end costs: its CPU time a request and requests a second, beside those
of Debian's qemu-storage-daemon under the same front end, in turns.

    testsuite/benchmarks/vhost_user_benchmark.py [--build build/runtime] [--rounds 5]

Both serve a device that does nothing, and a file in the page cache, 4 KiB a request. The front end
has one core and the servers the other, if there are two. At the end, ours serves four queues in two
threads and in one, with all cores for each side.
"""

import argparse
import os
import statistics
import subprocess
import tempfile

from nbd_benchmark import SIZE, Server, on_core

FILE_SIZE = 256 << 20


def ours(build, folder, node, name, cores, threads=1, queues=1):
    path = f"{folder}/ours.{threads}.{name}"
    words = []
    for number in range(threads):
        words += ["--object", f"iothread,id=io{number}"]
    served_by = "".join(f",iothread.{number}=io{number}" for number in range(threads))
    return Server(
        "lockvet-blockd",
        [*cores, f"{build}/examples/hypervisor/lockvet-blockd", *words,
         "--blockdev", f"{node},node-name=disk",
         "--export", f"vhost-user-blk,id=disk,node-name=disk,writable=on,addr.type=unix,"
                     f"addr.path={path},num-queues={queues}{served_by}"],
        path,
    )  # fmt: skip


def qemus(folder, node, name):
    path = f"{folder}/qemus.{name}"
    return Server(
        "qemu-storage-daemon",
        [*on_core(1), "qemu-storage-daemon", "--object", "iothread,id=thread",
         "--blockdev", f"{node},node-name=disk",
         "--export", f"type=vhost-user-blk,id=disk,node-name=disk,addr.type=unix,addr.path={path},"
                     "iothread=thread,writable=on"],
        path,
    )  # fmt: skip


def load(build, server, command, queues, depth, requests, cores):
    """Seconds."""
    program = f"{build}/testsuite/benchmarks/vhost_user_load"
    done = subprocess.run([*cores, program, server.path, command, str(queues), str(depth),
                           str(requests)],
                          check=True, stdout=subprocess.PIPE, encoding="utf-8")  # fmt: skip
    return float(done.stdout)


def measure(build, server, command, queues, depth, requests, cores):
    """Microseconds of CPU time a request, and requests a second."""
    load(build, server, command, queues, depth, requests // 20, cores)
    before = server.cpu_seconds()
    seconds = load(build, server, command, queues, depth, requests, cores)
    return 1e6 * (server.cpu_seconds() - before) / requests, requests / seconds


def compare(options, servers, queues, depths, cores):
    """In turns, of which the medians are shown; the ratio is that of the first to the second."""
    for command in ("read", "write"):
        for depth in depths:
            requests = options.requests if depth > 1 else options.requests // 4
            rounds = [[measure(options.build, server, command, queues, depth, requests, cores)
                       for server in servers]
                      for _ in range(options.rounds)]  # fmt: skip
            print(f"{command}, {queues} queues, depth {depth}")
            for index, server in enumerate(servers):
                cpu = [one[index][0] for one in rounds]
                rate = [one[index][1] for one in rounds]
                print(f"  {server.name:20} {statistics.median(cpu):6.2f} us of CPU a request"
                      f" ({min(cpu):.2f} to {max(cpu):.2f})"
                      f"  {statistics.median(rate) / 1000:6.1f} k requests/s")  # fmt: skip
            cpu = statistics.median(one[0][0] / one[1][0] for one in rounds)
            rate = statistics.median(one[0][1] / one[1][1] for one in rounds)
            print(f"  {'ratio':20} {cpu:6.2f} of the CPU, {rate:.2f} times the rate", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", default="build/runtime", help="of the preset runtime")
    parser.add_argument("--rounds", type=int, default=5, help="of which the medians are shown")
    parser.add_argument("--requests", type=int, default=200_000, help="in each run at depth 32")
    parser.add_argument("--folder", help="for the file, which is to be on a filesystem of a disk")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        disk = f"{folder}/disk"
        with open(disk, "wb") as file:
            file.write(os.urandom(FILE_SIZE))
        comparisons = [
            ("a device that does nothing", "null", f"driver=null-co,size={SIZE}"),
            ("a file in the page cache", "file", f"driver=file,filename={disk},aio=io_uring"),
        ]
        for what, name, node in comparisons:
            print(what)
            servers = [ours(options.build, folder, node, name, on_core(1)),
                       qemus(folder, node, name)]  # fmt: skip
            try:
                compare(options, servers, 1, (1, 32), on_core(0))
            finally:
                for server in servers:
                    server.stop()
            print(f"{what}: two threads beside one")
            servers = [ours(options.build, folder, node, name, [], threads, 4)
                       for threads in (2, 1)]  # fmt: skip
            try:
                compare(options, servers, 4, (32,), [])
            finally:
                for server in servers:
                    server.stop()


if __name__ == "__main__":
    main()
