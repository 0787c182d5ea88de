#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a vhost-user-blk back end costs: its CPU time a request and requests a second, beside those
of Debian's qemu-storage-daemon under the same front end, in turns.

    testsuite/benchmarks/vhost_user_benchmark.py [--build build/runtime] [--rounds 5]
    testsuite/benchmarks/vhost_user_benchmark.py --disk file --queues 4

Both serve a device that does nothing, and a file in the page cache, 4 KiB a request. The front end
has one core and the servers the other, if there are two. Then there are four queues, which ours
serves in two threads, on all cores, and in one, and QEMU's in the one that it can have.
"""

import argparse
import os
import statistics
import subprocess
import tempfile

from nbd_benchmark import FILE_SIZE, SIZE, Server, on_core


def ours(build, folder, node, name, cores, threads=1, queues=1):
    path = f"{folder}/ours.{threads}.{queues}.{name}"
    words = []
    for number in range(threads):
        words += ["--object", f"iothread,id=io{number}"]
    served_by = "".join(f",iothread.{number}=io{number}" for number in range(threads))
    return Server(
        f"lockvet-blockd, {threads} threads",
        [*cores, f"{build}/examples/hypervisor/lockvet-blockd", *words,
         "--blockdev", f"{node},node-name=disk",
         "--export", f"vhost-user-blk,id=disk,node-name=disk,writable=on,addr.type=unix,"
                     f"addr.path={path},num-queues={queues}{served_by}"],
        path,
    )  # fmt: skip


def qemus(folder, node, name, queues=1):
    path = f"{folder}/qemus.{queues}.{name}"
    return Server(
        "qemu-storage-daemon",
        [*on_core(1), "qemu-storage-daemon", "--object", "iothread,id=thread",
         "--blockdev", f"{node},node-name=disk",
         "--export", f"type=vhost-user-blk,id=disk,node-name=disk,addr.type=unix,addr.path={path},"
                     f"iothread=thread,writable=on,num-queues={queues}"],
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


def compare(options, servers, queues, depths):
    """In turns, of which the medians are shown; ratios are those to the last."""
    for command in ("read", "write"):
        for depth in depths:
            requests = options.requests if depth > 1 else options.requests // 4
            rounds = [[measure(options.build, server, command, queues, depth, requests, on_core(0))
                       for server in servers]
                      for _ in range(options.rounds)]  # fmt: skip
            print(f"{command}, {queues} queues, depth {depth}")
            for index, server in enumerate(servers):
                cpu = [one[index][0] for one in rounds]
                rate = [one[index][1] for one in rounds]
                less = statistics.median(one[index][0] / one[-1][0] for one in rounds)
                more = statistics.median(one[index][1] / one[-1][1] for one in rounds)
                print(f"  {server.name:28} {statistics.median(cpu):6.2f} us of CPU a request"
                      f" ({min(cpu):.2f} to {max(cpu):.2f}), {less:.2f} times the last"
                      f"  {statistics.median(rate) / 1000:6.1f} k requests/s, {more:.2f} times",
                      flush=True)  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", default="build/runtime", help="of the preset runtime")
    parser.add_argument("--rounds", type=int, default=5, help="of which the medians are shown")
    parser.add_argument("--requests", type=int, default=200_000, help="in each run at depth 32")
    parser.add_argument("--folder", help="for the file, which is to be on a filesystem of a disk")
    parser.add_argument("--disk", choices=("null", "file"), help="only that")
    parser.add_argument("--queues", type=int, choices=(1, 4), help="only so many")
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
            if options.disk not in (None, name):
                continue
            print(what)
            groups = [
                (1, (1, 32), lambda: [ours(options.build, folder, node, name, on_core(1)),
                                      qemus(folder, node, name)]),
                (4, (8, 32), lambda: [ours(options.build, folder, node, name, [], 2, 4),
                                      ours(options.build, folder, node, name, on_core(1), 1, 4),
                                      qemus(folder, node, name, 4)]),
            ]  # fmt: skip
            for queues, depths, make_servers in groups:
                if options.queues not in (None, queues):
                    continue
                servers = make_servers()
                try:
                    compare(options, servers, queues, depths)
                finally:
                    for server in servers:
                        server.stop()


if __name__ == "__main__":
    main()
