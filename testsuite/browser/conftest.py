# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pages of `vrc --html` in a real browser without a window (environment: LOCKVET and VRC)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

import browser_session  # noqa: E402
from browser_session import SECONDS  # noqa: E402

LOCKVET = os.environ.get("LOCKVET", "lockvet")
VRC = os.environ.get("VRC", "vrc")

#: Harmless to a compiler, and not to a page that does not escape.
SOURCE = """
#define coroutine_fn __attribute__((annotate("coroutine_fn")))
#define odd __attribute__((annotate("<img src=x onerror='window.hacked=1'>")))
struct ops { int (*read)(int); };
void sleep_a_while(void);
static int disk_read(int n) { return n; } // </script><script>window.hacked = 1</script>
struct ops disk = { .read = disk_read };
int odd wait_for_disk(int n) { sleep_a_while(); return n; } /* <!-- <script> {{data}} */
int coroutine_fn co_read_block(struct ops *ops, int n)
{
    wait_for_disk(n);
    return ops->read(n);
}
int coroutine_fn co_read_file(int n) { return co_read_block(&disk, n); }
int unrelated_caller(int n) { return wait_for_disk(n); }
int far_caller(int n) { return unrelated_caller(n); }
int main(void) { return far_caller(co_read_file(1)); }
"""


@pytest.fixture(scope="session")
def tree(tmp_path_factory) -> Path:
    """The folder of an indexed tree."""
    folder = tmp_path_factory.mktemp("tree")
    (folder / "source.c").write_text(SOURCE)
    entry = {"directory": str(folder), "file": "source.c", "command": "cc -c source.c"}
    (folder / "compile_commands.json").write_text(json.dumps([entry]))
    subprocess.run([LOCKVET, "index", "-p", folder, "--db", folder / "lockvet.db",
                    "--progress", "none"], check=True, timeout=SECONDS)  # fmt: skip
    return folder


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    with browser_session.opened(tmp_path_factory) as driver:
        yield driver


@pytest.fixture
def show(browser, tree, tmp_path):
    """show(command) opens the page of its answer; nothing may have gone wrong in it at the end."""

    def opened(command):
        page = tmp_path / "page.html"
        with open(page, "wb") as out:
            subprocess.run([VRC, "-c", command], cwd=tree, stdout=out, check=True, timeout=SECONDS)
        browser.get(page.as_uri())
        return browser

    yield opened
    assert browser.get_log("browser") == []
    assert browser.execute_script("return window.hacked") is None
