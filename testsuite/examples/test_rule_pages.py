# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""docs/rules: every rule that the command knows has a page of the agreed shape, and what a page
shows as output is what the command prints."""

import os
import re
import subprocess

import pytest
import test_broken
from test_broken import BROKEN, LOCKVET, TOP, needs_lockvet

PAGES = TOP / "docs" / "rules"
HEADINGS = [
    "The bug",
    "A case",
    "What it looks like",
    "How to mend it",
    "How to silence one",
    "What it cannot see",
]
RULES = sorted(path.stem for path in PAGES.glob("*.md") if path.name != "README.md")


@needs_lockvet
def test_every_rule_has_a_page():
    done = subprocess.run([LOCKVET, "check", "--explain", "there-is-no-such-rule"], check=False,
                          capture_output=True, encoding="utf-8")  # fmt: skip
    assert re.findall(r"^  ([a-z-]+)$", done.stderr, re.M) == RULES


@pytest.mark.parametrize("rule", RULES)
def test_page_has_its_sections(rule):
    page = (PAGES / f"{rule}.md").read_text()
    assert page.startswith(f"# {rule}\n")
    assert re.findall(r"^## (.*)$", page, re.M) == HEADINGS


@pytest.mark.parametrize("rule", RULES)
def test_index_lists_the_page(rule):
    assert f"[{rule}]({rule}.md)" in (PAGES / "README.md").read_text()


@needs_lockvet
@pytest.mark.parametrize("folder", sorted(BROKEN.glob("*/")), ids=lambda path: path.name)
def test_output_is_real(folder, tmp_path):
    sources = sorted(folder.glob("bug.c*"))
    test_broken.findings(sources, tmp_path)
    done = subprocess.run(
        [LOCKVET, "check", "--db", str(tmp_path / "lockvet.db"), "--color", "never",
         "--config", str(tmp_path / ".lockvet.yaml")],
        cwd=BROKEN, check=False, capture_output=True, encoding="utf-8")  # fmt: skip
    page = (PAGES / f"{folder.name}.md").read_text()
    shown = re.search(rf"```\n({re.escape(folder.name)}/.*?)```", page, re.S)
    assert shown, "the page shows no output of its example"
    printed = done.stdout.splitlines()
    for line in shown.group(1).splitlines():
        assert line in printed


def test_links_lead_somewhere():
    for page in PAGES.glob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert os.path.exists(PAGES / link), (page.name, link)
