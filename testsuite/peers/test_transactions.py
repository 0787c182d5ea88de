# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Transactions of QMP: what is in one happens in one moment, or not at all."""

import pytest
from daemon import MIB, qemu_io, run, serving
from qmp import QmpError, connected
from test_control import (
    add_overlay,
    empty_image,  # noqa: F401
    expect_success,
    make_image,
    verified_load,
)
from test_jobs import finish, make_node


def transaction(client, *actions, **properties):
    more = {"properties": properties["properties"]} if properties else {}
    client.run("transaction", actions=[{"type": kind, "data": data} for kind, data in actions],
               **more)  # fmt: skip


def backup(job, node, target, **more):
    return ("blockdev-backup",
            {"job-id": job, "device": node, "target": target, "sync": "full", **more})  # fmt: skip


def bitmaps(client, name="node0"):
    (node,) = [node for node in client.run("query-named-block-nodes")
               if node["node-name"] == name]  # fmt: skip
    return {bitmap["name"]: bitmap["count"] for bitmap in node["dirty-bitmaps"]}


def add_second(client, folder):
    path = make_image(folder / "second.qcow2")
    client.run("blockdev-add", driver="qcow2", node_name="second",
               file={"driver": "file", "filename": str(path)})  # fmt: skip


def wait_for_status(client, job, status):
    while client.wait_event("JOB_STATUS_CHANGE")["data"] != {"id": job, "status": status}:
        pass


def test_backups_and_a_snapshot_are_of_one_moment(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, threads=2) as daemon:
        load = verified_load(daemon, tmp_path)
        with connected(daemon.qmp_path) as client:
            targets = [make_node(client, tmp_path, f"target{number}", driver="raw")
                       for number in range(2)]  # fmt: skip
            add_overlay(client, tmp_path, 0, image)
            # What is in node0 does not change any more when the overlay is above it.
            transaction(client, ("blockdev-snapshot", {"node": "node0", "overlay": "overlay0"}),
                        backup("a", "overlay0", "target0"),
                        ("block-dirty-bitmap-add", {"node": "overlay0", "name": "since"}),
                        backup("b", "overlay0", "target1"))  # fmt: skip
            ended = set()
            while len(ended) < 2:
                done = client.wait_event("BLOCK_JOB_COMPLETED")["data"]
                assert "error" not in done
                ended.add(done["device"])
            expect_success(load)
            # The load may have written all before the transaction.
            qemu_io(daemon, "write -P 1 60M 64k")
            assert bitmaps(client, "overlay0")["since"] > 0
        for target in targets:
            run("qemu-img", "compare", "-U", "-f", "qcow2", "-F", "raw", image, target)


def test_all_is_taken_back_when_one_fails(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:
            target = make_node(client, tmp_path, "target", driver="raw")
            add_overlay(client, tmp_path, 0, image)
            client.run("block-dirty-bitmap-add", node="node0", name="a")
            client.run("block-dirty-bitmap-add", node="node0", name="b", disabled=True)
            qemu_io(daemon, "write -P 1 0 128k")
            before = client.run("query-named-block-nodes")
            on_node = {"node": "node0"}
            every = [
                ("block-dirty-bitmap-merge", {**on_node, "target": "b", "bitmaps": ["a"]}),
                ("block-dirty-bitmap-remove", {**on_node, "name": "b"}),
                ("block-dirty-bitmap-add", {**on_node, "name": "c"}),
                ("block-dirty-bitmap-disable", {**on_node, "name": "c"}),
                backup("job", "node0", "target", sync="incremental", bitmap="a"),
                ("blockdev-snapshot", {**on_node, "overlay": "overlay0"}),
            ]
            for bad, message in (
                (("abort", {}), "aborted using Abort action"),
                (("block-dirty-bitmap-clear", {**on_node, "name": "b"}), "in use"),
                (backup("job", "node0", "target"), "job 'job' already"),
                (backup("other", "node0", "overlay0"), "below itself"),
            ):  # fmt: skip
                with pytest.raises(QmpError, match=message):
                    transaction(client, *every, bad)
                assert client.run("query-named-block-nodes") == before
                assert client.run("query-jobs") == []
            qemu_io(daemon, "write -P 2 1M 64k", "read -P 1 0 128k")
            transaction(client, *every)
            finish(client, "job")
            assert set(bitmaps(client)) == {"a", "c"}
            (export,) = client.run("query-block-exports")
            assert export["node-name"] == "overlay0"
            assert "failed" not in run("qemu-io", "-U", "-r", "-f", "raw", "-c", "read -P 1 0 128k",
                                       "-c", "read -P 2 1M 64k", target)  # fmt: skip


def test_grouped_jobs_succeed_or_fail_together(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:
            add_second(client, tmp_path)
            qemu_io(daemon, "write -P 1 0 16M")
            for name in ("first", "other"):
                make_node(client, tmp_path, name, driver="raw")
            for node in ("node0", "second"):
                client.run("block-dirty-bitmap-add", node=node, name="a")
            qemu_io(daemon, "write -P 1 0 16M")
            dirty = bitmaps(client)

            def begin(mode):
                transaction(
                    client,
                    backup("slow", "node0", "first", sync="incremental", bitmap="a", speed=MIB),
                    backup("fast", "second", "other", sync="incremental", bitmap="a"),
                    properties={"completion-mode": mode},
                )

            begin("grouped")
            wait_for_status(client, "fast", "waiting")
            client.run("job-cancel", id="slow")
            ended = {client.wait_event("BLOCK_JOB_CANCELLED")["data"]["device"] for _ in range(2)}
            assert ended == {"slow", "fast"}
            assert bitmaps(client) == dirty and client.run("query-jobs") == []
            begin("individual")
            assert client.wait_event("BLOCK_JOB_COMPLETED")["data"]["device"] == "fast"
            client.run("job-cancel", id="slow")
            assert client.wait_event("BLOCK_JOB_CANCELLED")["data"]["device"] == "slow"
            begin("grouped")
            wait_for_status(client, "fast", "waiting")
            client.run("block-job-set-speed", device="slow", speed=0)
            ended = {client.wait_event("BLOCK_JOB_COMPLETED")["data"]["device"] for _ in range(2)}
            assert ended == {"slow", "fast"}
            assert bitmaps(client) == {"a": 0}
