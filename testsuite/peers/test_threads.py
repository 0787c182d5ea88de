# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which threads serve an export: what its options say is what the daemon's metrics tell, whether it
was said on the command line, in YAML or over QMP."""

import json
import re
import socket
import urllib.request

import pytest
from daemon import PATIENCE, node_of, start, wait_until_ready
from front_end import FrontEnd, Ring
from qmp import QmpError, connected

QUEUES = 4
# Queue 1 alone in one thread, and the others in another.
MAPPING = [{"iothread": "io1", "vqs": [1]}, {"iothread": "io0", "vqs": [3, 0, 2]}]
SERVED_BY = ["io0", "io1", "io0", "io0"]


class Threads:
    """A daemon with three threads, a disk, and metrics."""

    def __init__(self, folder, *arguments):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.qmp_path = str(folder / "qmp")
        self.process = start(
            *(word for number in range(3) for word in ("--object", f"iothread,id=io{number}")),
            "--blockdev", node_of("disk", "null:1G"), "--metrics", f"addr={self.port}",
            "--chardev", f"socket,id=qmp,path={self.qmp_path},server=on,wait=off",
            "--monitor", "chardev=qmp", *arguments)  # fmt: skip

    def __enter__(self):
        wait_until_ready(self.process)
        return self

    def __exit__(self, kind, *_):
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE)
        assert kind is not None or self.process.returncode == 0

    def served(self):
        """How many requests each thread has served."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics") as answer:
            text = answer.read().decode()
        found = re.findall(r'lockvet_export_context_requests_total\{export="e",context="(\w+)"\} '
                           r"(\d+)", text)  # fmt: skip
        return {name: int(number) for name, number in found}


def options_of(path):
    return {"type": "vhost-user-blk", "id": "e", "node-name": "disk", "num-queues": QUEUES,
            "addr": {"type": "unix", "path": str(path)}, "iothread-vq-mapping": MAPPING}  # fmt: skip


def as_arguments(options):
    return {key.replace("-", "_"): value for key, value in options.items()}


def as_words(name, value):
    """As it stands in key=value,key=value."""
    if isinstance(value, dict):
        return [word for key, one in value.items()
                for word in as_words(f"{name}.{key}" if name else key, one)]  # fmt: skip
    if isinstance(value, list):
        return [word for number, one in enumerate(value)
                for word in as_words(f"{name}.{number}", one)]  # fmt: skip
    return [f"{name}={value}"]


@pytest.mark.parametrize("how", ["command line", "JSON", "YAML", "QMP"])
def test_queues_go_where_they_are_mapped(tmp_path, how):
    path = tmp_path / "socket"
    options = options_of(path)
    arguments = []
    if how == "command line":
        arguments = ["--export", ",".join(as_words("", options))]
    elif how == "JSON":
        arguments = ["--export", json.dumps(options)]
    elif how == "YAML":
        (tmp_path / "config").write_text(json.dumps({"export": [options]}))
        arguments = ["--config", str(tmp_path / "config")]
    with Threads(tmp_path, *arguments) as daemon:
        if how == "QMP":
            with connected(daemon.qmp_path) as client:
                client.run("block-export-add", **as_arguments(options))
        expected = dict.fromkeys(("io0", "io1"), 0)
        assert daemon.served() == expected
        for queue in range(QUEUES):
            with FrontEnd(path) as front_end:
                front_end.negotiate()
                ring = Ring(front_end, queue)
                ring.publish(*(ring.read_request(slot) for slot in range(queue + 1)))
                ring.wait_for_used(queue + 1)
                ring.close()
            expected[SERVED_BY[queue]] += queue + 1
            assert daemon.served() == expected


def test_connections_take_turns(tmp_path):
    nbd = pytest.importorskip("nbd", reason="run scripts/install-dependencies")
    path = tmp_path / "nbd"
    with Threads(tmp_path, "--nbd-server", f"addr.type=unix,addr.path={path}", "--export",
                 "nbd,id=e,node-name=disk,iothread.0=io2,iothread.1=io0") as daemon:  # fmt: skip
        assert daemon.served() == {"io2": 0, "io0": 0}
        clients = [nbd.NBD() for _ in range(4)]
        for client in clients:
            client.connect_unix(str(path))
        for number, client in enumerate(clients):
            for _ in range(10**number):
                client.pread(512, 0)
        assert daemon.served() == {"io2": 101, "io0": 1010}
        for client in clients:
            client.shutdown()


def test_what_is_no_mapping_is_refused(tmp_path):
    cases = [
        ("leaves out 3", [{"iothread": "io0", "vqs": [0, 1, 2]}]),
        ("names 0 twice", [{"iothread": "io0", "vqs": [0, 1, 2, 3]},
                           {"iothread": "io1", "vqs": [0]}]),
        ("names 4, and there are 4", [{"iothread": "io0", "vqs": [0, 1, 2, 3, 4]}]),
        ("or none", [{"iothread": "io0", "vqs": [0, 1, 2, 3]}, {"iothread": "io1"}]),
        ("'io0' twice", [{"iothread": "io0"}, {"iothread": "io0"}]),
        ("no iothread 'io9'", [{"iothread": "io9"}]),
        ("names no iothread", []),
    ]  # fmt: skip
    with Threads(tmp_path) as daemon, connected(daemon.qmp_path) as client:
        for complaint, mapping in cases:
            options = options_of(tmp_path / "socket") | {"iothread-vq-mapping": mapping}
            with pytest.raises(QmpError, match=re.escape(complaint)):
                client.run("block-export-add", **as_arguments(options))
        options = options_of(tmp_path / "socket") | {"iothread": "io0"}
        with pytest.raises(QmpError, match="can't both be given"):
            client.run("block-export-add", **as_arguments(options))
