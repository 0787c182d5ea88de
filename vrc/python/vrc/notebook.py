# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How functions and paths look in a notebook: small tables, and drawings if Graphviz is there."""

from __future__ import annotations

import html
import shutil
import subprocess
from typing import TYPE_CHECKING, Callable, Iterable, Sequence

if TYPE_CHECKING:
    from vrc.function import Function
    from vrc.paths import Path

#: A drawing with more nodes takes long and shows nothing.
MOST_DRAWN = 300
_MOST_ROWS = 200
_DRAWING_SECONDS = 10


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Escaped, and cut after some hundred rows."""

    def line(cells: Sequence[object], tag: str) -> str:
        texts = (html.escape("" if cell is None else str(cell)) for cell in cells)
        return "<tr>" + "".join(f"<{tag}>{text}</{tag}>" for text in texts) + "</tr>"

    lines = [line(row, "td") for row in rows]
    more = len(lines) - _MOST_ROWS
    body = "".join(lines[:_MOST_ROWS])
    closing = f"<p>... and {more} more</p>" if more > 0 else ""
    return (f"<table><thead>{line(columns, 'th')}</thead><tbody>{body}</tbody></table>"
            f"{closing}")  # fmt: skip


def functions_table(functions: Sequence[Function]) -> str:
    rows = ((function.name, function.place, ", ".join(function.labels)) for function in functions)
    return table(("function", "place", "labels"), rows)


def path_table(path: Path) -> str:
    rows = ((hop.function.name, hop.kind, hop.place or hop.function.place) for hop in path)
    return table(("function", "by", "place"), rows)


def svg(make_dot: Callable[[], str]) -> str | None:
    """None where Graphviz is missing or takes too long: a notebook then shows the table."""
    program = shutil.which("dot")
    if not program:
        return None
    try:
        done = subprocess.run(
            [program, "-Tsvg"],
            input=make_dot(),
            capture_output=True,
            check=True,
            encoding="utf-8",
            errors="replace",
            timeout=_DRAWING_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
