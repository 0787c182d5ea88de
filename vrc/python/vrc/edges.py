# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""All edges of a graph as columns of numbers."""

from __future__ import annotations

from typing import Any

from vrc import _native


class Edges:
    """Columns of the same length, one entry an edge: numpy arrays where numpy is installed, else
    memoryviews. Callers and callees are numbers of nodes (`Function.node`), kinds are indexes into
    ``kinds``, and a line of 0 is unknown.

    >>> import vrc
    >>> edges = vrc.from_edges([("main", "work"), ("work", "sleep")]).edges()
    >>> len(edges), [int(node) for node in edges.caller]
    (2, [0, 1])
    >>> edges.kinds[edges.kind[0]]
    'direct'
    """

    #: the words for kinds
    kinds = _native.EDGE_KINDS

    def __init__(self, columns: tuple[_native.Array, ...]) -> None:
        self.caller, self.callee, self.kind, self.line = (_array(column) for column in columns)

    def __len__(self) -> int:
        return len(self.caller)


def _array(column: _native.Array) -> Any:
    try:
        import numpy
    except ImportError:
        return memoryview(column)  # type: ignore[arg-type]
    return numpy.asarray(column)
