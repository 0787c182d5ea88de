# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Nodes that are opened for reading only or for writing while a client writes and verifies, and
commits into backing images, which are open for reading only as QEMU's are."""

import json

import pytest
from daemon import MIB, qemu_io, run, serving, tool
from qmp import QmpError, connected
from test_control import (
    add_overlay,
    empty_image,  # noqa: F401
    expect_success,
    make_image,
    verified_load,
)
from test_jobs import expect_clean, finish


def make_chain(folder, image, layers):
    """Overlays of an image; their files, which name each the one before."""
    files = [image]
    for number in range(layers):
        files.append(make_image(folder / f"layer{number}.qcow2", files[-1]))
        run("qemu-io", "-f", "qcow2", "-c", f"write -P {number + 1} {56 + number}M 1M", files[-1])
    return files


def nodes_by_file(client):
    """The names of nodes of images, and whether they are open for reading only."""
    return {node["file"]: (node["node-name"], node["ro"])
            for node in client.run("query-named-block-nodes") if node["drv"] == "qcow2"}  # fmt: skip


def read_only(client, path):
    return nodes_by_file(client)[str(path)][1]


def reopen(client, name, value, **more):
    file = {"driver": "qcow2", "node-name": name, "read-only": value, **more}
    (node,) = [node for node in client.run("query-named-block-nodes")
               if node["node-name"] == name]  # fmt: skip
    (below,) = [child["node-name"] for child in node["children"] if child["child"] == "file"]
    client.run("blockdev-reopen", options=[{"file": below, **file}])


def test_a_backing_image_is_reopened_under_load(tmp_path, image):
    top = make_chain(tmp_path, image, 1)[-1]
    with serving(tmp_path, {"disk": f"qcow2:{top}"}, threads=2) as daemon:
        load = verified_load(daemon, tmp_path)
        with connected(daemon.qmp_path) as client:
            base, ro = nodes_by_file(client)[str(image)]
            assert ro
            for number in range(100):
                if number >= 10 and load.poll() is not None:
                    break
                reopen(client, base, number % 2 == 1)
                assert read_only(client, image) == (number % 2 == 1)
            with pytest.raises(QmpError, match="needs 'write' on it"):
                reopen(client, "node0", True)
            assert not read_only(client, top)
        expect_success(load)
    expect_clean(image)
    expect_clean(top)


def test_a_disk_is_reopened_without_its_writer(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:
            qemu_io(daemon, "write -P 7 0 1M")
            client.run("block-export-del", id="export0", mode="hard")
            client.wait_event("BLOCK_EXPORT_DELETED")
            reopen(client, "node0", True)
            # All that was kept in memory is in the file, which another may open now.
            expect_clean(image)
            assert "failed" not in run("qemu-io", "-r", "-f", "qcow2", "-c", "read -P 7 0 1M",
                                       image)  # fmt: skip
            with pytest.raises(QmpError, match="open for reading only"):
                client.run("block-export-add", type="nbd", id="again", node_name="node0",
                           name="disk", writable=True)  # fmt: skip
            reopen(client, "node0", False)
            client.run("block-export-add", type="nbd", id="again", node_name="node0",
                       name="disk", writable=True)  # fmt: skip
            qemu_io(daemon, "read -P 7 0 1M", "write -P 8 1M 1M", "read -P 8 1M 1M")
            # The file alone can't be, since the image writes to it.
            (file,) = [node["node-name"] for node in client.run("query-named-block-nodes")
                       if node["drv"] == "file"]  # fmt: skip
            with pytest.raises(QmpError, match="needs 'write"):
                client.run("blockdev-reopen", options=[
                    {"driver": "file", "node-name": file, "filename": str(image),
                     "read-only": True}])  # fmt: skip
    expect_clean(image)


def test_bitmaps_that_an_image_keeps_are_stored_when_it_is_for_reading_only(tmp_path, image):
    def flags():
        info = json.loads(run(tool("qemu-img"), "info", "-U", "--output=json", image))
        (bitmap,) = info["format-specific"]["data"]["bitmaps"]
        return set(bitmap["flags"])

    def count(client):
        (node,) = [node for node in client.run("query-named-block-nodes")
                   if node["node-name"] == "node0"]  # fmt: skip
        (bitmap,) = node["dirty-bitmaps"]
        return bitmap["count"]

    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:
            client.run("block-dirty-bitmap-add", node="node0", name="kept", persistent=True)
            qemu_io(daemon, "write 0 128k")
            client.run("block-export-del", id="export0", mode="hard")
            client.wait_event("BLOCK_EXPORT_DELETED")
            reopen(client, "node0", True)
            assert flags() == {"auto"} and count(client) == 2 * 65536
            with pytest.raises(QmpError, match="reading only|read-only|be changed"):
                client.run("block-dirty-bitmap-clear", node="node0", name="kept")
            reopen(client, "node0", False)
            assert "in-use" in flags()
            client.run("block-export-add", type="nbd", id="again", node_name="node0",
                       name="disk", writable=True)  # fmt: skip
            qemu_io(daemon, "write 1M 64k")
            assert count(client) == 3 * 65536
    assert flags() == {"auto"}
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:
            assert count(client) == 3 * 65536
    expect_clean(image)


def test_layers_are_committed_into_images_that_are_read_only(tmp_path, image):
    files = make_chain(tmp_path, image, 3)
    with serving(tmp_path, {"disk": f"qcow2:{files[-1]}"}, threads=2) as daemon:
        load = verified_load(daemon, tmp_path)
        with connected(daemon.qmp_path) as client:
            names = {path: name for path, (name, _) in nodes_by_file(client).items()}
            base, low = names[str(files[0])], names[str(files[1])]
            client.run("block-commit", job_id="commit", device="node0", top_node=low,
                       base_node=base, speed=MIB)  # fmt: skip
            assert not read_only(client, image)
            with pytest.raises(QmpError, match="write"):
                reopen(client, base, True)
            client.run("block-job-set-speed", device="commit", speed=0)
            finish(client, "commit")
            assert read_only(client, image) and read_only(client, files[2])
            client.run("block-commit", job_id="commit", device="node0", base_node=base)
            finish(client, "commit", ready=True)
            (export,) = client.run("query-block-exports")
            assert export["node-name"] == base
            assert not read_only(client, image)
        expect_success(load)
        run("qemu-img", "convert", "-f", "raw", "-O", "raw", daemon.uri("disk"),
            tmp_path / "disk.raw")  # fmt: skip
    expect_clean(image)
    run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", tmp_path / "disk.raw", image)
    for number in range(3):
        assert "failed" not in run("qemu-io", "-f", "qcow2", "-c",
                                   f"read -P {number + 1} {56 + number}M 1M", image)  # fmt: skip


def test_a_kill_while_a_read_only_image_is_committed_to(tmp_path, image):
    files = make_chain(tmp_path, image, 2)
    with pytest.raises(AssertionError), serving(
        tmp_path, {"disk": f"qcow2:{files[-1]}"}, threads=2
    ) as daemon:
        load = verified_load(daemon, tmp_path)
        with connected(daemon.qmp_path) as client:
            names = {path: name for path, (name, _) in nodes_by_file(client).items()}
            client.run("block-commit", job_id="commit", device="node0",
                       top_node=names[str(files[1])], base_node=names[str(image)],
                       speed=4 * MIB)  # fmt: skip
            done = 0
            while done == 0:
                (job,) = client.run("query-jobs")
                done = job["current-progress"]
            daemon.process.kill()
        load.communicate()
    for path in files:
        report = json.loads(run(tool("qemu-img"), "check", "-r", "leaks", "--output=json",
                                "-f", "qcow2", path))  # fmt: skip
        assert report.get("corruptions", 0) == 0 and report["check-errors"] == 0
    for number in range(2):
        assert "failed" not in run("qemu-io", "-f", "qcow2", "-c",
                                   f"read -P {number + 1} {56 + number}M 1M", files[-1])  # fmt: skip


def test_options_of_a_file_that_is_described_may_be_said_again(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, read_only=True) as daemon:
        with connected(daemon.qmp_path) as client:
            same = {"driver": "file", "filename": str(image)}
            client.run("blockdev-reopen", options=[
                {"driver": "qcow2", "node-name": "node0", "read-only": False, "file": same}])  # fmt: skip
            assert not read_only(client, image)
            add_overlay(client, tmp_path, 0, image)
            with pytest.raises(QmpError, match="what belongs to its driver can't be changed"):
                client.run("blockdev-reopen", options=[
                    {"driver": "qcow2", "node-name": "node0",
                     "file": {**same, "filename": "/nowhere"}}])  # fmt: skip
    expect_clean(image)
