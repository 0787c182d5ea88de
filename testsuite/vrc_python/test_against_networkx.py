# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random graphs: what networkx says of them must be what vrc says."""

import pytest
import vrc
from hypothesis import given, settings
from hypothesis import strategies as st

networkx = pytest.importorskip("networkx")

NAMES = [f"f{number}" for number in range(8)]
EDGES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=20)


def both(edges):
    reference = networkx.DiGraph(edges)
    reference.add_nodes_from(NAMES)
    return vrc.from_edges(edges, nodes=NAMES), reference


@settings(deadline=None)
@given(EDGES)
def test_neighbours_and_closures(edges):
    graph, reference = both(edges)
    for name in NAMES:
        assert set(graph.function(name).callees().names) == set(reference.successors(name))
        assert set(graph.function(name).callers().names) == set(reference.predecessors(name))
        reached = networkx.descendants(reference, name) | {name}
        assert set(graph.functions(f"{name}:all_callees").names) == reached


@settings(deadline=None)
@given(EDGES, st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_shortest_and_simple_paths(edges, start, end):
    graph, reference = both(edges)
    found = graph.paths(f"{start} ... {end}")
    if start != end:
        assert bool(found) == networkx.has_path(reference, start, end)
        if found:
            assert len(found[0]) == networkx.shortest_path_length(reference, start, end) + 1
        simple = {tuple(path.functions.names)
                  for path in graph.paths(f"{start} ... {end}", simple=True)}
        assert simple == {tuple(path)
                          for path in networkx.all_simple_paths(reference, start, end)}
    for path in found:
        for caller, callee in zip(path, path[1:]):
            assert reference.has_edge(caller.function.name, callee.function.name)


@settings(deadline=None)
@given(EDGES)
def test_the_way_to_networkx_keeps_everything(edges):
    graph, reference = both(edges)
    exported = graph.to_networkx()
    assert {(a.name, b.name) for a, b in exported.edges()} == set(reference.edges())
    columns = graph.edges()
    names = {function.node: function.name for function in graph.functions()}
    pairs = {(names[a], names[b]) for a, b in zip(columns.caller, columns.callee)}
    assert pairs == set(reference.edges())
