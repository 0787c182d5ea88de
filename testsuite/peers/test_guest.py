# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The daemon under a Linux guest, whose driver and filesystem judge it. A boot without KVM takes a
while, and the guest's kernel has to be fetched: this runs if LOCKVET_GUEST names a folder that
examples/hypervisor/guest/make_guest.sh has made.
"""

import os
import pathlib
import random
import re
import signal
import subprocess
import time

import pytest
from daemon import DAEMON, MIB, PATIENCE, machine_arguments, run, tool, wait_until_ready

GUEST = os.environ.get("LOCKVET_GUEST")
RUN_GUEST = pathlib.Path(__file__).parents[2] / "examples/hypervisor/guest/run_guest.sh"

pytestmark = pytest.mark.skipif(not GUEST, reason="LOCKVET_GUEST names no folder of a guest")

# Four files at once, each flushed to the disk as it is written; what was flushed is told.
LOAD = """
mount -t ext4 /dev/vda /mnt || exit 3
echo "cache: $(cat /sys/block/vda/queue/write_cache)"
for round in $(seq ROUNDS); do
  for file in 1 2 3 4; do
    dd if=/dev/urandom of=/mnt/$round.$file bs=64k count=8 conv=fsync 2>/dev/null &
  done
  wait
  (cd /mnt && sha256sum $round.*) >>/mnt/sums
  sync
  echo "flushed $round"
done
umount /mnt
mount -t ext4 /dev/vda /mnt || exit 4
cd /mnt && sha256sum -c sums >/tmp/checked || exit 5
echo "checked $(grep -c OK /tmp/checked)"
cd / && umount /mnt
dmesg | grep -i "error" && exit 6
echo "flushes: $(awk '{print $16}' /sys/block/vda/stat)"
"""


class Daemon:
    """One that serves a disk to machines, and may be killed and started again."""

    def __init__(self, folder, before=()):
        self.folder = folder
        self.socket = folder / "socket"
        self.before = before
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [*self.before, DAEMON, *machine_arguments(self.folder / "disk", self.socket, 2)],
            stderr=subprocess.PIPE, encoding="utf-8")  # fmt: skip
        wait_until_ready(self.process)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        # Under strace it is the child that ends.
        child = run("ps", "-o", "pid=", "--ppid", str(self.process.pid)) if self.before else None
        os.kill(int(child or self.process.pid), signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0


@pytest.fixture(name="folder")
def folder_with_disk(tmp_path):
    tool("qemu-system-x86_64")
    with open(tmp_path / "disk", "wb") as file:
        file.truncate(256 * MIB)
    run("mkfs.ext4", "-q", "-F", tmp_path / "disk")
    return tmp_path


def boot(daemon, script, on_line=lambda line: None, more=()):
    """The lines of the guest's console; each is shown to the caller as it comes."""
    workload = daemon.folder / "workload"
    workload.write_text(script)
    guest = subprocess.Popen(
        [RUN_GUEST, GUEST, workload, "-chardev",
         f"socket,id=disk,path={daemon.socket},reconnect=1", "-device",
         "vhost-user-blk-pci,chardev=disk,num-queues=2", *more],
        stdout=subprocess.PIPE, encoding="utf-8", errors="replace")  # fmt: skip
    lines = []
    for line in guest.stdout:
        lines.append(line.strip())
        on_line(line.strip())
    assert guest.wait(PATIENCE) == 0, "\n".join(lines)
    return lines


def number_after(word, lines):
    return int(next(re.search(rf"^{word} (\d+)", line)[1] for line in lines if word in line))


def clean(folder):
    run("e2fsck", "-f", "-n", folder / "disk")


def test_every_flush_of_the_guest_reaches_the_disk(folder):
    tool("strace")
    calls = folder / "calls"
    daemon = Daemon(folder, ["strace", "-f", "-e", "trace=fdatasync,fsync", "-o", str(calls)])
    lines = boot(daemon, LOAD.replace("ROUNDS", "5"))
    seen = calls.read_text().count("sync(")
    daemon.stop()
    assert "cache: write back" in lines
    assert number_after("checked", lines) == 20
    assert seen == number_after("flushes:", lines) > 20
    clean(folder)


def test_the_guest_goes_on_when_the_daemon_is_killed(folder):
    daemon = Daemon(folder)
    kills = []

    def kill_now_and_then(line):
        if line.startswith("flushed") and int(line.split()[1]) % 3 == 0:
            # Somewhere in the next round.
            time.sleep(random.random() * 0.3)
            daemon.kill()
            daemon.start()
            kills.append(line)

    lines = boot(daemon, LOAD.replace("ROUNDS", "32"), kill_now_and_then)
    daemon.stop()
    assert len(kills) == 10
    assert number_after("checked", lines) == 128
    clean(folder)
