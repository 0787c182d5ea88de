# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What scripts/test sums up: a suite counts as what it ran, and no failure is lost."""

import os
import sys

import project
import pytest

sys.path.insert(0, os.path.join(project.TOP, "scripts"))
import count_tests  # noqa: E402

LIT = """
Total Discovered Tests: 87
  Unsupported      :  2 (2.30%)
  Passed           : 80 (91.95%)
  Expectedly Failed:  1 (1.15%)
  Failed           :  3 (3.45%)
  Unresolved       :  1 (1.15%)
"""
PASS, FAIL = "", "<failure/>"


def count(tmp_path, *cases):
    rows = [
        f'<testcase name="{name}" status="{status}">{inside}<system-out>{output}</system-out>'
        "</testcase>"
        for name, status, inside, output in cases
    ]
    path = tmp_path / "junit.xml"
    path.write_text(f"<testsuite>{''.join(rows)}</testsuite>")
    return count_tests.count(str(path))


def test_unit_tests_count_one_each(tmp_path):
    assert count(
        tmp_path,
        ("unit.a", "run", PASS, "12 passed in 1.0s"),
        ("unit.b", "fail", FAIL, ""),
        ("unit.c", "notrun", "<skipped/>", ""),
        ("unit.d", "run", PASS, ""),
    ) == [2, 1, 1]


def test_lit_says_how_many(tmp_path):
    assert count(tmp_path, ("lit.a", "fail", FAIL, LIT)) == [80, 4, 3]


@pytest.mark.parametrize(
    "closing, expected",
    [
        ("26 passed in 0.76s", [26, 0, 0]),
        ("1 failed, 26 passed, 2 skipped in 0.76s", [26, 1, 2]),
        ("=== 1 failed, 3 passed, 1 warning, 1 error in 83.20s (0:01:23) ===", [3, 2, 0]),
        ("1 passed in 1s, it said\n2 passed in 0.10s", [2, 0, 0]),
    ],
)
def test_pytest_says_how_many(tmp_path, closing, expected):
    status = ("fail", FAIL) if expected[1] else ("run", PASS)
    assert count(tmp_path, ("pytest.a", *status, closing)) == expected


def test_a_suite_that_fails_counts_a_failure(tmp_path):
    assert count(tmp_path, ("lit.a", "fail", FAIL, "killed")) == [0, 1, 0]
    assert count(tmp_path, ("pytest.a", "fail", FAIL, "5 passed in 1.0s")) == [5, 1, 0]


def test_a_suite_without_a_closing_line_counts_one(tmp_path):
    assert count(tmp_path, ("lit.a", "run", PASS, "")) == [1, 0, 0]
