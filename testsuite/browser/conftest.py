# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pages of `vrc --html` in a real browser without a window (environment: LOCKVET and VRC).

Everything has a limit on time: a browser that cannot start fails the suite, and never holds it up.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common import utils
from selenium.webdriver.remote.remote_connection import RemoteConnection

LOCKVET = os.environ.get("LOCKVET", "lockvet")
VRC = os.environ.get("VRC", "vrc")
CHROMIUM = "/usr/bin/chromium"
DRIVER = "/usr/bin/chromedriver"
SECONDS = 60

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


class NumericService(Service):
    """The driver by its address: `localhost` has none where /etc/hosts is missing."""

    @property
    def service_url(self):
        return f"http://127.0.0.1:{self.port}"

    def is_connectable(self):
        return utils.is_connectable(self.port, "127.0.0.1")


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    for program, package in ((CHROMIUM, "chromium"), (DRIVER, "chromium-driver")):
        if not shutil.which(program):
            pytest.fail(f"{program} is missing: install {package}", pytrace=False)
    options = Options()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage",
                     "--disable-gpu", "--remote-debugging-pipe", "--window-size=1500,900",
                     f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    RemoteConnection.set_timeout(2 * SECONDS)  # the driver gives up first, and says why
    log = tmp_path_factory.mktemp("driver") / "log"
    try:
        service = NumericService(DRIVER, log_path=str(log))
        driver = webdriver.Chrome(service=service, options=options)
    except (WebDriverException, OSError) as error:
        said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        pytest.fail(f"Chromium does not start: {error}\n{said}", pytrace=False)
    driver.set_page_load_timeout(SECONDS)
    yield driver
    driver.quit()


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
