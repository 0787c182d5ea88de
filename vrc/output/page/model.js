// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the page was told, and questions to it. vrc/output/html.h says what the data holds.

"use strict";

const model = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const sure = ["direct", "implicit"];
  const hiddenLabels = ["external", "function_pointer"]; // their shape says it

  const nodes = data.nodes.map((node, id) => ({
    ...node, id, inEdges: [], outEdges: [], isAnswer: id < data.ofAnswer,
    marks: node.labels.filter((label) => !hiddenLabels.includes(label)),
  }));
  const edges = data.edges.map(([from, to, kind, file, line], id) => (
    { id, from, to, kind, file, line, may: !sure.includes(kind) }));
  for (const edge of edges) {
    nodes[edge.from].outEdges.push(edge);
    nodes[edge.to].inEdges.push(edge);
  }

  function place(at) {
    if (at.file === undefined)
      return "";
    return at.line ? `${data.files[at.file]}:${at.line}` : data.files[at.file];
  }

  /// The lines around a place as [{number, text}]; none where the source could not be read.
  function snippet(at, around = 3) {
    const lines = [];
    if (at.file === undefined || !at.line)
      return lines;
    for (const [first, ...texts] of data.lines[at.file] ?? [])
      texts.forEach((text, index) => {
        if (Math.abs(first + index - at.line) <= around)
          lines.push({ number: first + index, text });
      });
    return lines;
  }

  /// Nodes whose name has the text in it; those that begin with it, and short ones, come first.
  function search(text, most = 30) {
    const wanted = text.trim().toLowerCase();
    if (!wanted)
      return [];
    const rank = (node) => {
      const at = node.name.toLowerCase().indexOf(wanted);
      return at < 0 ? -1 : (at > 0 ? 10000 : 0) + node.name.length;
    };
    return nodes.map((node) => ({ node, rank: rank(node) })).filter((found) => found.rank >= 0)
      .sort((a, b) => a.rank - b.rank).slice(0, most).map((found) => found.node);
  }

  /// The edges of a witness; a step of an explanation has one if a call leads to it.
  function edgesOf(witness) {
    const found = [];
    witness.hops.forEach((hop, index) => {
      const before = witness.hops[index - 1];
      if (hop.edge !== undefined)
        found.push(edges[hop.edge]);
      else if (before && before.node !== undefined && hop.node !== undefined)
        found.push(...nodes[before.node].outEdges.filter((edge) => edge.to === hop.node));
    });
    return found;
  }

  return {
    data, nodes, edges, witnesses: data.witnesses, place, snippet, search, edgesOf,
    nodesOf: (witness) => witness.hops.map((hop) => hop.node).filter((id) => id !== undefined),
  };
})();
