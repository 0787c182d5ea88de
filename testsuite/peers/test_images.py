# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""qcow2 images that the daemon serves through the graph, judged by other people's clients while it
does, and by qemu-img afterwards."""

import json
import os
import subprocess
import time

import pytest
from daemon import (
    MIB,
    PATIENCE,
    Daemon,
    make_file,
    node_of,
    qemu_io,
    run,
    same,
    serving,
    start,
    tool,
)

SIZE = 32 * MIB


def make_image(path, *options, backing=None):
    """An empty one; its backing file is named as it is seen from the image's folder."""
    below = ("-b", os.path.relpath(backing, os.path.dirname(path)), "-F",
             "raw" if str(backing).endswith(".raw") else "qcow2") if backing else ()  # fmt: skip
    run(tool("qemu-img"), "create", "-q", "-f", "qcow2", *options, *below, path, SIZE)
    return path


def expect_clean(image):
    assert "No errors were found" in run("qemu-img", "check", "-f", "qcow2", image)


def expect_same(raw, image):
    run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", raw, image)


@pytest.fixture(name="image")
def empty_image(tmp_path):
    return make_image(tmp_path / "image.qcow2")


@pytest.fixture(name="chain")
def chain_of_images(tmp_path):
    """An image on an image on a raw file, in folders of their own, and what the disk has."""
    for folder in ("base", "middle", "top"):
        os.mkdir(tmp_path / folder)
    base = make_file(tmp_path / "base" / "base.raw", SIZE // 2, 3)
    middle = make_image(tmp_path / "middle" / "middle.qcow2", backing=base)
    run("qemu-io", "-f", "qcow2", "-c", "write -P 7 12M 16M", middle)
    top = make_image(tmp_path / "top" / "top.qcow2", backing=middle)
    run("qemu-io", "-f", "qcow2", "-c", "write -P 8 20M 5M", "-c", "write -z 0 1M", top)
    run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", top, tmp_path / "disk.raw")
    return top, tmp_path / "disk.raw"


def test_nbdinfo_maps_what_an_image_has(tmp_path, image):
    tool("nbdinfo")
    run("qemu-io", "-f", "qcow2", "-c", "write -P 1 8M 1M", "-c", "write -z 9M 1M", image)
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        (export,) = json.loads(run("nbdinfo", "--json", daemon.uri()))["exports"]
        assert export["export-size"] == SIZE
        assert export["can_multi_conn"] is True
        extents = json.loads(run("nbdinfo", "--map", "--json", daemon.uri()))
    assert [(one["offset"], one["length"], one["description"]) for one in extents] == [
        (0, 8 * MIB, "hole,zero"),
        (8 * MIB, MIB, "data"),
        (9 * MIB, 23 * MIB, "hole,zero"),
    ]


@pytest.mark.parametrize("options", [(), ("-o", "cluster_size=4096"), ("-o", "compat=0.10")])
def test_nbdcopy_with_four_connections(tmp_path, options):
    tool("nbdcopy")
    image = make_image(tmp_path / "image.qcow2", *options)
    source = make_file(tmp_path / "source", SIZE, 1)
    copy = ("nbdcopy", "--threads=4", "--connections=4", "--requests=64", "--flush")
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, threads=2) as daemon:
        run(*copy, source, daemon.uri("disk"))
        run(*copy, daemon.uri("disk"), tmp_path / "back")
    assert same(source, tmp_path / "back")
    expect_clean(image)
    expect_same(source, image)


def test_qemu_io_patterns(tmp_path, image):
    tool("qemu-io")
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        qemu_io(
            daemon,
            "write -P 0x11 0 256k",
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
        patterns = (
            "read -P 0x11 0 32k",
            "read -P 0 32k 8k",
            "read -P 0x11 40k 24040",
            "read -P 0x22 65000 3000",
            "read -P 0x11 68000 100000",
            "read -P 0x33 1M 512k",
            "read -P 0 1536k 64k",
            "read -P 0x33 1600k 448k",
            "read -P 0x44 4M 128k",
            "read -P 0x55 5184k 64k",
            "read -P 0 28M 4M",
        )
        qemu_io(daemon, *patterns)
    expect_clean(image)
    # What it has kept for its end is in the image as well.
    words = [word for pattern in patterns for word in ("-c", pattern)]
    said = run("qemu-io", "-f", "qcow2", "-r", *words, image)
    assert "failed" not in said, said


def test_qemu_img_compares_a_chain(tmp_path, chain):
    top, disk = chain
    with serving(tmp_path, {"disk": f"qcow2:{top}"}, read_only=True) as daemon:
        run("qemu-img", "compare", "-f", "raw", "-F", "raw", disk, daemon.uri("disk"))
        run("qemu-img", "convert", "-f", "raw", "-O", "raw", daemon.uri("disk"),
            tmp_path / "back")  # fmt: skip
    assert same(disk, tmp_path / "back")
    expect_clean(top)


def test_a_chain_is_written_to_at_its_top_only(tmp_path, chain):
    top, disk = chain
    lower = [tmp_path / "middle" / "middle.qcow2", tmp_path / "base" / "base.raw"]
    before = [path.read_bytes() for path in lower]
    with serving(tmp_path, {"disk": f"qcow2:{top}"}, threads=2) as daemon:
        changes = ("write -P 9 100k 3M", "write -z 25M 3M", "discard 31M 1M", "read -P 9 1M 1M")
        qemu_io(daemon, *changes)
        run("qemu-io", "-f", "raw", *(w for c in changes for w in ("-c", c)), disk)
        # A discard is a hint.
        qemu_io(daemon, "write -P 5 31M 1M")
        run("qemu-io", "-f", "raw", "-c", "write -P 5 31M 1M", disk)
        run("qemu-img", "compare", "-f", "raw", "-F", "raw", disk, daemon.uri("disk"))
    expect_clean(top)
    expect_same(disk, top)
    assert [path.read_bytes() for path in lower] == before


def test_fio_verifies_what_it_wrote(tmp_path, image):
    tool("fio")
    if "nbd" not in run("fio", "--enghelp").split():
        pytest.skip("this fio has no engine for NBD")
    with serving(tmp_path, {"disk": f"qcow2:{image}"}, threads=2) as daemon:
        run(
            "fio", "--name=verified", "--ioengine=nbd", f"--uri={daemon.uri('disk')}",
            "--rw=randrw", "--bsrange=512-128k", "--blockalign=512", "--iodepth=32",
            "--size=4M", "--numjobs=4", "--offset_increment=8M", "--fsync=64",
            "--verify=crc32c", "--verify_fatal=1", "--randseed=1",
            cwd=tmp_path,
        )  # fmt: skip
    expect_clean(image)


def test_a_kill_under_load_leaves_nothing_worse_than_leaks(tmp_path, image):
    tool("nbdcopy")
    source = make_file(tmp_path / "source", SIZE, 5)
    daemon = Daemon(tmp_path, {"disk": f"qcow2:{image}"}, threads=2)
    copy = ["nbdcopy", "--connections=4", "--threads=4", source, daemon.uri()]
    with subprocess.Popen(copy, stderr=subprocess.DEVNULL) as client:
        while os.path.getsize(image) < 8 * MIB and client.poll() is None:
            time.sleep(0.001)
        daemon.process.kill()
        daemon.process.communicate(timeout=PATIENCE)
        client.wait(timeout=PATIENCE)
    checked = subprocess.run(["qemu-img", "check", "-f", "qcow2", image], capture_output=True,
                             check=False, encoding="utf-8", timeout=PATIENCE)  # fmt: skip
    # Three stands for leaks alone.
    assert checked.returncode in (0, 3), checked.stdout + checked.stderr


def refusal(source):
    process = start("--blockdev", node_of("disk", source))
    said = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 1
    assert said.startswith("lockvet-blockd: ") and said.count("\n") == 1
    return said


def test_what_can_not_be_served_is_refused(tmp_path, image, chain):
    noise = make_file(tmp_path / "noise", MIB, 7)
    assert "the file begins with" in refusal(f"qcow2:{noise}")
    top, _ = chain
    os.rename(tmp_path / "base" / "base.raw", tmp_path / "base" / "elsewhere.raw")
    assert "base.raw" in refusal(f"qcow2:{top}")
    assert "nowhere" in refusal(tmp_path / "nowhere")
    with serving(tmp_path, {"disk": f"qcow2:{image}"}):
        # Neither we nor QEMU write to what is being served.
        assert str(image) in refusal(f"qcow2:{image}")
        done = subprocess.run(["qemu-io", "-f", "qcow2", "-c", "write 0 512", image],
                              capture_output=True, check=False, encoding="utf-8",
                              timeout=PATIENCE)  # fmt: skip
        assert "lock" in done.stderr
    expect_clean(image)
