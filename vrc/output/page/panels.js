// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What stands beside the drawing: a node with its neighbours, a witness with its hops, the list of
// witnesses, what a search found. All text comes from other people's sources, so it is only ever
// set as text.

"use strict";

const panels = (() => {
  const panel = document.getElementById("panel");
  const list = document.getElementById("witnesses");
  const found = document.getElementById("found");

  function element(name, properties, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties))
      if (key.startsWith("on"))
        made.addEventListener(key.slice(2), value);
      else if (key in made)
        made[key] = value;
      else
        made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function snippet(at) {
    const lines = model.snippet(at);
    if (!lines.length)
      return "";
    // What all lines are indented by says nothing, and takes room.
    const indent = Math.min(...lines.filter(({ text }) => text.trim())
      .map(({ text }) => text.search(/\S/)));
    return element("pre", { className: "snippet" }, ...lines.map(({ number, text }) =>
      element("div", { className: number === at.line ? "is-here" : "" },
        element("i", {}, String(number)), text.slice(indent))));
  }

  const place = (at) => element("div", { className: "place mono" }, model.place(at));
  const count = (number, noun, plural = `${noun}s`) =>
    `${number} ${number === 1 ? noun : plural}`;

  function neighbours(node, side, choose) {
    const [edges, total, noun] = side === "in" ? [node.inEdges, node.callers, "caller"]
      : [node.outEdges, node.callees, "callee"];
    const rest = total - edges.length;
    const title = total === 0 ? `no ${noun}s` : count(total, noun);
    return [element("h2", {}, rest > 0 ? `${title}, ${rest} of them not in this page` : title),
      ...edges.map((edge) => {
        const far = model.nodes[side === "in" ? edge.from : edge.to];
        return element("button", { className: "neighbour", onclick: () => choose(far.id) },
          element("span", { className: "mono" }, far.name), " ",
          element("span", { className: "chip" }, edge.kind), place(edge));
      })];
  }

  function expander(node, side, act) {
    const edges = side === "in" ? node.inEdges : node.outEdges;
    const missing = new Set(edges.map((edge) => (side === "in" ? edge.from : edge.to))
      .filter((id) => !drawing.isShown(id))).size;
    const what = side === "in" ? "callers" : "callees";
    return element("button", {
      id: `expand-${what}`, onclick: () => act(node.id, side),
      disabled: !edges.length || (drawing.isExpanded(node.id, side) && !missing),
    }, missing ? `expand ${what} (${missing})` : `expand ${what}`);
  }

  /// `act` has choose(id), expand(id, side) and hide(id).
  function showNode(id, act) {
    const node = model.nodes[id];
    panel.replaceChildren(
      element("h1", {}, node.name), place(node),
      element("div", {}, ...(node.kind === "function" ? [] : [node.kind]).map((kind) =>
        element("span", { className: "chip" }, kind === "external" ? "declared only" : kind)),
        ...node.marks.map((label) => element("span", { className: "chip label" }, label))),
      element("div", { className: "row" }, expander(node, "in", act.expand),
        expander(node, "out", act.expand),
        element("button", { onclick: () => act.hide(id) }, "hide")),
      snippet(node), ...neighbours(node, "in", act.choose), ...neighbours(node, "out", act.choose));
    panel.scrollTop = 0;
  }

  function hopElement(hop, index, step) {
    const kind = hop.edge === undefined ? [] : [model.edges[hop.edge].kind];
    // Not every way into a pointer has a place; then the definition is what there is to see.
    const at = hop.file === undefined && hop.node !== undefined ? model.nodes[hop.node] : hop;
    return element("div", { className: "hop", onclick: () => step(index) },
      element("span", { className: "name mono" }, hop.name), " ",
      ...kind.map((word) => element("span", { className: "chip" }, word)),
      hop.reason ? element("div", {}, hop.reason) : "", place(at), snippet(at));
  }

  function showWitness(index, step) {
    const witness = model.witnesses[index];
    panel.replaceChildren(element("h1", {}, witness.title),
      element("p", { className: "dim" }, `${count(witness.hops.length, "step")}; ` +
        "the arrow keys go through them"),
      ...witness.hops.map((hop, at) => hopElement(hop, at, step)));
    panel.scrollTop = 0;
    for (const button of list.querySelectorAll(".witness")) {
      const isCurrent = Number(button.dataset.witness) === index;
      button.setAttribute("aria-current", String(isCurrent));
      if (isCurrent)
        button.scrollIntoView({ block: "nearest" });
    }
  }

  function showHop(index) {
    panel.querySelectorAll(".hop").forEach((hop, at) => {
      if (at !== index) {
        hop.removeAttribute("aria-current");
        return;
      }
      hop.setAttribute("aria-current", "step");
      hop.scrollIntoView({ block: "nearest" });
    });
  }

  function forgetWitness() {
    for (const button of list.querySelectorAll(".witness"))
      button.setAttribute("aria-current", "false");
  }

  /// "7 calls, 2 of them may happen"
  function summary(witness) {
    const kinds = witness.hops.filter((hop) => hop.edge !== undefined)
      .map((hop) => model.edges[hop.edge]);
    if (!kinds.length)
      return count(witness.hops.length, "step");
    const may = kinds.filter((edge) => edge.may).length;
    return may ? `${count(kinds.length, "edge")}, ${may} may happen` : count(kinds.length, "call");
  }

  function listWitnesses(choose) {
    list.hidden = model.witnesses.length === 0;
    const title = count(model.witnesses.length, "witness", "witnesses");
    list.append(element("h2", {},
      model.data.moreWitnesses ? `${title}, and there are more` : title));
    model.witnesses.forEach((witness, index) => {
      const [from, to] = witness.hops.length && witness.hops[0].reason === undefined
        ? [witness.hops[0].name, `→ ${witness.hops.at(-1).name}`] : [witness.title, ""];
      list.append(element("button", {
        className: "witness", "data-witness": index, onclick: () => choose(index) },
      element("span", { className: "mono" }, from), element("span", { className: "mono" }, to),
      element("small", {}, summary(witness))));
    });
  }

  function showFound(nodes, choose) {
    found.hidden = nodes.length === 0;
    found.replaceChildren(...nodes.map((node) => element("li", {},
      element("button", { onclick: () => choose(node.id) },
        element("span", { className: "mono" }, node.name), place(node)))));
  }

  function showHint() {
    panel.replaceChildren(element("p", { className: "dim" }, model.witnesses.length
      ? "Click a witness on the left to follow it, or a function to see who calls it."
      : "Click a function to see its source, and who calls it."));
  }

  return { showNode, showWitness, showHop, forgetWitness, listWitnesses, showFound, showHint };
})();
