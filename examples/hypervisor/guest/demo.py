#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A Linux guest on lockvet-blockd, over NBD and over vhost-user-blk: that its flushes reach the
disk, and that live snapshots and their commit go unnoticed by it.

    examples/hypervisor/guest/demo.py --blockd build/dev/examples/hypervisor/lockvet-blockd

Each disk has ext4, on which the guest writes files, flushes them, and at last checks all their
checksums. First the disk is a plain file, and the flushes that the guest counts are held against
the calls of fdatasync that strace counts in the daemon. Then it is a qcow2 image: meanwhile five
overlays are put above it, one after the other, and committed back into it; what the image holds at
the end is judged by qemu-img and e2fsck. There is no KVM here, so that a boot takes a while. The
guest itself is made by make_guest.sh, if the folder that --guest names has none.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SNAPSHOTS = 5
TOOLS = ("qemu-system-x86_64", "qemu-img", "mkfs.ext4", "e2fsck", "strace", "busybox")

WORKLOAD = """
mount -t ext4 /dev/vda /mnt || exit 3
echo "guest: the disk's cache is $(cat /sys/block/vda/queue/write_cache)"
for round in $(seq {rounds}); do
  for file in 1 2 3 4; do
    dd if=/dev/urandom of=/mnt/$round.$file bs=64k count=8 conv=fsync 2>/dev/null &
  done
  wait
  (cd /mnt && sha256sum $round.*) >>/mnt/sums
  sync
  echo "guest: round $round is flushed"
done
umount /mnt
mount -t ext4 /dev/vda /mnt || exit 4
(cd /mnt && sha256sum -c sums) >/tmp/checked || exit 5
echo "guest: $(grep -c OK /tmp/checked) files have their checksums"
umount /mnt
dmesg | grep -i "i/o error" && exit 6
echo "guest: flushes sent: $(awk '{{print $16}}' /sys/block/vda/stat)"
"""


class Failure(Exception):
    """Something is not as it should be; the message is a sentence."""


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False,
                          encoding="utf-8")  # fmt: skip
    if done.returncode != 0:
        raise Failure(f"{' '.join(map(str, command))} has failed: {done.stderr or done.stdout}")
    return done.stdout


class Monitor:
    """A client of QMP."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("r", encoding="utf-8")
        self.events = []
        self.receive()
        self.run("qmp_capabilities")

    def receive(self):
        line = self.lines.readline()
        if not line:
            raise Failure("The daemon has closed its monitor.")
        return json.loads(line)

    def run(self, command, arguments=None):
        message = {"execute": command, "arguments": arguments or {}}
        self.socket.sendall(json.dumps(message).encode())
        while "event" in (answer := self.receive()):
            self.events.append(answer)
        if "error" in answer:
            raise Failure(f"{command} is refused: {answer['error']['desc']}")
        return answer["return"]

    def wait(self, event, job):
        """Until a job has told so."""
        while True:
            for index, known in enumerate(self.events):
                data = known.get("data", {})
                if known["event"] == event and job in (data.get("device"), data.get("id")):
                    return self.events.pop(index)
                if known["event"] == "BLOCK_JOB_ERROR":
                    raise Failure(f"The job has met an error: {data}")
            self.events.append(self.receive())


class Daemon:
    """lockvet-blockd with one disk, exported over `kind`."""

    def __init__(self, blockd, folder, kind, disk, calls=None):
        self.folder = folder
        self.kind = kind
        export = "id=export0,node-name=disk,writable=on,iothread.0=io0,iothread.1=io1"
        if kind == "nbd":
            export = f"nbd,{export},name=disk"
        else:
            export = (f"vhost-user-blk,{export},num-queues=2,addr.type=unix,"
                      f"addr.path={folder}/disk.sock")  # fmt: skip
        command = [blockd, "--object", "iothread,id=io0", "--object", "iothread,id=io1",
                   "--blockdev", disk, "--nbd-server",
                   f"addr.type=unix,addr.path={folder}/nbd.sock", "--export", export, "--chardev",
                   f"socket,id=qmp,path={folder}/qmp.sock,server=on,wait=off", "--monitor",
                   "chardev=qmp", "--pidfile", f"{folder}/pid"]  # fmt: skip
        self.calls = calls
        if calls:
            command = ["strace", "-f", "-e", "trace=fdatasync,fsync", "-o", calls, *command]
        self.log = open(folder / "log", "w", encoding="utf-8")
        self.process = subprocess.Popen([str(word) for word in command], stderr=self.log)
        self.monitor = self.connect()

    def connect(self):
        while True:
            try:
                return Monitor(self.folder / "qmp.sock")
            except (FileNotFoundError, ConnectionRefusedError):
                if self.process.poll() is not None:
                    said = (self.folder / "log").read_text(encoding="utf-8")
                    raise Failure(f"The daemon has ended: {said}") from None
                time.sleep(0.1)

    def disk_options(self):
        """How QEMU gets at it."""
        if self.kind == "nbd":
            node = (f"driver=nbd,node-name=vda,server.type=unix,"
                    f"server.path={self.folder}/nbd.sock,export=disk")  # fmt: skip
            return ["-blockdev", node, "-device", "virtio-blk-pci,drive=vda"]
        return ["-chardev", f"socket,id=vda,path={self.folder}/disk.sock,reconnect=1", "-device",
                "vhost-user-blk-pci,chardev=vda,num-queues=2"]  # fmt: skip

    def flushes(self):
        return pathlib.Path(self.calls).read_text(encoding="utf-8").count("sync(")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Whatever has happened, it is gone."""
        self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self):
        os.kill(int((self.folder / "pid").read_text(encoding="utf-8")), signal.SIGTERM)
        if self.process.wait() != 0:
            raise Failure("The daemon has not ended well.")


def boot(daemon, guest, rounds, on_line):
    """The guest does its work; its lines are shown, and given away as they come."""
    workload = daemon.folder / "workload"
    workload.write_text(WORKLOAD.format(rounds=rounds), encoding="utf-8")
    machine = subprocess.Popen(
        [str(HERE / "run_guest.sh"), str(guest), str(workload), *daemon.disk_options()],
        stdout=subprocess.PIPE, encoding="utf-8", errors="replace",
        start_new_session=True)  # fmt: skip
    try:
        for line in machine.stdout:
            if line := line.strip():
                say(line)
                on_line(line)
    except Failure:
        os.killpg(machine.pid, signal.SIGTERM)
        raise
    if machine.wait() != 0:
        raise Failure("The guest's workload has failed.")


def count_flushes(arguments, folder, kind):
    say(f"== {kind}: a plain file, and its flushes counted at both ends")
    disk = folder / "disk.raw"
    with open(disk, "wb") as file:
        file.truncate(256 << 20)
    run("mkfs.ext4", "-q", "-F", disk)
    counted = {}
    node = f"driver=file,node-name=disk,filename={disk},aio=threads"
    with Daemon(arguments.blockd, folder, kind, node, folder / "calls") as daemon:

        def on_line(line):
            if match := re.match(r"guest: flushes sent: (\d+)", line):
                counted["guest"] = int(match[1])
                counted["daemon"] = daemon.flushes()

        boot(daemon, arguments.guest, arguments.rounds, on_line)
        daemon.stop()
    say(f"flushes: {counted['guest']} sent by the guest, {counted['daemon']} made by the daemon")
    if counted["guest"] != counted["daemon"]:
        raise Failure("Flushes of the guest have not reached the disk.")
    run("e2fsck", "-f", "-n", disk)
    say("e2fsck: the filesystem is clean")


class Snapshots:
    """Takes one snapshot after each round, and commits them back when all are there."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.taken = 0
        self.committed = False

    def on_line(self, line):
        if not re.match(r"guest: round \d+ is flushed", line):
            return
        if self.taken < SNAPSHOTS:
            self.take()
        elif not self.committed:
            self.commit()

    def take(self):
        monitor = self.daemon.monitor
        below = f"overlay{self.taken}" if self.taken else "disk"
        self.taken += 1
        name = f"overlay{self.taken}"
        path = self.daemon.folder / f"{name}.qcow2"
        run("qemu-img", "create", "-q", "-f", "qcow2", path, 256 << 20)
        file = {"driver": "file", "filename": str(path)}
        node = {"driver": "qcow2", "node-name": name, "backing": None, "file": file}
        monitor.run("blockdev-add", node)
        began = time.monotonic()
        monitor.run("blockdev-snapshot", {"node": below, "overlay": name})
        say(f"snapshot {self.taken} of {SNAPSHOTS}: {(time.monotonic() - began) * 1000:.1f} ms")

    def commit(self):
        monitor = self.daemon.monitor
        began = time.monotonic()
        top = f"overlay{SNAPSHOTS}"
        monitor.run("block-commit", {"job-id": "commit0", "device": top, "base-node": "disk"})
        monitor.wait("BLOCK_JOB_READY", "commit0")
        say(f"commit of {SNAPSHOTS} overlays: ready after {time.monotonic() - began:.2f} s")
        began = time.monotonic()
        monitor.run("job-complete", {"id": "commit0"})
        monitor.wait("BLOCK_JOB_COMPLETED", "commit0")
        say(f"pivot to the image below: {(time.monotonic() - began) * 1000:.1f} ms")
        for number in range(SNAPSHOTS, 0, -1):
            monitor.run("blockdev-del", {"node-name": f"overlay{number}"})
        self.committed = True


def take_snapshots(arguments, folder, kind):
    say(f"== {kind}: a qcow2 image, {SNAPSHOTS} live snapshots, and their commit")
    raw = folder / "empty.raw"
    with open(raw, "wb") as file:
        file.truncate(256 << 20)
    run("mkfs.ext4", "-q", "-F", raw)
    disk = folder / "disk.qcow2"
    run("qemu-img", "convert", "-O", "qcow2", raw, disk)
    node = f"driver=qcow2,node-name=disk,file.driver=file,file.filename={disk}"
    with Daemon(arguments.blockd, folder, kind, node) as daemon:
        snapshots = Snapshots(daemon)
        boot(daemon, arguments.guest, max(arguments.rounds, SNAPSHOTS + 3), snapshots.on_line)
        daemon.stop()
    if not snapshots.committed:
        raise Failure("The overlays have not been committed.")
    say("qemu-img check: " + run("qemu-img", "check", disk).splitlines()[0])
    run("qemu-img", "convert", "-O", "raw", disk, raw)
    run("e2fsck", "-f", "-n", raw)
    say("e2fsck: the filesystem is clean")


def parsed_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--blockd", required=True, type=pathlib.Path, help="the daemon")
    parser.add_argument("--guest", type=pathlib.Path,
                        default=pathlib.Path.home() / ".cache/lockvet-guest",
                        help="where the guest is, or is to be made")  # fmt: skip
    parser.add_argument("--export", action="append", choices=("nbd", "vhost-user-blk"),
                        help="this one only; can be repeated")  # fmt: skip
    parser.add_argument("--rounds", type=int, default=10, help="of four files each")
    return parser.parse_args()


def main():
    arguments = parsed_arguments()
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        raise Failure(f"There is no {', no '.join(missing)}. What it takes is in the packages "
                      "qemu-system-x86, qemu-utils, e2fsprogs, strace and busybox-static.")  # fmt: skip
    if not (arguments.guest / "initramfs").exists():
        print(run(HERE / "make_guest.sh", arguments.guest), end="")
    for kind in arguments.export or ("nbd", "vhost-user-blk"):
        for scenario in (count_flushes, take_snapshots):
            with tempfile.TemporaryDirectory() as folder:
                scenario(arguments, pathlib.Path(folder), kind)
    say("all is as it should be")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"demo.py: {failure}")
