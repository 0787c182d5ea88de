# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Chromium without a window, for the suites that open pages in it.

Everything has a limit on time: a browser that cannot start fails the suite, and never holds it up.
"""

import contextlib
import shutil

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common import utils
from selenium.webdriver.remote.remote_connection import RemoteConnection

CHROMIUM = "/usr/bin/chromium"
DRIVER = "/usr/bin/chromedriver"
SECONDS = 60


class NumericService(Service):
    """The driver by its address: `localhost` has none where /etc/hosts is missing."""

    @property
    def service_url(self):
        return f"http://127.0.0.1:{self.port}"

    def is_connectable(self):
        return utils.is_connectable(self.port, "127.0.0.1")


@contextlib.contextmanager
def opened(tmp_path_factory):
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
    try:
        yield driver
    finally:
        driver.quit()
