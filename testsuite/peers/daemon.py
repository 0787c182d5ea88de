# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The storage daemon for one test, and the tools of others that judge it."""

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess

import pytest

DAEMON = os.environ["STORAGE_DAEMON"]
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


class Daemon:
    """Listens at a path, and at a port if it is to."""

    def __init__(self, folder, exports, options=()):
        self.path = os.path.join(folder, "socket")
        command = [DAEMON, "--socket", self.path, *options]
        for name, source in exports.items():
            command += ["--export", f"{name}={source}"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        encoding="utf-8")  # fmt: skip
        self.port = None
        for _ in range(2 if "--port" in options else 1):
            line = self.process.stdout.readline()
            assert line.startswith("listening at "), self.process.stderr.read()
            if port := re.search(r" port (\d+)$", line):
                self.port = int(port[1])

    def uri(self, name=""):
        return f"nbd+unix:///{name}?socket={self.path}"

    def stop(self):
        """As an administrator does; the lines that it has said about its clients."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        said = self.process.communicate(timeout=PATIENCE)[1]
        assert self.process.returncode == 0, said
        return said.splitlines()


@contextlib.contextmanager
def serving(folder, exports, options=(), says=()):
    """A daemon that has to end well, and to have said no more than this."""
    daemon = Daemon(folder, exports, options)
    try:
        yield daemon
        assert daemon.stop() == list(says)
    finally:
        daemon.process.kill()
        daemon.process.wait()


def qemu_io(daemon, *commands):
    words = [word for command in commands for word in ("-c", command)]
    said = run("qemu-io", "-f", "raw", *words, daemon.uri("disk"))
    assert "failed" not in said and "error" not in said, said
    return said
