# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What queries answer is what query-qmp-schema says that they do, and what happens is told."""

import pytest
from daemon import MIB, qemu_io, serving
from qmp import QmpError, connected
from test_control import SIZE, empty_image  # noqa: F401
from test_jobs import make_node

BUILTINS = {"string": str, "int": int, "boolean": bool, "null": type(None), "value": object}


class Schema:
    """Holds values against the list of SchemaInfo that a server gives."""

    def __init__(self, infos):
        self.infos = {(info["meta-type"] in ("command", "event"), info["name"]): info
                      for info in infos}  # fmt: skip

    def expect_answer(self, command, value):
        self.expect(self.infos[True, command]["ret-type"], value, command)

    def expect_event(self, event):
        assert set(event) == {"event", "timestamp", "data"}
        self.expect(self.infos[True, event["event"]]["arg-type"], event["data"], event["event"])

    def expect(self, name, value, path):
        info = self.infos[False, name]
        kind = info["meta-type"]
        if kind == "builtin":
            wanted = BUILTINS[info["json-type"]]
            assert isinstance(value, wanted), (path, value)
            assert wanted is not int or not isinstance(value, bool), (path, value)
        elif kind == "enum":
            assert value in info["values"], (path, value)
        elif kind == "array":
            assert isinstance(value, list), (path, value)
            for number, element in enumerate(value):
                self.expect(info["element-type"], element, f"{path}[{number}]")
        else:
            assert kind == "object" and isinstance(value, dict), (path, value)
            members = self.members(info, value)
            assert set(value) <= set(members), (path, set(value) - set(members))
            for member, about in members.items():
                if member in value:
                    self.expect(about["type"], value[member], f"{path}.{member}")
                else:
                    assert "default" in about, (path, member)

    def members(self, info, value):
        found = {member["name"]: member for member in info["members"]}
        for variant in info.get("variants", []):
            if value.get(info["tag"]) == variant["case"]:
                found |= self.members(self.infos[False, variant["type"]], value)
        return found


def test_answers_are_as_the_schema_says(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, threads=2) as daemon:
        qemu_io(daemon, "write -P 1 0 1M", "read 0 1M")
        with connected(daemon.qmp_path) as client:
            make_node(client, tmp_path, "target")
            client.run("block-dirty-bitmap-add", node="node0", name="a")
            client.run("blockdev-mirror", job_id="mirror", device="node0", target="target",
                       sync="full", speed=MIB)  # fmt: skip
            schema = Schema(client.run("query-qmp-schema"))
            queries = {command["name"] for command in client.run("query-commands")
                       if command["name"].startswith("query-")}  # fmt: skip
            assert {"query-status", "query-named-block-nodes", "query-block-jobs"} <= queries
            for query in sorted(queries):
                answer = client.run(query)
                assert answer, query
                schema.expect_answer(query, answer)
            schema.expect_answer("query-blockstats",
                                 client.run("query-blockstats", query_nodes=True))  # fmt: skip
            assert client.run("query-status")["running"]
            with pytest.raises(QmpError, match="in use by block job: mirror"):
                client.run("block_resize", node_name="node0", size=2 * SIZE)
            client.run("job-cancel", id="mirror")
            client.wait_event("BLOCK_JOB_CANCELLED")
            for event in client.events:
                schema.expect_event(event)


def test_a_write_beyond_a_threshold_is_told_once(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:

            def threshold():
                (node,) = [node for node in client.run("query-named-block-nodes")
                           if node["node-name"] == "node0"]  # fmt: skip
                return node["write_threshold"]

            client.run("block-set-write-threshold", node_name="node0", write_threshold=2 * MIB)
            assert threshold() == 2 * MIB
            qemu_io(daemon, "write 0 2M", "read 2M 2M")
            assert not [event for event in client.events if "THRESHOLD" in event["event"]]
            qemu_io(daemon, "write 2M 64k", "write 4M 64k", "write -z 5M 1M")
            event = client.wait_event("BLOCK_WRITE_THRESHOLD")
            assert event["data"] == {"node-name": "node0", "amount-exceeded": 65536,
                                     "write-threshold": 2 * MIB}  # fmt: skip
            Schema(client.run("query-qmp-schema")).expect_event(event)
            assert threshold() == 0
            assert not [event for event in client.events if "THRESHOLD" in event["event"]]
            client.run("block-set-write-threshold", node_name="node0", write_threshold=3 * MIB)
            client.run("block-set-write-threshold", node_name="node0", write_threshold=0)
            qemu_io(daemon, "write 4M 64k")
            client.run("query-status")
            assert not [event for event in client.events if "THRESHOLD" in event["event"]]
            with pytest.raises(QmpError, match="no node 'none'"):
                client.run("block-set-write-threshold", node_name="none", write_threshold=1)
