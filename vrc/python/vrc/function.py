# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions and pointers of a graph, alone and in lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable, NamedTuple, SupportsIndex, overload

from vrc import notebook
from vrc.errors import Error

if TYPE_CHECKING:
    from vrc._native import RawPlace
    from vrc.graph import EdgeKinds, Graph


class Place(NamedTuple):
    """A place in a source; line or column 0 is unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Function:
    """A function, or a pointer that can hold functions. Equal to another one of the same graph if
    it is the same node, and good as a key.

    >>> import vrc
    >>> graph = vrc.from_edges([("main", "work"), ("work", "sleep")], labels={"slow": ["sleep"]})
    >>> work = graph.function("work")
    >>> work.name, work.callers(), work.callees()
    ('work', [<Function main>], [<Function sleep>])
    >>> graph.function("sleep").labels
    ['slow']
    """

    __slots__ = ("_generation", "_graph", "_node")

    def __init__(self, graph: Graph, node: int) -> None:
        self._graph = graph
        self._node = node
        self._generation = graph._session.generation

    def _data(self) -> tuple[str, str, str, RawPlace]:
        if self._generation != self._graph._session.generation:
            raise Error("this function is of a graph that was replaced since")
        return self._graph._session.node(self._node)

    @property
    def node(self) -> int:
        """Its number in the graph, which `Graph.edges` uses."""
        self._data()
        return self._node

    @property
    def graph(self) -> Graph:
        return self._graph

    @property
    def name(self) -> str:
        """With scopes: ``io::File::pread``, ``Record::field``."""
        return self._data()[0]

    @property
    def short_name(self) -> str:
        """Without scopes."""
        return self._data()[1]

    @property
    def place(self) -> Place | None:
        """Where it is defined, or else declared."""
        place = self._data()[3]
        return Place(*place) if place else None

    @property
    def file(self) -> str | None:
        place = self.place
        return place.file if place else None

    @property
    def line(self) -> int | None:
        place = self.place
        return place.line if place else None

    @property
    def is_external(self) -> bool:
        """Only declared in the tree."""
        return self._data()[2] == "external"

    @property
    def is_pointer(self) -> bool:
        """A field, variable or parameter that holds functions."""
        return self._data()[2] == "pointer"

    @property
    def labels(self) -> list[str]:
        self._data()
        return self._graph._session.labels_of(self._node)

    def callers(self, edges: EdgeKinds = None) -> FunctionList:
        """Who calls it; each once. See `Graph.paths` for ``edges``."""
        return FunctionList.unique(edge.caller for edge in self.edges_in(edges))

    def callees(self, edges: EdgeKinds = None) -> FunctionList:
        """What it calls; each once."""
        return FunctionList.unique(edge.callee for edge in self.edges_out(edges))

    def edges_in(self, edges: EdgeKinds = None) -> list[Edge]:
        """The calls of it, with their places."""
        return self._edges(True, edges)

    def edges_out(self, edges: EdgeKinds = None) -> list[Edge]:
        """The calls in it, with their places.

        >>> import vrc
        >>> graph = vrc.from_edges([("main", "work"), ("main", "handler", "ref")])
        >>> graph.function("main").edges_out(edges="all")
        [<Edge main -> work, direct>, <Edge main -> handler, ref>]
        """
        return self._edges(False, edges)

    def _edges(self, of_callers: bool, edges: EdgeKinds) -> list[Edge]:
        self._data()
        graph = self._graph
        rows = graph._session.neighbours(self._node, of_callers, graph._kinds(edges))
        return [Edge._make_from(graph, row) for row in rows]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Function):
            return NotImplemented
        return (self._graph is other._graph and self._node == other._node
                and self._generation == other._generation)  # fmt: skip

    def __hash__(self) -> int:
        return hash((id(self._graph), self._node, self._generation))

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Function {self.name}>"

    def _repr_html_(self) -> str:
        return notebook.functions_table([self])


class Edge(NamedTuple):
    """A call, or another way in which one function leads to the next."""

    caller: Function
    callee: Function
    kind: str
    place: Place | None

    @classmethod
    def _make_from(cls, graph: Graph, row: tuple[int, int, str, RawPlace]) -> Edge:
        caller, callee, kind, place = row
        return cls(Function(graph, caller), Function(graph, callee), kind,
                   Place(*place) if place else None)  # fmt: skip

    def __repr__(self) -> str:
        return f"<Edge {self.caller.name} -> {self.callee.name}, {self.kind}>"


class FunctionList(list[Function]):
    """A list of functions that a notebook shows as a table, or as a graph if it asks for SVG."""

    @classmethod
    def unique(cls, functions: Iterable[Function]) -> FunctionList:
        return cls(dict.fromkeys(functions))

    @property
    def names(self) -> list[str]:
        return [function.name for function in self]

    @overload
    def __getitem__(self, index: SupportsIndex) -> Function: ...

    @overload
    def __getitem__(self, index: slice) -> FunctionList: ...

    def __getitem__(self, index: SupportsIndex | slice) -> Function | FunctionList:
        if isinstance(index, slice):
            return FunctionList(super().__getitem__(index))
        return super().__getitem__(index)

    def to_dot(self) -> str:
        """The functions and the calls between them, for Graphviz."""
        if not self:
            return 'digraph "lockvet" {\n}\n'
        return self[0].graph._session.dot([function.node for function in self], [])

    def _repr_html_(self) -> str:
        return notebook.functions_table(self)

    def _repr_svg_(self) -> str | None:
        return notebook.svg(self.to_dot) if len(self) <= notebook.MOST_DRAWN else None
