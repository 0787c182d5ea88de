# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `lockvet check` found last, as a store keeps it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from vrc.errors import Error

_COLUMNS = ("id", "rule", "severity", "message", "function", "file", "line", "column",
            "fingerprint", "confidence", "witness")  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A step of a witness: from where a context is known to the offence."""

    function: str
    file: str
    line: int
    column: int
    reason: str


@dataclass(frozen=True)
class Explanation:
    """What commands like `why` answer: a statement and the steps that lead to it."""

    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Finding:
    id: int
    rule: str
    severity: str
    message: str
    function: str | None
    file: str | None
    line: int | None
    column: int | None
    fingerprint: str
    confidence: str | None
    witness: tuple[Step, ...]


def _steps(text: str | None) -> tuple[Step, ...]:
    return tuple(
        Step(step.get("function", ""), step.get("file", ""), step.get("line", 0),
             step.get("column", 0), step.get("reason", ""))
        for step in json.loads(text or "[]")
    )  # fmt: skip


def read(database: str) -> list[Finding]:
    """The findings of a store, in the order in which the check gave them."""
    columns = ", ".join(f'"{column}"' for column in _COLUMNS)
    address = f"file:{quote(str(Path(database).absolute()))}?mode=ro"
    try:
        connection = sqlite3.connect(address, uri=True)
        try:
            rows = connection.execute(f"SELECT {columns} FROM finding ORDER BY id").fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise Error(f"{database}: {error}") from error
    return [Finding(**dict(zip(_COLUMNS, row[:-1])), witness=_steps(row[-1])) for row in rows]
