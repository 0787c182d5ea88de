# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The call graph of an indexed tree."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Iterable, Mapping, Sequence, Union

from vrc import _native, findings
from vrc.edges import Edges
from vrc.errors import Error, QueryError
from vrc.function import Edge, Function, FunctionList
from vrc.paths import PathList

if TYPE_CHECKING:
    import networkx  # type: ignore[import]

#: "all", some kinds joined by commas, or a sequence of kinds; None: all calls but guessed ones.
EdgeKinds = Union[str, Sequence[str], None]

_USUAL_KINDS = ["direct", "implicit", "virtual", "flow"]


class Graph:
    """A call graph that was opened with `vrc.open` or made with `vrc.from_edges`.

    Searches leave the interpreter to other threads, and Ctrl-C ends them. Mistakes in queries raise
    `vrc.QueryError`. Threads may share a graph; their searches wait for each other.
    """

    def __init__(self, session: _native.Session) -> None:
        self._session = session

    # Functions -----------------------------------------------------------------------------------

    def function(self, name: str) -> Function:
        """The one function of that name, with or without scopes.

        >>> import vrc
        >>> graph = vrc.from_edges([("main", "a::run"), ("main", "b::run")])
        >>> graph.function("main")
        <Function main>
        >>> graph.function("run")
        Traceback (most recent call last):
        vrc.errors.Error: 2 functions are called 'run': a::run, b::run; take one of functions('run')
        >>> [f for f in graph.functions("run") if f.name.startswith("a::")]
        [<Function a::run>]
        """
        nodes = self._session.named(name)
        if not nodes:
            similar = ", ".join(self._session.similar_names(name, 3))
            hint = f"; similar ones are {similar}" if similar else ""
            raise Error(f"there is no function '{name}'{hint}")
        found = FunctionList(Function(self, node) for node in nodes)
        if len(found) > 1:
            raise Error(f"{len(found)} functions are called '{name}': {_described(found)}; "
                        f"take one of functions({name!r})")  # fmt: skip
        return found[0]

    def functions(self, spec: str = "[]", *, edges: EdgeKinds = None) -> FunctionList:
        """What a node spec stands for; all without one. ``graph.query("help specs")`` has the
        language.

        >>> import vrc
        >>> graph = vrc.from_edges([("main", "read"), ("main", "write")], labels={"io": ["read"]})
        >>> graph.functions("[io]"), graph.functions("/^w/"), graph.functions("main:callees")
        ([<Function read>], [<Function write>], [<Function read>, <Function write>])
        """
        nodes = self._session.nodes(spec, self._kinds(edges))
        return FunctionList(Function(self, node) for node in nodes)

    def __len__(self) -> int:
        """How many functions and pointers there are."""
        return self._session.size

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self._session.named(name))

    # Paths ---------------------------------------------------------------------------------------

    def paths(
        self,
        expression: str,
        *,
        limit: int | None = None,
        edges: EdgeKinds = None,
        through: str | None = None,
        avoid: str | None = None,
        simple: bool = False,
    ) -> PathList:
        """Paths that match, from caller to callee, best first: one for each pair of ends, or with
        ``simple`` all without a repeated function. ``through`` and ``avoid`` are node specs of
        which paths must touch one, or none. ``graph.query("help paths")`` has the language.

        >>> import vrc
        >>> graph = vrc.from_edges([("main", "a"), ("main", "b"), ("a", "end"), ("b", "end")])
        >>> graph.paths("main ... end")
        [<Path main -> a -> end>]
        >>> graph.paths("main ... end", avoid="a")
        [<Path main -> b -> end>]
        >>> graph.paths("main ... end", simple=True)
        [<Path main -> a -> end>, <Path main -> b -> end>]
        """
        if limit is not None and limit <= 0:
            raise ValueError("limit must be positive, or None for no limit")
        rows, is_cut = self._session.paths(
            expression, through, avoid, self._kinds(edges), limit or 0, simple
        )
        return PathList(self, rows, is_cut)

    def count(
        self,
        expression: str,
        *,
        edges: EdgeKinds = None,
        through: str | None = None,
        avoid: str | None = None,
    ) -> int:
        """How many pairs of ends are connected by paths that match.

        >>> import vrc
        >>> vrc.from_edges([("main", "a"), ("a", "b")]).count("main []+")
        2
        """
        return self._session.count(expression, through, avoid, self._kinds(edges))

    # The command language ------------------------------------------------------------------------

    def query(self, command: str) -> Any:
        """Runs a command line of ``vrc`` and gives what it answers: None, a str, an int, a
        FunctionList, a PathList, lists of Edge or Explanation, dicts. What commands in a file
        answer that is sourced is dropped.

        >>> import vrc
        >>> graph = vrc.from_edges([("main", "work"), ("work", "sleep")])
        >>> graph.query("callers sleep")
        [<Edge work -> sleep, direct>]
        >>> graph.query("paths --count [] []")
        2
        """
        kind, value = self._session.run(command)
        if kind == "functions":
            return FunctionList(Function(self, node) for node in value)
        if kind == "paths":
            return PathList(self, *value)
        if kind == "edges":
            return [Edge._make_from(self, row) for row in value]
        if kind == "labelled":
            return {Function(self, node): labels for node, labels in value}
        if kind == "groups":
            return [FunctionList(Function(self, node) for node in group) for group in value]
        if kind == "explanation":
            return [
                findings.Explanation(title, tuple(
                    findings.Step(function, file, line, 0, reason)
                    for function, file, line, reason in steps))
                for title, steps in value
            ]  # fmt: skip
        return value

    def interrupt(self) -> None:
        """Ends the search that another thread runs; there it raises `vrc.Error`."""
        self._session.interrupt()

    # Labels --------------------------------------------------------------------------------------

    @property
    def labels(self) -> dict[str, int]:
        """All labels, with how many functions have each."""
        return dict(self._session.run("labels")[1])

    def label(self, label: str, spec: str) -> None:
        """Gives a label to functions, in memory; ``query("save FILE")`` writes it down.

        >>> import vrc
        >>> graph = vrc.from_edges([("main", "work")])
        >>> graph.label("seen", "work")
        >>> graph.functions("[seen]")
        [<Function work>]
        """
        if not re.fullmatch(r"[A-Za-z_][\w:.]*", label):
            raise Error(f"'{label}' is no label: letters, digits, '_', ':' and '.' make one")
        before = f"label {label} "
        spec = spec.replace("\n", " ")
        if not spec.strip():
            raise QueryError("expected which functions get the label", 0, spec)
        try:
            self._session.run(before + spec)
        except QueryError as error:
            raise QueryError(error.message, max(0, error.offset - len(before)), spec) from None

    # Data ----------------------------------------------------------------------------------------

    @property
    def database(self) -> str:
        """The store that it was opened from, or ""."""
        return self._session.database

    def findings(self) -> list[findings.Finding]:
        """What ``lockvet check`` found last in this tree."""
        if not self.database:
            raise Error("this graph is not of a store, so nothing was checked")
        return findings.read(self.database)

    def edges(self) -> Edges:
        """All edges as columns of numbers."""
        return Edges(self._session.edges())

    def to_networkx(self, spec: str = "[]", *, edges: EdgeKinds = None) -> networkx.MultiDiGraph:
        """The functions that a spec stands for and the edges between them, for networkx. Nodes are
        Functions, the keys of edges are their kinds.

        >>> import vrc
        >>> graph = vrc.from_edges([("main", "work"), ("work", "main")])
        >>> sorted(f.name for f in graph.to_networkx().successors(graph.function("main")))
        ['work']
        """
        import networkx

        functions = self.functions(spec)
        result = networkx.MultiDiGraph()
        for function in functions:
            result.add_node(function, name=function.name, file=function.file or "",
                            line=function.line or 0, labels=",".join(function.labels))  # fmt: skip
        for function in functions:
            for edge in function.edges_out(edges):
                if edge.callee in result:
                    result.add_edge(function, edge.callee, key=edge.kind,
                                    place=str(edge.place or ""))  # fmt: skip
        return result

    def _kinds(self, edges: EdgeKinds) -> list[str]:
        if edges is None:
            return _USUAL_KINDS
        words = edges.split(",") if isinstance(edges, str) else list(edges)
        for word in words:
            if word != "all" and word not in _native.EDGE_KINDS:
                raise Error(f"'{word}' is no kind of edge; there are "
                            f"{', '.join(_native.EDGE_KINDS)}, and all")  # fmt: skip
        return list(_native.EDGE_KINDS) if "all" in words else words

    def __repr__(self) -> str:
        return f"<Graph {self.database or 'in memory'}: {len(self)} functions and pointers>"


def _described(functions: FunctionList) -> str:
    """Enough to choose one: static functions of one name differ in their files only."""
    names = functions.names
    texts = names if len(set(names)) == len(names) else [
        f"{function.name} ({function.place})" for function in functions]  # fmt: skip
    return ", ".join(texts[:5]) + (", ..." if len(texts) > 5 else "")


def open(
    database: str | os.PathLike[str] = "lockvet.db", *, config: str = "", profile: str = ""
) -> Graph:
    """Opens the store that ``lockvet index`` made. ``config`` is a configuration file; without it
    the nearest .lockvet.yaml counts. ``profile`` is what that stands on; without it what it
    names."""
    session = _native.Session(config, profile)
    session.open(os.fspath(database))
    return Graph(session)


def from_edges(
    edges: Iterable[Sequence[str]],
    *,
    nodes: Iterable[str] = (),
    external: Iterable[str] = (),
    labels: Mapping[str, Iterable[str]] | None = None,
) -> Graph:
    """A graph of (caller, callee) or (caller, callee, kind), for experiments and tests.

    >>> import vrc
    >>> vrc.from_edges([("main", "work"), ("main", "handler", "ref")])
    <Graph in memory: 3 functions and pointers>
    """
    numbers: dict[str, int] = {}

    def number(name: str) -> int:
        return numbers.setdefault(name, len(numbers))

    rows = []
    for caller, callee, *kind in edges:
        rows.append((number(caller), number(callee), kind[0] if kind else "direct"))
        if rows[-1][2] not in _native.EDGE_KINDS:
            raise Error(f"'{rows[-1][2]}' is no kind of edge")
    for name in nodes:
        number(name)
    outside = set(external)
    for name in outside:
        number(name)
    marks = [(label, number(name)) for label, names in (labels or {}).items() for name in names]
    session = _native.Session("")
    session.adopt([(name, name in outside) for name in numbers], rows, marks)
    return Graph(session)
