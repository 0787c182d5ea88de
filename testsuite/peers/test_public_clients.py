# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Clients of QMP that others have published."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from daemon import PATIENCE, run, serving, tool
from test_control import empty_image  # noqa: F401

CLIENT = Path(__file__).parent / "qmp_client"


@pytest.fixture(name="npm_client")
def installed_client(tmp_path):
    """A copy of the client with the packages that its lock file pins by their hashes."""
    tool("node")
    folder = tmp_path / "client"
    shutil.copytree(CLIENT, folder)
    done = subprocess.run(
        [tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder, capture_output=True, check=False, encoding="utf-8", timeout=PATIENCE,
    )  # fmt: skip
    if done.returncode != 0 and "EINTEGRITY" not in done.stderr:
        pytest.skip(f"npm does not get the packages: {done.stderr.strip()[-300:]}")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_npm_package_qemu_qmp_drives_the_daemon(tmp_path, image, npm_client):
    with serving(tmp_path, {"disk": f"qcow2:{image}"}) as daemon:
        found = json.loads(run("node", npm_client / "drive.js", daemon.qmp_path))
        assert found["version"]["package"].startswith("lockvet-blockd ")
        assert found["status"]["status"] == "running"
        assert "no node 'none'" in found["refused"]["error"]
        assert found["added"] == {} and found["begun"] == {}
        assert {"node0", "target"} <= {node["node-name"] for node in found["nodes"]}
        assert found["schema"] > 100
        assert found["events"].count("JOB_STATUS_CHANGE") >= 4
