# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A store of a small tree, and one whose paths nobody can enumerate (environment: LOCKVET, VRC, and
PYTHONPATH with the built package)."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import vrc

LOCKVET = os.environ.get("LOCKVET", "lockvet")

# AddressSanitizer, if it is here, is in this process; programs that it starts have their own.
os.environ.pop("LD_PRELOAD", None)

SMALL = """
#define coroutine_fn __attribute__((annotate("coroutine_fn")))
#define no_coroutine_fn __attribute__((annotate("no_coroutine_fn")))
struct ops { int (*read)(int); };
static int disk_read(int n) { return n; }
struct ops disk = { .read = disk_read };
void no_coroutine_fn wait_for_disk(void);
int coroutine_fn co_read_block(struct ops *ops, int n) { wait_for_disk(); return ops->read(n); }
int coroutine_fn co_read_file(int n) { return co_read_block(&disk, n); }
void no_coroutine_fn wait_for_disk(void) { extern void sleep_a_while(void); sleep_a_while(); }
int main(void) { wait_for_disk(); return disk_read(1); }
"""


def endless(layers=14, width=10):
    """Each function of a layer calls all of the next: width ** layers paths."""
    text = "void the_end(void) {}\n"
    after = ["the_end"]
    for layer in range(layers):
        names = [f"layer{layer}_{number}" for number in range(width)]
        calls = " ".join(f"{name}();" for name in after)
        text += "".join(f"void {name}(void) {{ {calls} }}\n" for name in names)
        after = names
    return text + f"void the_start(void) {{ {' '.join(f'{name}();' for name in after)} }}\n"


def make_store(folder: Path, source: str, *, check: bool = False) -> Path:
    (folder / "source.c").write_text(source)
    entry = {"directory": str(folder), "file": "source.c", "command": "cc -c source.c"}
    (folder / "compile_commands.json").write_text(json.dumps([entry]))
    database = folder / "lockvet.db"
    subprocess.run([LOCKVET, "index", "-p", folder, "--db", database, "--progress", "none"],
                   check=True, timeout=120)
    if check:
        done = subprocess.run([LOCKVET, "check", "--db", database], check=False, timeout=120,
                              capture_output=True)
        assert done.returncode == 1, "the tree has a bug to find"
    return database


@pytest.fixture(scope="session")
def store(tmp_path_factory) -> Path:
    return make_store(tmp_path_factory.mktemp("small"), SMALL, check=True)


@pytest.fixture(scope="session")
def endless_store(tmp_path_factory) -> Path:
    return make_store(tmp_path_factory.mktemp("endless"), endless())


@pytest.fixture
def graph(store) -> vrc.Graph:
    return vrc.open(store)


@pytest.fixture
def endless_graph(endless_store) -> vrc.Graph:
    return vrc.open(str(endless_store))
