# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Questions about the call graph of a tree that ``lockvet index`` has read.

    import vrc

    graph = vrc.open("lockvet.db")
    graph.function("bdrv_co_preadv").callers()
    graph.paths("[coroutine_fn] [!coroutine_fn]* [no_coroutine_fn]", limit=10)

>>> graph = from_edges([("main", "work"), ("work", "sleep")])
>>> print(graph.paths("main ... sleep")[0])
main -> work -> sleep
"""

from vrc.edges import Edges
from vrc.errors import Error, QueryError
from vrc.findings import Explanation, Finding, Step
from vrc.function import Edge, Function, FunctionList, Place
from vrc.graph import Graph, from_edges, open
from vrc.paths import Hop, Path, PathList

__all__ = [
    "Edge",
    "Edges",
    "Error",
    "Explanation",
    "Finding",
    "Function",
    "FunctionList",
    "Graph",
    "Hop",
    "Path",
    "PathList",
    "Place",
    "QueryError",
    "Step",
    "from_edges",
    "open",
]
