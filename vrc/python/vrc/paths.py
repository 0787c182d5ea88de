# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Paths of calls, and lists of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, NamedTuple

from vrc import notebook
from vrc.function import Function, FunctionList, Place

if TYPE_CHECKING:
    from vrc._native import RawHop
    from vrc.graph import Graph


class Hop(NamedTuple):
    """A function of a path, and the call that leads to it from the one before. The first hop of a
    path has neither kind nor place."""

    function: Function
    kind: str | None
    place: Place | None


class Path(tuple[Hop, ...]):
    """The hops from caller to callee.

    >>> import vrc
    >>> graph = vrc.from_edges([("main", "work"), ("work", "sleep")])
    >>> path = graph.paths("main ... sleep")[0]
    >>> path.start.name, path.end.name, len(path)
    ('main', 'sleep', 3)
    >>> print(path)
    main -> work -> sleep
    """

    @property
    def start(self) -> Function:
        return self[0].function

    @property
    def end(self) -> Function:
        return self[-1].function

    @property
    def functions(self) -> FunctionList:
        return FunctionList(hop.function for hop in self)

    def __str__(self) -> str:
        return " -> ".join(hop.function.name for hop in self)

    def __repr__(self) -> str:
        return f"<Path {self}>"

    def _repr_html_(self) -> str:
        return notebook.path_table(self)


class PathList(list[Path]):
    """The paths that a search found, best first; ``is_cut`` if there are more than the limit."""

    def __init__(self, graph: Graph, rows: list[list[RawHop]], is_cut: bool) -> None:
        super().__init__(
            Path(
                Hop(Function(graph, node), kind, Place(*place) if place else None)
                for node, kind, place in row
            )
            for row in rows
        )
        self._graph = graph
        self.is_cut = is_cut

    @property
    def pairs(self) -> Iterator[tuple[Function, Function]]:
        """Where each path begins and ends."""
        return ((path.start, path.end) for path in self)

    def to_dot(self) -> str:
        """All functions and calls of the paths as one graph, for Graphviz."""
        paths = [[(hop.function.node, hop.kind or "") for hop in path] for path in self]
        return self._graph._session.dot([], paths)

    def _repr_html_(self) -> str:
        more = "<p>There are more.</p>" if self.is_cut else ""
        return "".join(notebook.path_table(path) for path in self) + more

    def _repr_svg_(self) -> str | None:
        hops = sum(len(path) for path in self)
        return notebook.svg(self.to_dot) if hops <= notebook.MOST_DRAWN else None
