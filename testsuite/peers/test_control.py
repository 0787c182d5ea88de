# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The daemon's control by QMP, while clients of NBD that others wrote read and write."""

import json
import subprocess

import pytest
from daemon import MIB, PATIENCE, Daemon, qemu_io, run, serving, tool
from qmp import Qmp, QmpError, connected

SIZE = 64 * MIB


def make_image(path, backing=None):
    below = ("-b", backing, "-F", "qcow2") if backing else ()
    run(tool("qemu-img"), "create", "-q", "-f", "qcow2", *below, path, SIZE)
    return path


@pytest.fixture(name="image")
def empty_image(tmp_path):
    return make_image(tmp_path / "image.qcow2")


def verified_load(daemon, folder):
    """Writes and reads back what it wrote, on both halves of the disk, for as long as it takes."""
    tool("fio")
    if "nbd" not in run("fio", "--enghelp").split():
        pytest.skip("this fio has no engine for NBD")
    return subprocess.Popen(
        ["fio", "--name=verified", "--ioengine=nbd", f"--uri={daemon.uri('disk')}",
         "--rw=randwrite", "--bsrange=4k-64k", "--iodepth=16", "--size=24M", "--numjobs=2",
         "--offset_increment=32M", "--loops=3", "--fsync=64", "--verify=crc32c",
         "--verify_fatal=1", "--randseed=1"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip


def expect_success(load):
    said = load.communicate(timeout=PATIENCE)[0]
    assert load.returncode == 0, said


def add_overlay(client, folder, number, below):
    path = make_image(folder / f"overlay{number}.qcow2", below)
    client.run("blockdev-add", driver="qcow2", node_name=f"overlay{number}", backing=None,
               file={"driver": "file", "filename": str(path)})  # fmt: skip
    return path


# --- under load ----------------------------------------------------------------------------------


def test_snapshots_under_load(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, threads=2) as daemon:
        load = verified_load(daemon, tmp_path)
        top, file = "node0", image
        paths = [image]
        with connected(daemon.qmp_path) as client:
            # Ten at least, whoever is faster.
            for number in range(20):
                if number >= 10 and load.poll() is not None:
                    break
                file = add_overlay(client, tmp_path, number, file)
                client.run("blockdev-snapshot", node=top, overlay=f"overlay{number}")
                top = f"overlay{number}"
                paths.append(file)
            (export,) = client.run("query-block-exports")
            assert export["node-name"] == top
            nodes = client.run("query-named-block-nodes")
            (disk,) = [node for node in nodes if node["node-name"] == top]
            assert disk["backing_file_depth"] == len(paths) - 1
        expect_success(load)
        run("qemu-img", "convert", "-f", "raw", "-O", "raw", daemon.uri("disk"),
            tmp_path / "disk.raw")  # fmt: skip
    for path in paths:
        assert "No errors were found" in run("qemu-img", "check", "-f", "qcow2", path)
    run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", tmp_path / "disk.raw", paths[-1])


def test_filters_come_and_go_under_load(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, threads=2) as daemon:
        load = verified_load(daemon, tmp_path)
        with connected(daemon.qmp_path) as client:
            (file,) = [node["node-name"] for node in client.run("query-named-block-nodes")
                       if node["drv"] == "file"]  # fmt: skip
            client.run("object-add", qom_type="throttle-group", id="group",
                       limits={"iops-total": 100000})  # fmt: skip
            client.run("blockdev-add", driver="throttle", node_name="throttle",
                       throttle_group="group", file=file)  # fmt: skip
            for number in range(200):
                if number >= 10 and load.poll() is not None:
                    break
                for child in ("throttle", file):
                    client.run("blockdev-reopen",
                               options=[{"driver": "qcow2", "node-name": "node0",
                                         "file": child}])  # fmt: skip
            with pytest.raises(QmpError, match="in use"):
                client.run("object-del", id="group")
            client.run("blockdev-del", node_name="throttle")
            client.run("object-del", id="group")
        expect_success(load)
    assert "No errors were found" in run("qemu-img", "check", "-f", "qcow2", image)


def test_sizes_and_exports_change_under_load(tmp_path, image):
    tool("nbdinfo")
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, threads=2) as daemon:
        load = verified_load(daemon, tmp_path)
        with connected(daemon.qmp_path) as client:
            for number in range(1, 100):
                if number >= 10 and load.poll() is not None:
                    break
                size = SIZE + number * MIB
                client.run("block_resize", node_name="node0", size=size)
                client.run("block-export-add", type="nbd", id="second", node_name="node0",
                           name="second", iothread="io0")  # fmt: skip
                info = json.loads(run("nbdinfo", "--json", daemon.uri("second")))
                assert info["exports"][0]["export-size"] == size
                client.run("block-export-del", id="second", mode="hard")
                client.wait_event("BLOCK_EXPORT_DELETED")
                client.run("x-blockdev-set-iothread", node_name="node0",
                           iothread=("io0", "io1", None)[number % 3])  # fmt: skip
            client.run("x-blockdev-set-iothread", node_name="node0", iothread=None)
        expect_success(load)
    assert "No errors were found" in run("qemu-img", "check", "-f", "qcow2", image)


def test_an_export_is_removed_from_under_its_client(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with subprocess.Popen([tool("qemu-io"), "-f", "raw", daemon.uri("disk")],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8") as user:  # fmt: skip
            user.stdin.write("write -P 1 0 64k\n")
            user.stdin.flush()
            assert "wrote" in user.stdout.readline()
            with connected(daemon.qmp_path) as client:
                with pytest.raises(QmpError, match="in use by a client"):
                    client.run("block-export-del", id="export0")
                client.run("block-export-del", id="export0", mode="hard")
                assert client.wait_event("BLOCK_EXPORT_DELETED")["data"] == {"id": "export0"}
                assert client.run("query-block-exports") == []
                client.run("blockdev-del", node_name="node0")
                client.run("nbd-server-stop")
            said = user.communicate("read -P 1 0 64k\n", timeout=PATIENCE)[0]
            assert "read failed" in said


# --- answers -------------------------------------------------------------------------------------


def test_a_transaction_happens_whole_or_not_at_all(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:
            second = make_image(tmp_path / "second.qcow2")
            client.run("blockdev-add", driver="qcow2", node_name="second",
                       file={"driver": "file", "filename": str(second)})  # fmt: skip
            for number, below in enumerate((image, second)):
                add_overlay(client, tmp_path, number, below)

            def snapshots(*pairs):
                return client.run("transaction", actions=[
                    {"type": "blockdev-snapshot", "data": {"node": node, "overlay": overlay}}
                    for node, overlay in pairs])  # fmt: skip

            def tops():
                return {node["node-name"]: node["backing_file_depth"]
                        for node in client.run("query-named-block-nodes")
                        if node["node-name"].startswith("overlay")}  # fmt: skip

            with pytest.raises(QmpError, match="no node 'overlay2'"):
                snapshots(("node0", "overlay0"), ("second", "overlay2"))
            with pytest.raises(QmpError, match="has a backing file already|in use|cycle"):
                snapshots(("node0", "overlay0"), ("overlay0", "node0"))
            assert tops() == {"overlay0": 0, "overlay1": 0}
            snapshots(("node0", "overlay0"), ("second", "overlay1"))
            assert tops() == {"overlay0": 1, "overlay1": 1}


def test_what_can_not_be_done_is_said(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:
            for message, command, arguments in (
                ("'driver' must be one of .* and is \"vmdk\"", "blockdev-add",
                 {"driver": "vmdk", "node_name": "a"}),
                ("'node-name' is missing", "blockdev-add", {"driver": "null-co"}),
                *(("can't be the name of a node", "blockdev-add",
                   {"driver": "null-co", "node_name": name})
                  for name in ("1a", "#block7", "a b", "aaaaaaaabbbbbbbbccccccccdddddddd")),
                ("there is a node 'node0' already", "blockdev-add",
                 {"driver": "null-co", "node_name": "node0"}),
                ("can't open '/nowhere'", "blockdev-add",
                 {"driver": "file", "node_name": "a", "filename": "/nowhere"}),
                ("there is no node 'a'", "blockdev-del", {"node_name": "a"}),
                ("in use", "blockdev-del", {"node_name": "node0"}),
                ("belongs to another node", "blockdev-del", {"node_name": "#block0"}),
                ("there is no iothread 'a'", "block-export-add",
                 {"type": "nbd", "id": "a", "node_name": "node0", "iothread": "a"}),
                ("there is an export 'export0' already", "block-export-add",
                 {"type": "nbd", "id": "export0", "node_name": "node0"}),
                ("in use", "object-del", {"id": "io0"}),
                ("its driver can't be changed", "blockdev-reopen",
                 {"options": [{"driver": "raw", "node-name": "node0", "file": "#block0"}]}),
                ("is running already", "nbd-server-start",
                 {"addr": {"type": "unix", "data": {"path": str(tmp_path / "b")}}}),
            ):  # fmt: skip
                with pytest.raises(QmpError, match=message) as raised:
                    client.run(command, **arguments)
                assert raised.value.kind == "GenericError"
            with pytest.raises(QmpError) as raised:
                client.run("blockdev-sing")
            assert raised.value.kind == "CommandNotFound"
            assert [node["node-name"] for node in client.run("query-named-block-nodes")] == [
                "node0", "#block0"]  # fmt: skip


def test_introspection_describes_what_there_is(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path) as client:
            names = {command["name"] for command in client.run("query-commands")}
            schema = client.run("query-qmp-schema")
            assert names == {info["name"] for info in schema if info["meta-type"] == "command"}
            (added,) = [info for info in schema if info["name"] == "blockdev-add"]
            (options,) = [info for info in schema if info["name"] == added["arg-type"]]
            assert options["tag"] == "driver"
            assert "qcow2" in {variant["case"] for variant in options["variants"]}
            version = client.run("query-version")
            assert version == client.greeting["version"]
            assert version["package"].startswith("lockvet-blockd ")


def test_negotiation_comes_first_and_once(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        with connected(daemon.qmp_path, negotiate=False) as client:
            for command in ("query-version", "quit"):
                with pytest.raises(QmpError, match="Expecting capabilities"):
                    client.run(command)
            with pytest.raises(QmpError, match="None of these capabilities"):
                client.run("qmp_capabilities", enable=["oob"])
            client.run("qmp_capabilities")
            with pytest.raises(QmpError, match="already complete"):
                client.run("qmp_capabilities")
            client.send('{"execute": "query-version", "id": {"a": [1]}}{"execute": 1, "id": 2}')
            assert client.answer()["id"] == {"a": [1]}
            answer = client.answer()
            assert answer["id"] == 2 and answer["error"]["class"] == "GenericError"


def test_quit_ends_it_well_under_load(tmp_path, image):
    daemon = Daemon(tmp_path, {"disk": f"qcow2:{image}"}, threads=2)
    load = verified_load(daemon, tmp_path)
    with connected(daemon.qmp_path) as client:
        add_overlay(client, tmp_path, 0, image)
        client.run("blockdev-snapshot", node="node0", overlay="overlay0")
        client.run("quit")
        with pytest.raises(ConnectionError):
            while True:
                client.receive()
    assert daemon.process.wait(timeout=PATIENCE) == 0
    daemon.process.communicate()
    load.communicate(timeout=PATIENCE)
    for path in (image, tmp_path / "overlay0.qcow2"):
        assert "No errors were found" in run("qemu-img", "check", "-f", "qcow2", path)


# --- hostile clients -----------------------------------------------------------------------------


def resident_peak(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        (line,) = [line for line in status if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


def test_garbage_is_answered_and_costs_nothing(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        before = resident_peak(daemon.process)
        with connected(daemon.qmp_path) as good, connected(daemon.qmp_path) as bad:
            for garbage in (b"\x00\x01\x02 ", b"}{ ", b"nonsense ", b'{"a" ', b"\n" * 9, b"[1] "):
                bad.send(garbage)
                good.run("query-version")
            # A byte that begins anew, as the specification has it.
            bad.send(b"\xff")
            bad.send("[" * (64 * MIB) + "\n")
            bad.send('{"execute": "query-version"}')
            answers = []
            while "return" not in (answer := bad.answer()):
                answers.append(answer["error"]["desc"])
            assert "nested" in answers[-1] and len(answers) < 10
            bad.send('"' + "x" * (8 * MIB) + '"\n')
            assert "1048576 bytes" in bad.answer()["error"]["desc"]
            good.run("query-version")
        assert resident_peak(daemon.process) - before < 32 * MIB


def test_who_does_not_read_holds_up_nobody(tmp_path, image):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        before = resident_peak(daemon.process)
        silent = Qmp(daemon.qmp_path)
        silent.socket.settimeout(0.2)
        # Until the daemon reads no more of it.
        with pytest.raises(TimeoutError):
            while True:
                silent.send('{"execute": "query-qmp-schema"}' * 100)
        with connected(daemon.qmp_path) as good:
            for _ in range(20):
                good.run("query-named-block-nodes")
            qemu_io(daemon, "write -P 1 0 1M", "read -P 1 0 1M")
        assert resident_peak(daemon.process) - before < 32 * MIB
        silent.close()


def test_too_many_clients_are_refused(tmp_path, image):
    said = 'level=warning source=qmp message="a connection is refused: there are 16 already"'
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, says=[said]) as daemon:
        clients = [Qmp(daemon.qmp_path) for _ in range(16)]
        with pytest.raises(ConnectionError):
            Qmp(daemon.qmp_path)
        for client in clients:
            client.run("query-version")
            client.close()
