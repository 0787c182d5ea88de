# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The storage daemon for one test, and the tools of others that judge it."""

import contextlib
import os
import random
import shutil
import signal
import subprocess

import pytest

DAEMON = os.environ["BLOCKD"]
# Far beyond what anything here takes, so that what hangs fails.
PATIENCE = 300
MIB = 1 << 20


def tool(name):
    """Skips the test if the program is not there."""
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed; run scripts/install-dependencies")
    return name


def run(*command, **options):
    """What the command prints, which has to succeed."""
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False,
                          encoding="utf-8", timeout=PATIENCE, **options)  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def make_file(path, size, seed):
    """Half random data in runs, half holes."""
    source = random.Random(seed)
    with open(path, "wb") as file:
        file.truncate(size)
        for offset in range(0, size, 256 * 1024):
            if source.random() < 0.5:
                file.seek(offset)
                file.write(source.randbytes(min(200_000, size - offset)))
    return path


def same(left, right):
    with open(left, "rb") as one, open(right, "rb") as other:
        return one.read() == other.read()


def escaped(value):
    """As it stands in key=value,key=value."""
    return str(value).replace(",", ",,")


def node_of(name, source, read_only=False):
    """What --blockdev takes for a file, an image after 'qcow2:', or zeroes after 'null:'."""
    kind, _, rest = str(source).rpartition(":")
    common = f"node-name={name},read-only={'on' if read_only else 'off'}"
    if kind == "qcow2":
        return f"driver=qcow2,{common},file.driver=file,file.filename={escaped(rest)}"
    if kind == "null":
        return f"driver=null-co,{common},size={rest},read-zeroes=on"
    return f"driver=file,{common},filename={escaped(source)}"


class Daemon:
    """Serves exports at a path, in so many threads, and takes QMP at another."""

    def __init__(self, folder, exports, threads=1, read_only=False, metrics=None):
        self.folder = str(folder)
        self.path = os.path.join(folder, "socket")
        self.qmp_path = os.path.join(folder, "qmp")
        self.process = start(
            *self.arguments(exports, threads, read_only),
            *(["--metrics", f"addr={metrics}"] if metrics else []),
            "--nbd-server", f"addr.type=unix,addr.path={escaped(self.path)}",
            *self.export_arguments(exports, threads, read_only),
            "--chardev", f"socket,id=qmp,path={escaped(self.qmp_path)},server=on,wait=off",
            "--monitor", "chardev=qmp",
        )  # fmt: skip
        wait_until_ready(self.process)

    @staticmethod
    def arguments(exports, threads, read_only):
        words = []
        for number in range(threads):
            words += ["--object", f"iothread,id=io{number}"]
        for number, source in enumerate(exports.values()):
            words += ["--blockdev", node_of(f"node{number}", source, read_only)]
        return words

    @staticmethod
    def export_arguments(exports, threads, read_only):
        words = []
        served_by = "".join(f",iothread.{number}=io{number}" for number in range(threads))
        for number, (name, source) in enumerate(exports.items()):
            words += ["--export", f"nbd,id=export{number},node-name=node{number},"
                      f"name={escaped(name)},description={escaped(source)},"
                      f"writable={'off' if read_only else 'on'}{served_by}"]  # fmt: skip
        return words

    def uri(self, name=""):
        return f"nbd+unix:///{name}?socket={self.path}"

    def stop(self):
        """As an administrator does; what it has said, but for how it is."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        said = self.process.communicate(timeout=PATIENCE)[1]
        assert self.process.returncode == 0, said
        return complaints(said)


def machine_arguments(disk, socket, queues, threads=2):
    """To serve a file to a virtual machine, in so many threads."""
    words = []
    for number in range(threads):
        words += ["--object", f"iothread,id=io{number}"]
    served_by = "".join(f",iothread.{number}=io{number}" for number in range(threads))
    return [*words, "--blockdev", node_of("disk", disk),
            "--export", f"vhost-user-blk,id=disk,node-name=disk,writable=on,addr.type=unix,"
            f"addr.path={escaped(socket)},num-queues={queues}{served_by}"]  # fmt: skip


def receive_all(socket, size):
    """Fewer bytes if the other side has closed."""
    data = b""
    while len(data) < size and (more := socket.recv(size - len(data))):
        data += more
    return data


def peak_memory(process):
    """Bytes that it has had at most."""
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
        (peak,) = (line.split()[1] for line in file if line.startswith("VmHWM:"))
    return int(peak) * 1024


def complaints(said):
    return [line for line in said.splitlines() if not line.startswith("level=info ")]


def wait_until_ready(process):
    while "ready" not in (line := process.stderr.readline()):
        assert line.startswith("level=info "), line + process.stderr.read()


def start(*arguments):
    return subprocess.Popen([DAEMON, *arguments], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, encoding="utf-8")  # fmt: skip


@contextlib.contextmanager
def started(*arguments):
    """A daemon that is ready, and gone afterwards however it goes."""
    process = start(*arguments)
    try:
        wait_until_ready(process)
        yield process
    finally:
        process.kill()
        process.wait()


def stop_gently(process):
    """What it has complained of by its end, which is as it should be."""
    process.terminate()
    said = complaints(process.communicate(timeout=PATIENCE)[1])
    assert process.returncode == 0, said
    return said


@contextlib.contextmanager
def serving(folder, exports, says=(), most_says=None, **options):
    """A daemon that has to end well, and to have said no more than this, or so many lines."""
    daemon = Daemon(folder, exports, **options)
    try:
        yield daemon
        said = daemon.stop()
        assert said == list(says) if most_says is None else len(said) <= most_says, said
    finally:
        daemon.process.kill()
        daemon.process.wait()
        for stream in (daemon.process.stdout, daemon.process.stderr):
            stream.close()


def qemu_io(daemon, *commands):
    words = [word for command in commands for word in ("-c", command)]
    said = run("qemu-io", "-f", "raw", *words, daemon.uri("disk"))
    assert "failed" not in said and "error" not in said, said
    return said
