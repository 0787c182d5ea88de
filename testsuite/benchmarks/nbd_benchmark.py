#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What an NBD server costs: its CPU time a request, requests a second, and system calls a request,
beside those of Debian's qemu-storage-daemon under the same client, in turns.

    testsuite/benchmarks/nbd_benchmark.py [--build build/runtime] [--rounds 5] [--disk raw]

Both serve a device that does nothing, or a file or an image of 64 MiB that is in the page cache, by
io_uring, over a unix socket, 4 KiB a request. The client has one core and the servers the other, if
there are two. System calls are counted in runs of their own, by
strace, which makes them slow.
"""

import argparse
import os
import re
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
        """Of all its threads, by the scheduler's own clock."""
        folder = f"/proc/{self.process.pid}/task"
        total = 0
        for thread in os.listdir(folder):
            with open(f"{folder}/{thread}/schedstat", encoding="utf-8") as file:
                total += int(file.read().split()[0])
        return total / 1e9

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def make_disk(kind, folder, name):
    """What --blockdev takes; each server has a disk of its own, all of it written."""
    if kind == "null":
        return f"driver=null-co,node-name=disk,size={SIZE}"
    path = f"{folder}/{name}.{kind}"
    subprocess.run(["qemu-img", "create", "-q", "-f", kind, path, str(FILE_SIZE)], check=True)
    subprocess.run(["qemu-io", "-f", kind, "-c", f"write 0 {FILE_SIZE}", path], check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    file = f"driver=file,filename={path},aio=io_uring"
    if kind == "raw":
        return f"{file},node-name=disk"
    inner = ",".join(f"file.{word}" for word in file.split(","))
    return f"driver={kind},node-name=disk,{inner}"


def serving(program, words, disk, path):
    """Both take the same command line."""
    return Server(
        os.path.basename(program),
        [*on_core(1), program,
         "--blockdev", disk, *words,
         "--nbd-server", f"addr.type=unix,addr.path={path}",
         "--export", "type=nbd,id=disk,node-name=disk,name=disk,writable=on"
         + (",iothread=io0" if words else "")],
        path,
    )  # fmt: skip


def ours(build, disk, folder):
    daemon = f"{build}/examples/hypervisor/lockvet-blockd"
    return serving(daemon, ["--object", "iothread,id=io0"],
                   make_disk(disk, folder, "ours"), f"{folder}/ours")  # fmt: skip


def qemus(disk, folder):
    """In its main loop: 7.2 ends with an error when a client leaves an export in an iothread."""
    return serving("qemu-storage-daemon", [], make_disk(disk, folder, "qemus"), f"{folder}/qemus")


def on_core(index):
    return ["taskset", "-c", str(index)] if os.cpu_count() > 1 else []


def load(build, server, command, depth, requests):
    """Seconds."""
    client = f"{build}/testsuite/benchmarks/nbd_load"
    done = subprocess.run([*on_core(0), client, server.path, "disk", command, str(depth),
                           str(requests)],
                          check=True, stdout=subprocess.PIPE, encoding="utf-8")  # fmt: skip
    return float(done.stdout)


def measure(build, server, command, depth, requests):
    """Microseconds of CPU time a request, and requests a second."""
    load(build, server, command, depth, requests // 20)
    before = server.cpu_seconds()
    seconds = load(build, server, command, depth, requests)
    return 1e6 * (server.cpu_seconds() - before) / requests, requests / seconds


def system_calls(build, server, command, depth, requests):
    """A request, and the most frequent of them."""
    with tempfile.NamedTemporaryFile(mode="r", encoding="utf-8") as output:
        strace = subprocess.Popen(["strace", "-f", "-c", "-o", output.name,
                                   "-p", str(server.process.pid)],
                                  stderr=subprocess.PIPE, encoding="utf-8")  # fmt: skip
        strace.stderr.readline()
        load(build, server, command, depth, requests)
        strace.send_signal(signal.SIGINT)
        strace.communicate()
        rows = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(\w+)$", output.read(), re.M)
    calls = {name: int(number) / requests for number, name in rows if name != "total"}
    frequent = [f"{name} {number:.2f}" for name, number in calls.items() if number >= 0.005]
    return sum(calls.values()), ", ".join(frequent)


def compare(options, servers):
    for command in ("read", "write"):
        for depth in (1, 32):
            requests = options.requests if depth > 1 else options.requests // 4
            rounds = [[measure(options.build, server, command, depth, requests)
                       for server in servers]
                      for _ in range(options.rounds)]  # fmt: skip
            print(f"{command}, depth {depth}")
            for index, server in enumerate(servers):
                cpu = [one[index][0] for one in rounds]
                rate = [one[index][1] for one in rounds]
                calls, which = system_calls(options.build, server, command, depth, 5000)
                print(f"  {server.name:20} {statistics.median(cpu):6.2f} us of CPU a request"
                      f" ({min(cpu):.2f} to {max(cpu):.2f})"
                      f"  {statistics.median(rate) / 1000:6.1f} k requests/s"
                      f"  {calls:5.2f} system calls a request ({which})")  # fmt: skip
            cpu = statistics.median(one[0][0] / one[1][0] for one in rounds)
            rate = statistics.median(one[0][1] / one[1][1] for one in rounds)
            print(f"  {'ratio':20} {cpu:6.2f} of the CPU, {rate:.2f} times the rate", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", default="build/runtime", help="of the preset runtime")
    parser.add_argument("--rounds", type=int, default=5, help="of which the medians are shown")
    parser.add_argument("--requests", type=int, default=100_000, help="in each run at depth 32")
    parser.add_argument("--disk", choices=("null", "raw", "qcow2"), default="null")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        servers = [ours(options.build, options.disk, folder), qemus(options.disk, folder)]
        try:
            compare(options, servers)
        finally:
            for server in servers:
                server.stop()


if __name__ == "__main__":
    main()
