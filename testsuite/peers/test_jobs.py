# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Jobs by QMP while a client writes and verifies; what they leave is judged by qemu-img."""

import json

import pytest
from daemon import MIB, run, serving, tool
from qmp import QmpError, connected
from test_control import (
    SIZE,
    add_overlay,
    empty_image,  # noqa: F401
    expect_success,
    verified_load,
)


def finish(client, job, ready=False):
    """Until the job is gone; one that gets ready is told to complete."""
    if ready:
        assert client.wait_event("BLOCK_JOB_READY")["data"]["device"] == job
        client.run("job-complete", id=job)
    done = client.wait_event("BLOCK_JOB_COMPLETED")["data"]
    assert done["device"] == job and "error" not in done
    while client.wait_event("JOB_STATUS_CHANGE")["data"] != {"id": job, "status": "null"}:
        pass


def make_node(client, folder, name, driver="qcow2"):
    """A new image made by the daemon, and its node."""
    path = folder / f"{name}.{driver}"
    jobs = [{"driver": "file", "filename": str(path), "size": 0 if driver == "qcow2" else SIZE}]
    if driver == "qcow2":
        jobs.append({"driver": "qcow2", "file": f"{name}-file", "size": SIZE})
    for number, options in enumerate(jobs):
        if number == 1:
            client.run("blockdev-add", driver="file", node_name=f"{name}-file",
                       filename=str(path))  # fmt: skip
        client.run("blockdev-create", job_id="create", options=options)
        wanted = {"id": "create", "status": "concluded"}
        while client.wait_event("JOB_STATUS_CHANGE")["data"] != wanted:
            pass
        (job,) = client.run("query-jobs")
        assert job["type"] == "create" and "error" not in job
        client.run("job-dismiss", id="create")
    if driver == "qcow2":
        client.run("blockdev-add", driver="qcow2", node_name=name, file=f"{name}-file")
    else:
        client.run("blockdev-add", driver="file", node_name=name, filename=str(path))
    return path


def expect_clean(path):
    assert "No errors were found" in run("qemu-img", "check", "-f", "qcow2", path)


def test_snapshots_are_committed_under_load(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, threads=2) as daemon:
        load = verified_load(daemon, tmp_path)
        with connected(daemon.qmp_path) as client:
            file = image
            for number, below in enumerate(("node0", "overlay0", "overlay1")):
                file = add_overlay(client, tmp_path, number, file)
                client.run("blockdev-snapshot", node=below, overlay=f"overlay{number}")
            # The layer in the middle, and then all that is above the first.
            client.run("block-commit", job_id="commit", device="overlay2", top_node="overlay1",
                       base_node="overlay0")  # fmt: skip
            finish(client, "commit")
            client.run("block-commit", job_id="commit", device="overlay2", base_node="node0")
            finish(client, "commit", ready=True)
            (export,) = client.run("query-block-exports")
            assert export["node-name"] == "node0"
            for number in (2, 1, 0):
                client.run("blockdev-del", node_name=f"overlay{number}")
        expect_success(load)
        run("qemu-img", "convert", "-f", "raw", "-O", "raw", daemon.uri("disk"),
            tmp_path / "disk.raw")  # fmt: skip
    expect_clean(image)
    run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", tmp_path / "disk.raw", image)


def test_a_mirror_takes_over_under_load(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, threads=2) as daemon:
        load = verified_load(daemon, tmp_path)
        with connected(daemon.qmp_path) as client:
            target = make_node(client, tmp_path, "target")
            client.run("blockdev-mirror", job_id="mirror", device="node0", target="target",
                       sync="full")  # fmt: skip
            finish(client, "mirror", ready=True)
            (export,) = client.run("query-block-exports")
            assert export["node-name"] == "target"
            client.run("blockdev-del", node_name="node0")
        expect_success(load)
        run("qemu-img", "convert", "-f", "raw", "-O", "raw", daemon.uri("disk"),
            tmp_path / "disk.raw")  # fmt: skip
    expect_clean(target)
    run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", tmp_path / "disk.raw", target)


def test_an_overlay_takes_over_its_backing_file_under_load(tmp_path, image):
    run("qemu-io", "-f", "qcow2", "-c", "write -P 9 60M 1M", image)
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, threads=2) as daemon:
        load = verified_load(daemon, tmp_path)
        with connected(daemon.qmp_path) as client:
            overlay = add_overlay(client, tmp_path, 0, image)
            client.run("blockdev-snapshot", node="node0", overlay="overlay0")
            client.run("block-stream", job_id="stream", device="overlay0")
            finish(client, "stream")
            client.run("blockdev-del", node_name="node0")
        expect_success(load)
    expect_clean(overlay)
    assert "backing file" not in run("qemu-img", "info", "-f", "qcow2", overlay)
    assert "failed" not in run("qemu-io", "-f", "qcow2", "-c", "read -P 9 60M 1M", overlay)


def test_a_backup_is_of_one_moment_and_then_incremental(tmp_path, image):
    run("qemu-io", "-f", "qcow2", "-c", "write -P 1 0 48M", image)
    before = tmp_path / "before.raw"
    run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", image, before)
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, threads=2) as daemon:
        with connected(daemon.qmp_path) as client:
            target = make_node(client, tmp_path, "target", driver="raw")
            client.run("block-dirty-bitmap-add", node="node0", name="changes", granularity=65536)
            client.run("blockdev-backup", job_id="backup", device="node0", target="target",
                       sync="full", speed=MIB)  # fmt: skip
            # What the load overwrites is copied before, whether the job goes on or not.
            client.run("job-pause", id="backup")
            paused = {"id": "backup", "status": "paused"}
            while client.wait_event("JOB_STATUS_CHANGE")["data"] != paused:
                pass
            expect_success(verified_load(daemon, tmp_path))
            client.run("block-job-set-speed", device="backup", speed=0)
            client.run("job-resume", id="backup")
            finish(client, "backup")
            run("qemu-img", "compare", "-f", "raw", "-F", "raw", "-U", before, target)
            (bitmap,) = client.run("query-named-block-nodes")[0]["dirty-bitmaps"]
            assert 0 < bitmap["count"] <= SIZE and bitmap["recording"]
            client.run("blockdev-backup", job_id="backup", device="node0", target="target",
                       sync="incremental", bitmap="changes")  # fmt: skip
            finish(client, "backup")
            (bitmap,) = client.run("query-named-block-nodes")[0]["dirty-bitmaps"]
            assert bitmap["count"] == 0
    run("qemu-img", "compare", "-f", "qcow2", "-F", "raw", image, target)


def test_verbs_and_states(tmp_path, image):
    run("qemu-io", "-f", "qcow2", "-c", "write -P 1 0 48M", image)
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:
            make_node(client, tmp_path, "target")
            client.run("blockdev-mirror", job_id="mirror", device="node0", target="target",
                       sync="full", speed=MIB, auto_dismiss=False)  # fmt: skip
            with pytest.raises(QmpError, match="mirror"):
                client.run("blockdev-mirror", job_id="mirror", device="node0", target="target",
                           sync="full")  # fmt: skip
            with pytest.raises(QmpError) as raised:
                client.run("block-job-pause", device="none")
            assert raised.value.kind == "DeviceNotActive"
            with pytest.raises(QmpError, match="complete"):
                client.run("job-complete", id="mirror")
            client.run("job-pause", id="mirror")
            paused = {"id": "mirror", "status": "paused"}
            while client.wait_event("JOB_STATUS_CHANGE")["data"] != paused:
                pass
            (job,) = client.run("query-block-jobs")
            assert job["device"] == "mirror" and job["paused"] and job["speed"] == MIB
            with pytest.raises(QmpError, match="in use"):
                client.run("blockdev-del", node_name="target")
            client.run("job-resume", id="mirror")
            client.run("job-cancel", id="mirror")
            assert client.wait_event("BLOCK_JOB_CANCELLED")["data"]["device"] == "mirror"
            concluded = {"id": "mirror", "status": "concluded"}
            while client.wait_event("JOB_STATUS_CHANGE")["data"] != concluded:
                pass
            client.run("job-dismiss", id="mirror")
            assert client.run("query-jobs") == []
            client.run("blockdev-del", node_name="target")
            # The end of the program is one of its jobs, too.
            make_node(client, tmp_path, "other")
            client.run("blockdev-mirror", job_id="last", device="node0", target="other",
                       sync="full", speed=MIB)  # fmt: skip
    expect_clean(image)


def test_bitmaps_in_transactions(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:

            def transaction(*actions):
                client.run("transaction",
                           actions=[{"type": kind, "data": {"node": "node0", **data}}
                                    for kind, data in actions])  # fmt: skip

            def bitmaps():
                (node,) = [node for node in client.run("query-named-block-nodes")
                           if node["node-name"] == "node0"]  # fmt: skip
                return {bitmap["name"]: (bitmap["count"], bitmap["recording"])
                        for bitmap in node["dirty-bitmaps"]}  # fmt: skip

            transaction(("block-dirty-bitmap-add", {"name": "a"}),
                        ("block-dirty-bitmap-add", {"name": "b", "disabled": True}))  # fmt: skip
            run("qemu-io", "-f", "raw", "-c", "write 0 128k", daemon.uri("disk"))
            assert bitmaps() == {"a": (131072, True), "b": (0, False)}
            with pytest.raises(QmpError, match="no dirty bitmap 'none'"):
                transaction(("block-dirty-bitmap-merge", {"target": "b", "bitmaps": ["a"]}),
                            ("block-dirty-bitmap-clear", {"name": "a"}),
                            ("block-dirty-bitmap-enable", {"name": "b"}),
                            ("block-dirty-bitmap-add", {"name": "c"}),
                            ("block-dirty-bitmap-clear", {"name": "none"}))  # fmt: skip
            assert bitmaps() == {"a": (131072, True), "b": (0, False)}
            add_overlay(client, tmp_path, 0, image)
            transaction(("block-dirty-bitmap-merge", {"target": "b", "bitmaps": ["a"]}),
                        ("block-dirty-bitmap-clear", {"name": "a"}),
                        ("block-dirty-bitmap-disable", {"name": "a"}),
                        ("blockdev-snapshot", {"overlay": "overlay0"}))  # fmt: skip
            assert bitmaps() == {"a": (0, False), "b": (131072, False)}
            # A client of an export that offers one sees what is in it.
            client.run("block-export-add", type="nbd", id="dirty", node_name="node0",
                       name="dirty", bitmaps=["b"])  # fmt: skip
            extents = json.loads(run(tool("nbdinfo"), "--json", "--map=qemu:dirty-bitmap:b",
                                     daemon.uri("dirty")))  # fmt: skip
            assert [(one["length"], one["type"]) for one in extents] == [
                (131072, 1), (SIZE - 131072, 0)]  # fmt: skip
            client.run("block-dirty-bitmap-remove", node="node0", name="a")
            assert set(bitmaps()) == {"b"}
