# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Counts what a run of ctest tested, from the JUnit file that it wrote.

    count_tests.py build/test-logs/dev.junit.xml

prints 'passed failed skipped'. A lit or pytest suite is one test to ctest; its own closing lines
say how many it ran, and those count. A suite that failed counts at least one failure, whatever its
closing lines say. A test that is known to fail (XFAIL) has neither passed nor failed, and counts as
skipped.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

LIT = {
    "Passed": 0, "Passed With Retry": 0,
    "Failed": 1, "Unresolved": 1, "Timed Out": 1, "Unexpectedly Passed": 1,
    "Unsupported": 2, "Skipped": 2, "Expectedly Failed": 2,
}  # fmt: skip
PYTEST = {"passed": 0, "failed": 1, "error": 1, "errors": 1, "xpassed": 1,
          "skipped": 2, "xfailed": 2}  # fmt: skip


def lit_counts(output):
    counts = [0, 0, 0]
    for name, number in re.findall(r"^\s+([A-Z][A-Za-z ]+?)\s*:\s*(\d+) \(", output, re.M):
        if name in LIT:
            counts[LIT[name]] += int(number)
    return counts


def pytest_counts(output):
    """Of the last line of the form '1 failed, 20 passed in 0.35s'."""
    counts = [0, 0, 0]
    closing = re.findall(r"^=*\s*((?:\d+ [a-z]+,? )+)in [\d.]+s", output, re.M)
    for number, name in re.findall(r"(\d+) ([a-z]+)", closing[-1] if closing else ""):
        if name in PYTEST:
            counts[PYTEST[name]] += int(number)
    return counts


def case_counts(case):
    """Of one test of ctest: [passed, failed, skipped]."""
    own = [0, 0, 0]
    if case.find("failure") is not None or case.get("status") == "fail":
        own[1] = 1
    elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        own[2] = 1
    else:
        own[0] = 1
    name = case.get("name", "")
    output = case.findtext("system-out") or ""
    inside = [0, 0, 0]
    if name.startswith("lit."):
        inside = lit_counts(output)
    elif name.startswith("pytest."):
        inside = pytest_counts(output)
    if sum(inside) == 0:
        return own
    if own[1] and not inside[1]:
        inside[1] = 1
    return inside


def count(path):
    total = [0, 0, 0]
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        total = [one + other for one, other in zip(total, case_counts(case))]
    return total


if __name__ == "__main__":
    print(*count(sys.argv[1]))
