# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`lockvet watch`: what is saved is checked again, whatever an editor does to save it."""

import os
import queue
import subprocess
import threading

import pytest

from conftest import LOCKVET

CODE = """
__attribute__((annotate("coroutine_fn"))) void co_work(void);
__attribute__((annotate("no_coroutine_fn"))) void block(void);
"""
QUIET = CODE + """
__attribute__((annotate("coroutine_fn"))) void user(void) { co_work(); }
"""
LOUD = CODE + """
__attribute__((annotate("coroutine_fn"))) void user(void) { co_work(); block(); }
"""


class Watch:
    def __init__(self, tree, *options):
        self.process = subprocess.Popen(
            [LOCKVET, "watch", "-p", str(tree.root), "--db", str(tree.db), *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tree.root)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def answer(self):
        """All lines up to the one that sums up."""
        said = []
        while not said or " to check)" not in said[-1]:
            said.append(self.lines.get(timeout=60))
        return said

    def stop(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture(name="watch")
def _watch(tree):
    (tree.root / "user.c").write_text(QUIET)
    (tree.root / "other.c").write_text("void other(void) {}\n")
    tree.write_database(["user.c", "other.c"])
    watch = Watch(tree)
    yield watch
    watch.stop()


def replace(path, text):
    """As editors do that never leave half a file."""
    temporary = path.with_name(".saving")
    temporary.write_text(text)
    os.replace(temporary, path)


def test_tells_what_is_new_and_what_is_gone(tree, watch):
    assert watch.answer()[-1].startswith("0 findings to begin with")
    source = tree.root / "user.c"
    source.write_text(LOUD)
    said = watch.answer()
    assert any("block()" in line and "[no-coroutine-call]" in line for line in said), said
    assert said[-1].startswith("1 new, 0 gone, 1 finding in all")
    replace(source, QUIET)
    said = watch.answer()
    assert said[0].startswith("gone: ") and "[no-coroutine-call]" in said[0], said
    assert said[-1].startswith("0 new, 1 gone, 0 findings in all")


def test_what_only_moves_is_not_new(tree, watch):
    watch.answer()
    source = tree.root / "user.c"
    source.write_text(LOUD)
    watch.answer()
    source.write_text("\n\n" + LOUD)
    assert watch.answer()[-1].startswith("0 new, 0 gone, 1 finding in all")


def test_configuration_and_new_units_are_read_again(tree, watch):
    watch.answer()
    (tree.root / "late.c").write_text(LOUD.replace("user", "late"))
    tree.write_database(["user.c", "other.c", "late.c"])
    assert watch.answer()[-1].startswith("1 new, 0 gone")
    (tree.root / ".lockvet.yaml").write_text("rules: {no-coroutine-call: off}\n")
    assert watch.answer()[-1].startswith("0 new, 1 gone")


def test_a_mistake_ends_nothing(tree, watch):
    watch.answer()
    config = tree.root / ".lockvet.yaml"
    config.write_text("rules: [\n")
    replace(tree.root / ".lockvet.yaml", "rules: {}\n")
    (tree.root / "user.c").write_text(LOUD)
    said = watch.answer()
    while "1 finding in all" not in said[-1]:
        said = watch.answer()
    assert watch.process.poll() is None


def test_a_wrong_command_line_is_an_error(tree):
    run = subprocess.run([LOCKVET, "watch", "-p", str(tree.root / "nowhere"), "--db",
                          str(tree.db)], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 2
    assert "nowhere" in run.stderr
