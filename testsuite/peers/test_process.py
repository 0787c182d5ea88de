# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the daemon is to those who start it: options, files, signals, and systemd."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import pytest
from daemon import DAEMON, MIB, PATIENCE, complaints, run, start, tool, wait_until_ready
from qmp import connected

SYSTEMD = pathlib.Path(__file__).parents[2] / "examples/hypervisor/systemd"


def refused(*arguments):
    process = start(*arguments)
    said = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 1
    assert said.startswith("lockvet-blockd: ") and said.count("\n") == 1, said
    return said


def test_what_is_not_there_is_named():
    for arguments, what in (
        (["--vnc", ":1"], "--vnc is no option that is supported"),
        (["disk.img"], "'disk.img' is no option"),
        (["--blockdev"], "--blockdev needs a value"),
        (["--blockdev", "driver=file,node-name=a"], "'filename' is missing"),
        (["--blockdev", "file,node-name=a,filename=/nowhere"], "can't open '/nowhere'"),
        (["--blockdev", '{"driver": "file", '], "begins as JSON does, and is none"),
        (["--object", "memory-backend-ram,id=a"], "'qom-type' must be one of iothread"),
        (["--export", "nbd,id=a,node-name=b"], "the NBD server is not running"),
        (["--chardev", "socket,id=a,path=b"], "'server' has to be on"),
        (["--chardev", "stdio,id=a"], "'backend' must be one of socket"),
        (["--monitor", "chardev=a"], "there is no chardev 'a'"),
        (["--metrics", "addr=here"], "no address such as"),
        (["--config", "/nowhere"], "'/nowhere' can't be read"),
    ):
        assert what in refused(*arguments)


def test_help_and_version_are_given():
    assert "--blockdev" in run(DAEMON, "--help")
    assert run(DAEMON, "--version").startswith("lockvet-blockd ")


def test_json_on_the_command_line(tmp_path):
    tool("nbdinfo")
    path = tmp_path / "socket"
    process = start(
        "--blockdev", json.dumps({"driver": "null-co", "node-name": "null", "size": MIB}),
        "--nbd-server", json.dumps({"addr": {"type": "unix", "path": str(path)}}),
        "--export", json.dumps({"type": "nbd", "id": "a", "node-name": "null"}),
    )  # fmt: skip
    wait_until_ready(process)
    (export,) = json.loads(run("nbdinfo", "--json", f"nbd+unix:///null?socket={path}"))["exports"]
    assert export["export-size"] == MIB and export["is_read_only"] is True
    process.send_signal(signal.SIGINT)
    assert complaints(process.communicate(timeout=PATIENCE)[1]) == []
    assert process.returncode == 0 and not path.exists()


def test_a_configuration_file(tmp_path):
    """The one that comes with the unit for systemd, with its paths here."""
    tool("nbdinfo")
    run(tool("qemu-img"), "create", "-q", "-f", "qcow2", tmp_path / "disk.qcow2", "8M")
    config = tmp_path / "config.yaml"
    text = (SYSTEMD / "lockvet-blockd.yaml").read_text()
    text = text.replace("/run/lockvet-blockd", str(tmp_path))
    config.write_text(text.replace("filename: ", f"filename: {tmp_path}/"))
    process = start("--config", str(config))
    wait_until_ready(process)
    uri = f"nbd+unix:///disk?socket={tmp_path}/nbd.sock"
    (export,) = json.loads(run("nbdinfo", "--json", uri))["exports"]
    assert export["export-size"] == 8 * MIB and export["is_read_only"] is False
    with connected(tmp_path / "qmp.sock") as client:
        assert {one["id"] for one in client.run("query-iothreads")} == {"io0", "io1"}
        client.run("quit")
    assert complaints(process.communicate(timeout=PATIENCE)[1]) == []
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("blockdev: [", "line 1:"),
        ("\nblockdevs: []", "line 2: only object"),
        ("blockdev: [1]", "has to be a list of maps"),
        ("blockdev:\n- {driver: file, node-name: a, filename: x, size: 1}", "'size' is not"),
        ("a: &a [1]\nobject: *a", "only object"),
    ],
)
def test_a_mistake_in_a_configuration_is_named(tmp_path, text, what):
    config = tmp_path / "config.yaml"
    config.write_text(text)
    assert what in refused("--config", str(config))


def test_in_the_background(tmp_path):
    number = tmp_path / "pid"
    arguments = ["--blockdev", "null-co,node-name=null", "--pidfile", str(number), "--chardev",
                 f"socket,id=a,path={tmp_path}/qmp,server=on,wait=off", "--monitor", "chardev=a"]
    # It comes back when everything is set up.
    run(DAEMON, *arguments, "--daemonize")
    pid = int(number.read_text())
    try:
        with connected(tmp_path / "qmp") as client:
            client.run("query-version")
            assert "that of a process that runs" in refused("--pidfile", str(number))
            client.run("quit")
    finally:
        for _ in range(PATIENCE * 100):
            if not os.path.exists(f"/proc/{pid}"):
                break
            time.sleep(0.01)
        else:
            os.kill(pid, signal.SIGKILL)
    assert not number.exists()
    # What is wrong is said by who was started.
    failed = subprocess.run([DAEMON, "--daemonize", "--blockdev", "file,node-name=a,filename=/no"],
                            capture_output=True, check=False, encoding="utf-8",
                            timeout=PATIENCE)  # fmt: skip
    assert failed.returncode == 1 and "can't open" in failed.stderr


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told(tmp_path, abstract):
    name = f"\0lockvet-test.{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(name)
        manager.settimeout(PATIENCE)
        process = subprocess.Popen([DAEMON], stderr=subprocess.PIPE, encoding="utf-8",
                                   env={"NOTIFY_SOCKET": name.replace("\0", "@")})  # fmt: skip
        assert manager.recv(64) == b"READY=1"
        process.terminate()
        assert manager.recv(64) == b"STOPPING=1"
        assert complaints(process.communicate(timeout=PATIENCE)[1]) == []
        assert process.returncode == 0


def test_the_unit_is_one_and_leaves_little_to_attack(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / "lockvet-blockd.service"
    unit.write_text((SYSTEMD / unit.name).read_text().replace("/usr/bin/lockvet-blockd", DAEMON))
    verified = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True,
                              check=False, encoding="utf-8")  # fmt: skip
    assert unit.name not in verified.stderr, verified.stderr
    run("systemd-analyze", "security", "--offline=true", "--threshold=20", unit)
