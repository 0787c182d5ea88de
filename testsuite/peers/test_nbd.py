# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The NBD export, judged by other people's clients: libnbd's, QEMU's and fio's."""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess

import pytest
from daemon import MIB, PATIENCE, Daemon, make_file, qemu_io, run, same, serving, tool


@pytest.fixture(name="disk")
def empty_disk(tmp_path):
    path = tmp_path / "disk"
    with open(path, "wb") as file:
        file.truncate(64 * MIB)
    return path


# --- libnbd --------------------------------------------------------------------------------------


def test_nbdinfo_reads_what_is_offered(tmp_path, disk):
    tool("nbdinfo")
    with serving(tmp_path, {"disk": disk}) as daemon:
        for uri in (daemon.uri("disk"), daemon.uri()):
            info = json.loads(run("nbdinfo", "--json", uri))
            assert info["protocol"] == "newstyle-fixed"
            assert info["structured"] is True
            (export,) = info["exports"]
            assert export["export-size"] == 64 * MIB
            assert export["contexts"] == ["base:allocation"]
            offers = {name for name, value in export.items() if value is True}
            assert offers == {"can_df", "can_fast_zero", "can_flush", "can_fua", "can_multi_conn",
                              "can_trim", "can_zero"}  # fmt: skip


def test_nbdinfo_of_a_read_only_export(tmp_path, disk):
    tool("nbdinfo")
    with serving(tmp_path, {"disk": disk}, read_only=True) as daemon:
        (export,) = json.loads(run("nbdinfo", "--json", daemon.uri()))["exports"]
        assert export["is_read_only"] is True
        assert export["can_zero"] is False


def test_nbdinfo_lists_exports(tmp_path, disk):
    tool("nbdinfo")
    exports = {"disk": disk, "some, zeroes": "null:1M", "zeroes": "null:1T"}
    with serving(tmp_path, exports) as daemon:
        listed = json.loads(run("nbdinfo", "--list", "--json", daemon.uri()))["exports"]
        assert [export["export-name"] for export in listed] == list(exports)
        assert [export["description"] for export in listed] == [str(s) for s in exports.values()]


def test_nbdinfo_maps_holes(tmp_path, disk):
    tool("nbdinfo")
    with open(disk, "r+b") as file:
        file.seek(8 * MIB)
        file.write(b"x" * MIB)
    with serving(tmp_path, {"disk": disk}) as daemon:
        extents = json.loads(run("nbdinfo", "--map", "--json", daemon.uri()))
    assert [(one["offset"], one["length"], one["description"]) for one in extents] == [
        (0, 8 * MIB, "hole,zero"),
        (8 * MIB, MIB, "data"),
        (9 * MIB, 55 * MIB, "hole,zero"),
    ]


@pytest.mark.parametrize("requests", [1, 64])
def test_nbdcopy_with_four_connections(tmp_path, disk, requests):
    tool("nbdcopy")
    source = make_file(tmp_path / "source", 64 * MIB, 1)
    copy = ("nbdcopy", "--threads=4", "--connections=4", f"--requests={requests}",
            "--flush")  # fmt: skip
    with serving(tmp_path, {"disk": disk}, threads=2) as daemon:
        run(*copy, source, daemon.uri("disk"))
        run(*copy, daemon.uri("disk"), tmp_path / "back")
    assert same(source, tmp_path / "back")
    assert same(source, disk)


@pytest.mark.parametrize("flushed_by", [0, 3])
def test_a_flush_covers_what_other_connections_wrote(tmp_path, flushed_by):
    """An image keeps tables in memory until a flush. The daemon dies right after that of one."""
    nbd = pytest.importorskip("nbd", reason="run scripts/install-dependencies")
    image = tmp_path / "image.qcow2"
    run(tool("qemu-img"), "create", "-q", "-f", "qcow2", image, 64 * MIB)
    daemon = Daemon(tmp_path, {"disk": f"qcow2:{image}"}, threads=2)
    try:
        clients = [nbd.NBD() for _ in range(4)]
        for client in clients:
            client.connect_uri(daemon.uri("disk"))
            assert client.can_multi_conn()
        # Of each cluster a part by each, so that they need one another's tables.
        for part in range(64):
            clients[part % 4].pwrite(bytes([part + 1]) * 32768, part * 32768)
        clients[flushed_by].flush()
        daemon.process.kill()
        daemon.process.wait()
        for client in clients:
            # Its connection has ended, and it wants to be told so.
            with pytest.raises(nbd.Error):
                client.pread(512, 0)
    finally:
        daemon.process.kill()
        daemon.process.communicate()
    # Leaks are what a death may leave.
    assert subprocess.run(["qemu-img", "check", "-q", image], check=False).returncode in (0, 3)
    patterns = [word for part in range(64)
                for word in ("-c", f"read -P {part + 1} {part * 32768} 32768")]  # fmt: skip
    said = run("qemu-io", "-f", "qcow2", "-r", *patterns, image)
    assert "failed" not in said and "error" not in said, said


def test_what_nbdcopy_has_flushed_survives(tmp_path):
    """Over four connections, of which the daemon dies when the copy has ended."""
    tool("nbdcopy")
    source = make_file(tmp_path / "source", 64 * MIB, 6)
    image = tmp_path / "image.qcow2"
    run(tool("qemu-img"), "create", "-q", "-f", "qcow2", image, 64 * MIB)
    daemon = Daemon(tmp_path, {"disk": f"qcow2:{image}"}, threads=2)
    try:
        run("nbdcopy", "--threads=4", "--connections=4", "--flush", source, daemon.uri("disk"))
    finally:
        daemon.process.kill()
        daemon.process.communicate()
    assert subprocess.run(["qemu-img", "check", "-q", image], check=False).returncode in (0, 3)
    run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", source, image)


# --- QEMU ----------------------------------------------------------------------------------------


def test_qemu_io_patterns(tmp_path, disk):
    tool("qemu-io")
    with serving(tmp_path, {"disk": disk}) as daemon:
        qemu_io(
            daemon,
            "write -P 0x11 0 64k",
            "write -P 0x22 65000 3000",
            "write -f -P 0x33 1M 1M",
            "aio_write -P 0x44 4M 128k",
            "aio_write -P 0x55 5M 128k",
            "aio_flush",
            "write -z 32k 8k",
            "write -z -u 1536k 64k",
            "discard 5M 64k",
            "flush",
        )
        qemu_io(
            daemon,
            "read -P 0x11 0 32k",
            "read -P 0 32k 8k",
            "read -P 0x11 40k 24040",
            "read -P 0x22 65000 3000",
            "read -P 0x33 1M 512k",
            "read -P 0 1536k 64k",
            "read -P 0x33 1600k 448k",
            "read -P 0x44 4M 128k",
            "read -P 0x55 5184k 64k",
            "read -P 0 60M 4M",
        )


def test_qemu_img_converts_both_ways(tmp_path, disk):
    tool("qemu-img")
    source = make_file(tmp_path / "source", 64 * MIB, 2)
    with serving(tmp_path, {"disk": disk}) as daemon:
        run("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", source, daemon.uri("disk"))
        run("qemu-img", "compare", "-f", "raw", "-F", "raw", source, daemon.uri("disk"))
        run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", daemon.uri("disk"),
            tmp_path / "copy.qcow2")  # fmt: skip
    run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", source, tmp_path / "copy.qcow2")


# --- fio -----------------------------------------------------------------------------------------


def test_fio_verifies_what_it_wrote(tmp_path, disk):
    tool("fio")
    if "nbd" not in run("fio", "--enghelp").split():
        pytest.skip("this fio has no engine for NBD")
    with serving(tmp_path, {"disk": disk}, threads=2) as daemon:
        run(
            "fio", "--name=verified", "--ioengine=nbd", f"--uri={daemon.uri('disk')}",
            "--rw=randrw", "--bsrange=512-128k", "--blockalign=512", "--iodepth=32",
            "--size=16M", "--numjobs=4", "--offset_increment=16M", "--fsync=64",
            "--verify=crc32c", "--verify_fatal=1", "--randseed=1",
            cwd=tmp_path,
        )  # fmt: skip


# --- ends ----------------------------------------------------------------------------------------


def sockets_of(process):
    folder = f"/proc/{process.pid}/fd"
    links = [os.readlink(f"{folder}/{name}") for name in os.listdir(folder)]
    return sum(link.startswith("socket:") for link in links)


def test_a_stop_under_load_is_orderly(tmp_path):
    """Clients lose their connections; the daemon ends well and says nothing."""
    tool("nbdcopy")
    with serving(tmp_path, {"disk": "null:1T"}, threads=2) as daemon:
        copy = ["nbdcopy", "--no-extents", "--threads=4", "--connections=4", daemon.uri(), "null:"]
        with subprocess.Popen(copy, stderr=subprocess.DEVNULL) as client:
            # The two that listen, and four.
            while sockets_of(daemon.process) < 6:
                assert client.poll() is None
            daemon.process.send_signal(signal.SIGTERM)
            assert client.wait(timeout=PATIENCE) != 0
            assert daemon.process.wait(timeout=PATIENCE) == 0


def hostile_session(path):
    """Enters the transmission, asks for more than it will take, and closes."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        assert len(client.recv(18, socket.MSG_WAITALL)) == 18
        client.sendall(struct.pack(">I8sII", 3, b"IHAVEOPT", 1, 0))
        assert len(client.recv(10, socket.MSG_WAITALL)) == 10
        for cookie in range(64):
            client.sendall(struct.pack(">IHHQQI", 0x25609513, 0, 0, cookie, 0, 65536))


def test_hostile_sessions_are_survived_in_silence(tmp_path, disk):
    """Another server is known to abort at these, and a second one to fill its log."""
    with serving(tmp_path, {"disk": disk}) as daemon:
        for _ in range(60):
            hostile_session(daemon.path)
        if shutil.which("nbdinfo"):
            run("nbdinfo", daemon.uri())
