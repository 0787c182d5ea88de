# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The daemon's live page in a real browser, and its metrics as a scraper reads them.

With SCREENSHOTS=FOLDER the pictures that the tests see are kept there.
"""

import contextlib
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from daemon import MIB, Daemon, qemu_io, run, tool
from qmp import connected

sys.path.insert(0, str(Path(__file__).parent.parent))

SIZE = 64 * MIB


@contextlib.contextmanager
def watched(folder, threads=1):
    """A daemon with an image, and the address of its page."""
    image = folder / "image.qcow2"
    run(tool("qemu-img"), "create", "-q", "-f", "qcow2", image, SIZE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    daemon = Daemon(folder, {"disk": f"qcow2:{image}"}, metrics=port, threads=threads)
    try:
        yield daemon, f"http://127.0.0.1:{port}"
        assert daemon.stop() == []
    finally:
        daemon.process.kill()
        daemon.process.communicate()


def get(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return answer.read().decode()


def metrics_of(url):
    """Each sample by its name and labels; every line has to be one, or a comment."""
    samples = {}
    for line in get(f"{url}/metrics").splitlines():
        if not line.startswith("#"):
            name, labels, value = re.fullmatch(r"(\w+)\{(.*)\} (\S+)", line).groups()
            pairs = dict(re.findall(r'(\w+)="([^"]*)"', labels))
            samples[(name, *sorted(pairs.items()))] = float(value)
    return samples


def test_metrics_of_jobs_and_contexts(tmp_path):
    with watched(tmp_path, threads=2) as (daemon, url), connected(daemon.qmp_path) as client:
        client.run("blockdev-add", driver="null-co", node_name="target", size=SIZE)
        client.run("blockdev-mirror", job_id="copy", device="node0", target="target",
                   sync="full", speed=1)  # fmt: skip
        samples = metrics_of(url)

        def of_job(name, **labels):
            return samples[(name, *sorted({"job": "copy", "type": "mirror", **labels}.items()))]

        assert of_job("lockvet_job_offset_bytes") <= of_job("lockvet_job_length_bytes") == SIZE
        assert of_job("lockvet_job_speed_limit_bytes") == 1
        assert of_job("lockvet_job_status", status="running") == 1
        for context in ("main loop", "io0", "io1"):
            assert samples[("lockvet_context_turns_total", ("context", context))] > 0
            for name in ("lockvet_context_polls_total", "lockvet_context_sleeps_total"):
                assert samples[(name, ("context", context))] >= 0
        client.run("job-cancel", id="copy")
        client.wait_event("BLOCK_JOB_CANCELLED")


def test_metrics_count_what_clients_do(tmp_path):
    tool("qemu-io")
    with watched(tmp_path) as (daemon, url):
        qemu_io(daemon, "write -P 1 0 1M", "write -P 2 2M 64k", "read -P 1 0 64k", "write -z 4M 1M")
        samples = metrics_of(url)

        def of_export(name, kind, **labels):
            return samples[(name, *sorted({"export": "export0", "kind": kind, **labels}.items()))]

        assert of_export("lockvet_export_request_seconds_count", "write") == 2
        assert of_export("lockvet_export_bytes_total", "write") == MIB + 65536
        assert of_export("lockvet_export_bytes_total", "write-zeroes") == MIB
        assert of_export("lockvet_export_errors_total", "read") == 0
        # Buckets hold what is below them, too.
        bounds = sorted({key[3][1] for key in samples if key[0].endswith("_bucket")}, key=float)
        buckets = [of_export("lockvet_export_request_seconds_bucket", "write", le=bound)
                   for bound in bounds]  # fmt: skip
        assert buckets == sorted(buckets) and buckets[-1] == 2
        node = ("lockvet_node_bytes_total", ("kind", "write"), ("node", "node0"))
        assert samples[node] == MIB + 65536
        file = ("lockvet_node_bytes_total", ("kind", "write"), ("node", "#block0"))
        assert samples[file] >= samples[node]
        with connected(daemon.qmp_path) as client:
            (stats,) = client.run("query-blockstats")
            assert stats["device"] == "export0"
            assert stats["stats"]["wr_bytes"] == 2 * MIB + 65536
            assert sum(stats["stats"]["wr_latency_histogram"]["bins"]) == 2


def test_what_is_no_request_for_a_page_is_refused(tmp_path):
    with watched(tmp_path) as (_, url):
        for status, path, headers in (
            (404, "/nothing", {}), (404, "/../etc/passwd", {}),
            (403, "/metrics", {"Host": "evil.example"}),
        ):  # fmt: skip
            with pytest.raises(urllib.error.HTTPError) as raised:
                get(url + path, **headers)
            assert raised.value.code == status
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        for garbage in (b"\r\n\r\n", b"GET\r\n\r\n", b"POST / HTTP/1.1\r\n\r\n"):
            with socket.create_connection(address) as client:
                client.sendall(garbage)
                assert b" 40" in client.recv(64)
        with socket.create_connection(address) as endless:
            with pytest.raises(OSError):
                while True:
                    endless.sendall(b"GET / HTTP/1.1\r\nA: " + b"x" * 65536)
        # Those who say nothing keep nobody out.
        silent = [socket.create_connection(address) for _ in range(20)]
        assert "<svg" in get(url)
        for client in silent:
            client.close()


@pytest.fixture(name="browser", scope="session")
def headless_browser(tmp_path_factory):
    browser_session = pytest.importorskip("browser_session")
    with browser_session.opened(tmp_path_factory) as driver:
        yield driver


def test_the_page_draws_the_graph_as_it_changes(tmp_path, browser):
    from selenium.webdriver.support.ui import WebDriverWait  # noqa: PLC0415

    def boxes():
        """The lines of each box, read in one piece, since the page draws anew all the time."""
        return dict(browser.execute_script(
            """return [...document.querySelectorAll("#graph g")].map((box) => {
                 const lines = [...box.querySelectorAll("text")].map((line) => line.textContent);
                 return [box.classList[0] + " " + lines[0],
                         lines.slice(1).concat([...box.classList])];
               });"""))  # fmt: skip

    def wait_for(condition):
        WebDriverWait(browser, 60, 0.1).until(lambda _: condition(boxes()))

    def keep(name):
        if folder := os.environ.get("SCREENSHOTS"):
            browser.save_screenshot(f"{folder}/{name}.png")

    tool("qemu-io")
    with watched(tmp_path) as (daemon, url):
        browser.get(url)
        wait_for(lambda found: set(found) == {"export export0", "node node0", "node #block0"})
        assert boxes()["node node0"][0] == "qcow2, in main loop"
        keep("at-rest")
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True})  # fmt: skip
        browser.get(url)
        wait_for(lambda found: "node node0" in found)
        # What is wider is moved within itself.
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
        keep("on-a-phone")
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.get(url)
        with subprocess.Popen(["qemu-io", "-f", "raw", daemon.uri("disk")], stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL, encoding="utf-8") as load:  # fmt: skip
            overlay = tmp_path / "overlay.qcow2"
            run("qemu-img", "create", "-q", "-f", "qcow2", "-b", tmp_path / "image.qcow2",
                "-F", "qcow2", overlay)  # fmt: skip

            def write(condition):
                """As long as the page does not show it yet."""

                def written(found):
                    load.stdin.write("write -P 3 0 4M\n" * 8)
                    load.stdin.flush()
                    return condition(found)

                wait_for(written)

            write(lambda found: "busy" in found["node node0"])
            with connected(daemon.qmp_path) as client:
                client.run("blockdev-add", driver="qcow2", node_name="overlay", backing=None,
                           file={"driver": "file", "filename": str(overlay)})  # fmt: skip
                client.run("blockdev-snapshot", node="node0", overlay="overlay")
            write(lambda found: "busy" in found.get("node overlay", []))
            keep("during-a-snapshot")
            assert boxes()["export export0"][0] == "nbd, 1 client"
            load.stdin.close()
        (edges,) = {browser.execute_script(
            "return document.querySelectorAll('#graph path').length")}  # fmt: skip
        # From the export to the overlay, on to the image, and from each to its file.
        assert edges == 4
        assert browser.get_log("browser") == []
    wait_for(lambda _: "does not answer" in browser.find_element("id", "state").text)
