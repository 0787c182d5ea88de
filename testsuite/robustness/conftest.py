# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A small tree with a compilation database, and the real `lockvet` (environment: LOCKVET)."""

import json
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

LOCKVET = os.environ.get("LOCKVET", "lockvet")


class Tree:
    def __init__(self, root: Path):
        self.root = root
        self.db = root / "lockvet.db"

    def add(self, count: int, body: str = "") -> None:
        """Files f0.c, f1.c, ...: each defines f<n> and calls common() of a shared header."""
        (self.root / "common.h").write_text("static inline int common(void) { return 1; }\n")
        for number in range(count):
            (self.root / f"f{number}.c").write_text(
                f'#include "common.h"\n{body}\nint f{number}(void) {{ return common(); }}\n'
            )
        self.write_database([f"f{number}.c" for number in range(count)])

    def write_database(self, files: list) -> None:
        entries = [
            {"directory": str(self.root), "file": name, "command": f"cc -c {name}"}
            for name in files
        ]
        (self.root / "compile_commands.json").write_text(json.dumps(entries))

    def command(self, *options: str) -> list:
        return [LOCKVET, "index", "-p", str(self.root), "--db", str(self.db), "--progress", "none",
                *options]

    def index(self, *options: str, fault: str = "", timeout: float = 120):
        environment = {**os.environ, "LOCKVET_TEST_FAULT": fault}
        return subprocess.run(self.command(*options), env=environment, capture_output=True,
                              text=True, timeout=timeout, check=False)

    def start(self, *options: str, fault: str = "") -> subprocess.Popen:
        environment = {**os.environ, "LOCKVET_TEST_FAULT": fault}
        return subprocess.Popen(self.command(*options), env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def rows(self, sql: str) -> list:
        connection = sqlite3.connect(self.db)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def statuses(self) -> dict:
        rows = self.rows("SELECT file, status FROM unit")
        return {Path(file).name: status for file, status in rows}

    def check_consistent(self) -> None:
        """SQLite finds no damage, and each unit that is there is there with its facts."""
        assert self.rows("PRAGMA integrity_check") == [("ok",)]
        for name, status in self.statuses().items():
            if status != "parsed":
                continue
            function = Path(name).stem
            assert self.rows(
                f"SELECT callee FROM call_edge WHERE caller = '{function}'"
            ) == [("common",)]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)
