# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The Python interface over a store of a real tree."""

import pytest
import vrc


def test_a_function_says_what_is_known(graph):
    function = graph.function("co_read_block")
    assert function.name == function.short_name == str(function) == "co_read_block"
    assert function.file.endswith("/source.c") and function.line == 8
    assert function.labels == ["coroutine_fn"]
    assert not function.is_external and not function.is_pointer
    assert graph.function("sleep_a_while").is_external
    assert graph.function("ops::read").is_pointer
    assert "main" in graph and "mian" not in graph


def test_callers_and_callees(graph):
    function = graph.function("wait_for_disk")
    assert sorted(function.callers().names) == ["co_read_block", "main"]
    assert function.callees().names == ["sleep_a_while"]
    edge = graph.function("main").edges_out()[0]
    assert edge.caller.name == "main" and edge.kind == "direct" and edge.place.line == 11
    assert graph.function("disk_read").callers(edges="flow").names == ["ops::read"]
    assert graph.function("disk_read").callers(edges=["direct"]).names == ["main"]


def test_functions_of_a_spec(graph):
    assert sorted(graph.functions("[coroutine_fn]").names) == ["co_read_block", "co_read_file"]
    assert len(graph.functions()) == len(graph)
    assert graph.functions("/^no such/") == []
    assert graph.functions("[no_coroutine_fn]")[0] == graph.function("wait_for_disk")
    assert isinstance(graph.functions()[:2], vrc.FunctionList)


def test_paths(graph):
    paths = graph.paths("[coroutine_fn] [!coroutine_fn]* [no_coroutine_fn]")
    assert [str(path) for path in paths] == ["co_read_block -> wait_for_disk"]
    start, end = paths[0]
    assert start.kind is None and start.place is None
    assert end.kind == "direct" and end.place.line == 8
    assert list(paths.pairs) == [(start.function, end.function)]
    assert graph.count("[] []") == len(graph.paths("[] []"))


def test_limit_through_avoid_and_edges(graph):
    everything = graph.paths("[] ... []")
    cut = graph.paths("[] ... []", limit=2)
    assert len(cut) == 2 and cut.is_cut and not everything.is_cut
    assert graph.paths("co_read_file ... disk_read", avoid='"ops::read"') == []
    assert graph.paths("main ... disk_read", through='"ops::read" wait_for_disk') == []
    assert graph.paths("co_read_file ... disk_read", edges="direct") == []
    assert len(graph.paths("co_read_file ... disk_read", edges="all", through="/::read/")) == 1
    with pytest.raises(ValueError):
        graph.paths("main main", limit=0)
    with pytest.raises(vrc.Error, match="no kind of edge"):
        graph.paths("main main", edges="sideways")


def test_commands_give_plain_values(graph):
    assert graph.query("functions [coroutine_fn]") == graph.functions("[coroutine_fn]")
    assert [edge.caller.name for edge in graph.query("callers co_read_block")] == ["co_read_file"]
    assert graph.query("paths --count [coroutine_fn] [no_coroutine_fn]") == 1
    assert str(graph.query("path co_read_file disk_read")[0]).endswith("ops::read -> disk_read")
    assert graph.query("labels main") == {}
    assert graph.query("labels [no_coroutine_fn]") == {
        graph.function("wait_for_disk"): ["no_coroutine_fn"]
    }
    assert graph.query("scc") == []
    explanations = graph.query("check no-coroutine-call")
    assert "wait_for_disk" in explanations[0].title and explanations[0].steps[0].reason
    assert graph.query("sql SELECT count(*) AS n FROM function WHERE name = 'main'") == [{"n": "1"}]
    assert "Who calls" in graph.query("help")
    assert graph.query("# a comment") is None


def test_labels(graph):
    assert graph.labels["coroutine_fn"] == 2
    graph.label("seen", "main [coroutine_fn]")
    assert graph.labels["seen"] == 3
    assert graph.function("main").labels == ["seen"]
    for wrong in ("", "two words", "--limit", '"quoted"'):
        with pytest.raises(vrc.Error):
            graph.label(wrong, "main")
    with pytest.raises(vrc.QueryError) as caught:
        graph.label("seen", "main mian")
    assert (caught.value.offset, caught.value.text) == (5, "main mian")
    with pytest.raises(vrc.QueryError):
        graph.label("seen", "  ")


def test_filters_hold_for_everything(graph):
    graph.query("omit main")
    assert graph.function("wait_for_disk").callers().names == ["co_read_block"]
    assert "main" not in graph.functions().names
    assert graph.paths("[] disk_read", edges="direct") == []


def test_functions_of_a_replaced_graph_are_gone(graph, store):
    function = graph.function("main")
    graph.label("seen", "main")
    assert function.labels == ["seen"], "labels and nodes leave it as it is"
    graph.query(f"open {store}")
    with pytest.raises(vrc.Error, match="replaced"):
        function.name
    assert function != graph.function("main")


def test_what_is_added_is_there_when_somebody_asks():
    graph = vrc.from_edges([("main", "work")])
    main = graph.function("main")
    for number in range(300):
        graph.query(f"node helper{number}")
        graph.query(f"edge main helper{number}")
        graph.label("made", f'"helper{number}"')
    assert len(graph) == 302
    assert len(main.callees()) == 301, "nodes of before are the same"
    assert graph.labels == {"made": 300}
    assert graph.function("helper7").labels == ["made"]
    graph.label("made", "main")
    assert main.labels == ["made"]
    graph.query("reset")
    assert main.labels == [] and len(graph) == 302
    graph.query("reset --graph")
    assert len(graph) == 2
    with pytest.raises(vrc.Error, match="replaced"):
        main.name


def test_findings(graph):
    findings = graph.findings()
    assert findings
    finding = next(finding for finding in findings if finding.function == "co_read_block")
    assert finding.rule == "no-coroutine-call"
    assert finding.file.endswith("source.c") and finding.line == 8
    assert finding.witness and finding.witness[-1].reason
    with pytest.raises(vrc.Error, match="not of a store"):
        vrc.from_edges([("a", "b")]).findings()


def test_edges_as_arrays(graph):
    numpy = pytest.importorskip("numpy")
    edges = graph.edges()
    assert isinstance(edges.caller, numpy.ndarray) and len(edges) == len(edges.line)
    called = numpy.bincount(edges.callee, minlength=len(graph))
    assert called[graph.function("wait_for_disk").node] == 2
    with pytest.raises(ValueError):
        edges.caller[0] = 1


def test_edges_without_numpy(graph, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "numpy", None)
    edges = graph.edges()
    assert isinstance(edges.caller, memoryview) and edges.caller.readonly
    assert len(edges.caller.tolist()) == len(edges)


def test_networkx(graph):
    networkx = pytest.importorskip("networkx")
    whole = graph.to_networkx()
    assert len(whole) == len(graph)
    main, disk_read = graph.function("main"), graph.function("disk_read")
    assert networkx.has_path(whole, main, disk_read)
    assert whole.nodes[main]["line"] == 11 and "direct" in whole[main][disk_read]
    assert len(graph.to_networkx("[coroutine_fn]").edges) == 1


def test_names_in_any_encoding():
    graph = vrc.from_edges([("gr\u00f6\u00dfe", "caf\u00e9")])
    assert graph.function("gr\u00f6\u00dfe").callees().names == ["caf\u00e9"]


def test_static_functions_of_one_name_are_told_apart(tmp_path):
    graph = vrc.from_edges([("a::run", "end"), ("b::run", "end")])
    with pytest.raises(vrc.Error, match="2 functions are called 'run': a::run, b::run"):
        graph.function("run")
    with pytest.raises(vrc.Error, match="similar ones are end"):
        graph.function("ed")
    with pytest.raises(vrc.Error):
        vrc.open(str(tmp_path / "none.db"))
