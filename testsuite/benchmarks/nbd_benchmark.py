#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What an NBD server costs: its CPU time a request, requests a second, and system calls a request,
beside those of Debian's qemu-storage-daemon and nbdkit (if it is installed) under the same client,
in turns.

    testsuite/benchmarks/nbd_benchmark.py [--build build/runtime] [--rounds 5] [--disk raw]
    testsuite/benchmarks/nbd_benchmark.py --connections 4 [--disk raw]
    testsuite/benchmarks/nbd_benchmark.py --connections 4 --disk compressed --requests 10000

All serve a device that does nothing, or a file or an image of 64 MiB that is in the page cache (by
io_uring, but for nbdkit), over a unix socket, 4 KiB a request. The client has one core and the
servers the other, if there are two. System calls are counted in runs of their own, by strace, which
makes them slow. With several connections ours serves them in two threads, on all cores, and in one.
"""

import argparse
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

SIZE = 1 << 30
FILE_SIZE = 64 << 20


class Server:
    def __init__(self, name, command, path):
        self.name = name
        self.path = path
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)  # fmt: skip
        with socket.socket(socket.AF_UNIX) as probe:
            while probe.connect_ex(path) != 0:
                if self.process.poll() is not None:
                    sys.exit(f"{name} has ended with {self.process.returncode}.")
                time.sleep(0.01)

    def cpu_seconds(self):
        """Of all its threads, also those that have ended, as clock_getcpuclockid(3) has it."""
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def make_disk(kind, folder, name):
    """What --blockdev takes; each server has a disk of its own, all of it written."""
    if kind == "null":
        return f"driver=null-co,node-name=disk,size={SIZE}"
    path = f"{folder}/{name}.{kind}"
    options = "-c" if kind == "compressed" else ""
    kind = "qcow2" if kind == "compressed" else kind
    subprocess.run(["qemu-img", "create", "-q", "-f", kind, path, str(FILE_SIZE)], check=True)
    subprocess.run(["qemu-io", "-f", kind, "-c", f"write {options} 0 {FILE_SIZE}", path],
                   check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    file = f"driver=file,filename={path},aio=io_uring"
    if kind == "raw":
        return f"{file},node-name=disk"
    inner = ",".join(f"file.{word}" for word in file.split(","))
    return f"driver={kind},node-name=disk,{inner}"


def serving(program, threads, cores, disk, path):
    """Both take the same command line."""
    words = []
    for number in range(threads):
        words += ["--object", f"iothread,id=io{number}"]
    served_by = "".join(f",iothread.{number}=io{number}" for number in range(threads))
    return Server(
        os.path.basename(program) + (f", {threads} threads" if threads > 1 else ""),
        [*cores, program,
         "--blockdev", disk, *words,
         "--nbd-server", f"addr.type=unix,addr.path={path}",
         "--export", f"type=nbd,id=disk,node-name=disk,name=disk,writable=on{served_by}"],
        path,
    )  # fmt: skip


def ours(build, disk, folder, threads=1):
    name = f"ours{threads}"
    return serving(f"{build}/examples/hypervisor/lockvet-blockd", threads,
                   on_core(1) if threads == 1 else [], make_disk(disk, folder, name),
                   f"{folder}/{name}")  # fmt: skip


def qemus(disk, folder):
    """In its main loop: 7.2 ends with an error when a client leaves an export in an iothread."""
    return serving("qemu-storage-daemon", 0, on_core(1), make_disk(disk, folder, "qemus"),
                   f"{folder}/qemus")  # fmt: skip


def nbdkits(disk, folder, cores):
    """None if it is not there, or has nothing of the kind."""
    if not shutil.which("nbdkit") or disk not in ("null", "raw"):
        return []
    path = f"{folder}/nbdkits"
    words = ["null", str(SIZE)]
    if disk == "raw":
        make_disk(disk, folder, "nbdkit")
        words = ["file", f"{folder}/nbdkit.raw"]
    return [Server("nbdkit", [*cores, "nbdkit", "--foreground", "--unix", path, *words], path)]


def on_core(index):
    return ["taskset", "-c", str(index)] if os.cpu_count() > 1 else []


def load(options, server, command, depth, requests):
    """Seconds."""
    client = f"{options.build}/testsuite/benchmarks/nbd_load"
    done = subprocess.run([*on_core(0), client, server.path, "disk", command, str(depth),
                           str(requests), str(options.connections)],
                          check=True, stdout=subprocess.PIPE, encoding="utf-8")  # fmt: skip
    return float(done.stdout)


def measure(options, server, command, depth, requests):
    """Microseconds of CPU time a request, and requests a second."""
    load(options, server, command, depth, requests // 20)
    before = server.cpu_seconds()
    seconds = load(options, server, command, depth, requests)
    return 1e6 * (server.cpu_seconds() - before) / requests, requests / seconds


def system_calls(options, server, command, depth, requests):
    """A request, and the most frequent of them."""
    with tempfile.NamedTemporaryFile(mode="r", encoding="utf-8") as output:
        strace = subprocess.Popen(["strace", "-f", "-c", "-o", output.name,
                                   "-p", str(server.process.pid)],
                                  stderr=subprocess.PIPE, encoding="utf-8")  # fmt: skip
        strace.stderr.readline()
        load(options, server, command, depth, requests)
        strace.send_signal(signal.SIGINT)
        strace.communicate()
        rows = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(\w+)$", output.read(), re.M)
    calls = {name: int(number) / requests for number, name in rows if name != "total"}
    frequent = [f"{name} {number:.2f}" for name, number in calls.items() if number >= 0.005]
    return sum(calls.values()), ", ".join(frequent)


def compare(options, servers):
    """Ratios are those of the first to each of the others."""
    for command in ("read",) if options.disk == "compressed" else ("read", "write"):
        for depth in (1, 32) if options.connections == 1 else (8, 32):
            requests = options.requests if depth > 1 else options.requests // 4
            rounds = [[measure(options, server, command, depth, requests)
                       for server in servers]
                      for _ in range(options.rounds)]  # fmt: skip
            print(f"{command}, depth {depth}")
            for index, server in enumerate(servers):
                cpu = [one[index][0] for one in rounds]
                rate = [one[index][1] for one in rounds]
                calls, which = system_calls(options, server, command, depth, 5000)
                print(f"  {server.name:26} {statistics.median(cpu):6.2f} us of CPU a request"
                      f" ({min(cpu):.2f} to {max(cpu):.2f})"
                      f"  {statistics.median(rate) / 1000:6.1f} k requests/s"
                      f"  {calls:5.2f} system calls a request ({which})")  # fmt: skip
            for index, server in enumerate(servers[1:], start=1):
                cpu = statistics.median(one[0][0] / one[index][0] for one in rounds)
                rate = statistics.median(one[0][1] / one[index][1] for one in rounds)
                print(f"  beside {server.name:19} {cpu:6.2f} of the CPU, {rate:.2f} times the rate",
                      flush=True)  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", default="build/runtime", help="of the preset runtime")
    parser.add_argument("--rounds", type=int, default=5, help="of which the medians are shown")
    parser.add_argument("--requests", type=int, default=100_000, help="in each run at depth 32")
    parser.add_argument("--disk", choices=("null", "raw", "qcow2", "compressed"), default="null")
    parser.add_argument("--connections", type=int, default=1, help="with so many in flight on each")
    options = parser.parse_args()
    several = options.connections > 1
    with tempfile.TemporaryDirectory() as folder:
        servers = [ours(options.build, options.disk, folder, threads)
                   for threads in ((2, 1) if several else (1,))]  # fmt: skip
        servers += [qemus(options.disk, folder),
                    *nbdkits(options.disk, folder, [] if several else on_core(1))]  # fmt: skip
        try:
            compare(options, servers)
        finally:
            for server in servers:
                server.stop()


if __name__ == "__main__":
    main()
