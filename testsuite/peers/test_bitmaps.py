# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Dirty bitmaps and internal snapshots in qcow2 images, by QMP, and qemu-img's view of them."""

import json
import signal

import pytest
from daemon import MIB, Daemon, qemu_io, run, serving, tool
from qmp import QmpError, connected
from test_control import (
    empty_image,  # noqa: F401
    expect_success,
    verified_load,
)
from test_jobs import finish, make_node


def bitmaps_of(client, node="node0"):
    (info,) = [info for info in client.run("query-named-block-nodes") if info["node-name"] == node]
    return {bitmap["name"]: bitmap for bitmap in info["dirty-bitmaps"]}


def snapshots_of(client, node="node0"):
    (info,) = [info for info in client.run("query-named-block-nodes") if info["node-name"] == node]
    return info["image"].get("snapshots", [])


def dirty_areas(daemon, export, bitmap):
    extents = json.loads(run(tool("nbdinfo"), "--json", f"--map=qemu:dirty-bitmap:{bitmap}",
                             daemon.uri(export)))  # fmt: skip
    return [(extent["offset"], extent["length"]) for extent in extents if extent["type"] == 1]


def expect_clean(path):
    assert "No errors were found" in run("qemu-img", "check", "-f", "qcow2", path)


def flags_in(path):
    info = json.loads(run("qemu-img", "info", "--output=json", path))
    bitmaps = info["format-specific"]["data"].get("bitmaps", [])
    return {bitmap["name"]: set(bitmap["flags"]) for bitmap in bitmaps}


def flags_in_use(path):
    """Whether all bitmaps are marked, as another process sees it while the daemon has them."""
    info = json.loads(run("qemu-img", "info", "-U", "--output=json", path))
    bitmaps = info["format-specific"]["data"]["bitmaps"]
    return all("in-use" in bitmap["flags"] for bitmap in bitmaps)


# --- bitmaps -------------------------------------------------------------------------------------


def test_bitmaps_are_kept(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:
            for name, disabled in (("kept", False), ("stopped", True), ("gone", False)):
                client.run("block-dirty-bitmap-add", node="node0", name=name, persistent=True,
                           disabled=disabled)  # fmt: skip
            client.run("block-dirty-bitmap-add", node="node0", name="temporary")
            qemu_io(daemon, "write -P 1 0 128k", "write -P 2 8M 64k")
            client.run("block-dirty-bitmap-merge", node="node0", target="stopped",
                       bitmaps=["temporary"])  # fmt: skip
            client.run("block-dirty-bitmap-clear", node="node0", name="gone")
            client.run("block-dirty-bitmap-remove", node="node0", name="gone")
            found = bitmaps_of(client)
            assert {name: bitmap["persistent"] for name, bitmap in found.items()} == {
                "kept": True, "stopped": True, "temporary": False}  # fmt: skip
    expect_clean(image)
    assert flags_in(image) == {"kept": {"auto"}, "stopped": set()}
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:
            assert flags_in_use(image)
            found = bitmaps_of(client)
            assert found["kept"]["recording"] and not found["stopped"]["recording"]
            assert found["kept"]["count"] == found["stopped"]["count"] == 3 * 65536
            qemu_io(daemon, "write -P 3 16M 4k")
            client.run("block_resize", node_name="node0", size=96 * MIB)
            client.run("block-export-add", type="nbd", id="with", node_name="node0",
                       name="with", bitmaps=["kept"])  # fmt: skip
            assert dirty_areas(daemon, "with", "kept") == [
                (0, 131072), (8 * MIB, 65536), (16 * MIB, 65536)]  # fmt: skip
            client.run("block-export-del", id="with")
            target = make_node(client, tmp_path, "target")
            client.run("block_resize", node_name="target", size=96 * MIB)
            client.run("blockdev-backup", job_id="backup", device="node0", target="target",
                       sync="incremental", bitmap="kept")  # fmt: skip
            finish(client, "backup")
            assert bitmaps_of(client)["kept"]["count"] == 0
            qemu_io(daemon, "write -P 4 32M 64k")
    expect_clean(image)
    copied = json.loads(run("qemu-img", "map", "--output=json", "-f", "qcow2", target))
    assert [piece["start"] for piece in copied if piece["data"]] == [0, 8 * MIB, 16 * MIB]
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, read_only=True) as daemon:
        with connected(daemon.qmp_path) as client:
            assert bitmaps_of(client)["kept"]["count"] == 65536
            with pytest.raises(QmpError, match="open for reading only"):
                client.run("block-dirty-bitmap-clear", node="node0", name="kept")
            client.run("block-export-add", type="nbd", id="with", node_name="node0",
                       name="with", bitmaps=["kept"])  # fmt: skip
            assert dirty_areas(daemon, "with", "kept") == [(32 * MIB, 65536)]
            client.run("block-export-del", id="with")


def test_bitmaps_are_inconsistent_after_a_kill(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:
            client.run("block-dirty-bitmap-add", node="node0", name="kept", persistent=True)
    daemon = Daemon(tmp_path, {"disk": f"qcow2:{image}"})
    qemu_io(daemon, "write -P 1 0 128k", "flush")
    daemon.process.send_signal(signal.SIGKILL)
    daemon.process.communicate()
    assert flags_in(image) == {"kept": {"in-use", "auto"}}
    assert "ERROR" not in run("qemu-img", "check", "-f", "qcow2", image)
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:
            lost = bitmaps_of(client)["kept"]
            assert lost["inconsistent"] and lost["persistent"] and not lost["recording"]
            for command in ("clear", "enable", "disable"):
                with pytest.raises(QmpError, match="is inconsistent"):
                    client.run(f"block-dirty-bitmap-{command}", node="node0", name="kept")
            with pytest.raises(QmpError, match="is inconsistent"):
                client.run("block-export-add", type="nbd", id="with", node_name="node0",
                           name="with", bitmaps=["kept"])  # fmt: skip
            client.run("block-dirty-bitmap-remove", node="node0", name="kept")
            assert bitmaps_of(client) == {}
    assert flags_in(image) == {}
    expect_clean(image)


# --- snapshots -----------------------------------------------------------------------------------


def take(client, name, device="node0"):
    client.run("blockdev-snapshot-internal-sync", device=device, name=name)


def test_internal_snapshots_under_load(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, threads=2) as daemon:
        qemu_io(daemon, "write -P 7 0 64M")
        with connected(daemon.qmp_path) as client:
            take(client, "before")
            load = verified_load(daemon, tmp_path)
            for number in range(40):
                if number >= 10 and load.poll() is not None:
                    break
                take(client, f"s{number}")
                if number % 2 == 1:
                    gone = client.run("blockdev-snapshot-delete-internal-sync", device="node0",
                                      name=f"s{number - 1}")  # fmt: skip
                    assert gone["name"] == f"s{number - 1}" and gone["vm-state-size"] == 0
            left = {snapshot["name"]: snapshot["id"] for snapshot in snapshots_of(client)}
            assert left["before"] == "1" and "s0" not in left
            expect_success(load)
            run("qemu-img", "convert", "-f", "raw", "-O", "raw", daemon.uri("disk"),
                tmp_path / "disk.raw")  # fmt: skip
            with pytest.raises(QmpError, match="a snapshot 'before' already"):
                take(client, "before")
            with pytest.raises(QmpError, match="no snapshot with the name 's0'"):
                client.run("blockdev-snapshot-delete-internal-sync", device="node0", name="s0")
            with pytest.raises(QmpError, match="'id' or 'name'"):
                client.run("blockdev-snapshot-delete-internal-sync", device="node0")
            file = [info["node-name"] for info in client.run("query-named-block-nodes")
                    if info["drv"] == "file"][0]  # fmt: skip
            with pytest.raises(QmpError, match="no qcow2 image"):
                take(client, "s", file)
    expect_clean(image)
    info = json.loads(run("qemu-img", "info", "--output=json", image))
    assert {snapshot["name"]: snapshot["id"] for snapshot in info["snapshots"]} == left
    run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", tmp_path / "disk.raw", image)
    run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", "-l", "snapshot.name=before", image,
        tmp_path / "before.raw")  # fmt: skip
    with open(tmp_path / "before.raw", "rb") as before:
        assert before.read() == b"\x07" * (64 * MIB)


def test_internal_snapshots_in_transactions(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        qemu_io(daemon, "write -P 1 0 1M")
        with connected(daemon.qmp_path) as client:

            def transaction(*actions):
                client.run("transaction", actions=[
                    {"type": name, "data": data} for name, data in actions])  # fmt: skip

            snapshot = ("blockdev-snapshot-internal-sync", {"device": "node0", "name": "one"})
            with pytest.raises(QmpError, match="no dirty bitmap 'none'"):
                transaction(snapshot, ("block-dirty-bitmap-clear",
                                       {"node": "node0", "name": "none"}))  # fmt: skip
            assert snapshots_of(client) == []
            transaction(snapshot, ("block-dirty-bitmap-add",
                                   {"node": "node0", "name": "since", "persistent": True}))
            qemu_io(daemon, "write -P 2 0 1M")
            assert [found["name"] for found in snapshots_of(client)] == ["one"]
            assert bitmaps_of(client)["since"]["count"] == MIB
    expect_clean(image)
    run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", "-l", "snapshot.name=one", image,
        tmp_path / "one.raw")  # fmt: skip
    with open(tmp_path / "one.raw", "rb") as one:
        assert one.read(MIB) == b"\x01" * MIB
