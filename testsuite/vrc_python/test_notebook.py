# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A script as people write it in a notebook, and what the notebook shows."""

import shutil
import xml.etree.ElementTree

import pytest
import vrc
from vrc import notebook

SCRIPT = """
import vrc
graph = vrc.open(database)
suspects = graph.paths("[coroutine_fn] [!coroutine_fn]* [no_coroutine_fn]")
graph.label("suspect", " ".join(start.name for start, end in suspects.pairs))
rows = [(finding.function, finding.rule) for finding in graph.findings()]
table = graph.functions("[suspect]")
"""


def tables(html):
    return xml.etree.ElementTree.fromstring(f"<div>{html}</div>").findall("table")


def test_a_script(store):
    names = {"database": str(store)}
    exec(SCRIPT, names)
    assert names["table"].names == ["co_read_block"]
    assert ("co_read_block", "no-coroutine-call") in names["rows"]


def test_tables(graph):
    functions = graph.functions()
    (table,) = tables(functions._repr_html_())
    assert len(table.findall("tbody/tr")) == len(functions)
    paths = graph.paths("main ... [external]")
    (table,) = tables(paths._repr_html_())
    first, *_, last = table.findall("tbody/tr")
    assert first[0].text == "main" and last[0].text == "sleep_a_while"
    assert "There are more" in graph.paths("[] []", limit=1)._repr_html_()


def test_names_are_escaped():
    graph = vrc.from_edges([("operator<", "a & b")])
    (table,) = tables(graph.functions()._repr_html_())
    assert table.find("tbody/tr/td").text == "operator<"


def test_long_tables_are_cut():
    graph = vrc.from_edges([], nodes=[f"f{number}" for number in range(1000)])
    html = graph.functions()._repr_html_()
    assert html.count("<tr>") < 300 and "and 800 more" in html
    assert graph.functions()._repr_svg_() is None


@pytest.mark.skipif(not shutil.which("dot"), reason="no Graphviz")
def test_drawings(graph):
    for shown in (graph.functions("main main:callees"), graph.paths("main ... disk_read")):
        svg = shown._repr_svg_()
        assert "<svg" in svg and "main" in svg and "disk_read" in svg


def test_without_graphviz_there_is_the_table(graph, monkeypatch):
    monkeypatch.setattr(notebook.shutil, "which", lambda name: None)
    assert graph.functions()._repr_svg_() is None
    assert graph.functions()._repr_html_()
