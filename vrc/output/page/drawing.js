// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The drawing: which nodes and edges are in it, where they are, what is marked, how it is moved.

"use strict";

const drawing = (() => {
  const svg = document.getElementById("drawing");
  const canvas = document.getElementById("canvas");
  const layers = { edges: document.getElementById("edges"),
                   nodes: document.getElementById("nodes") };
  const mostAtFirst = 150; // more takes long to lay out, and nobody can read it
  const widestName = 44;

  let shown = new Set();      // ids of nodes
  let expanded = new Set();   // "12 in": a node whose callers were asked for
  let direction = "TB";
  let view = { x: 0, y: 0, scale: 1 };
  let layout = null;
  let chosen = null;
  let onChoose = () => {};
  const marked = { nodes: new Set(), edges: new Set() };
  const answerEdges = new Set(model.witnesses.flatMap(model.edgesOf).map((edge) => edge.id));
  const all = document.getElementById("all");

  function element(name, attributes, text) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes))
      made.setAttribute(key, value);
    if (text !== undefined)
      made.textContent = text;
    return made;
  }

  function shortened(name, most = widestName) {
    if (name.length <= most)
      return name;
    const half = Math.floor(most / 2);
    return `${name.slice(0, half)}…${name.slice(half - most + 1)}`;
  }

  function labelsOf(node) {
    const text = node.marks.slice(0, 2).join("  ");
    return shortened(node.marks.length > 2 ? `${text}  +${node.marks.length - 2}` : text, 52);
  }

  function sizeOf(node) {
    const labels = labelsOf(node);
    const width = Math.max(shortened(node.name).length * 7.25, labels.length * 6.05);
    return { width: width + 20, height: labels ? 38 : 25 };
  }

  function isDrawn(edge) {
    return shown.has(edge.from) && shown.has(edge.to) &&
      (all.checked || answerEdges.has(edge.id) || expanded.has(`${edge.to} in`) ||
       expanded.has(`${edge.from} out`));
  }

  /// One line for each pair of nodes, that of the surest edge between them.
  function linesBetween() {
    const lines = new Map();
    for (const edge of model.edges) {
      if (!isDrawn(edge))
        continue;
      const key = `${edge.from} ${edge.to}`;
      const line = lines.get(key) ?? { from: edge.from, to: edge.to, may: true, edges: [] };
      line.may = line.may && edge.may;
      line.edges.push(edge);
      lines.set(key, line);
    }
    return [...lines.values()];
  }

  function laidOut(rankdir, lines) {
    const graph = new dagre.graphlib.Graph();
    graph.setGraph({ rankdir, nodesep: 18, ranksep: rankdir === "TB" ? 34 : 48, edgesep: 8 });
    for (const id of shown)
      graph.setNode(String(id), sizeOf(model.nodes[id]));
    for (const line of lines)
      graph.setEdge(String(line.from), String(line.to), {});
    dagre.layout(graph);
    return graph;
  }

  /// How large the drawing can be shown.
  function scaleOf(graph) {
    const box = svg.getBoundingClientRect();
    const { width, height } = graph.graph();
    return Math.min(1.15, (box.width - 40) / width, (box.height - 40) / height);
  }

  /// Through the middles between points, so that the line has no corners.
  function curve(points) {
    const at = (point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`;
    let path = `M${at(points[0])}`;
    for (let index = 1; index < points.length - 1; ++index) {
      const next = points[index + 1];
      const end = index === points.length - 2 ? next : { x: (points[index].x + next.x) / 2,
                                                         y: (points[index].y + next.y) / 2 };
      path += ` Q${at(points[index])} ${at(end)}`;
    }
    return points.length === 2 ? `${path} L${at(points[1])}` : path;
  }

  function drawLine(line) {
    const { points } = layout.edge(String(line.from), String(line.to));
    const path = element("path", { class: line.may ? "edge may" : "edge", d: curve(points),
                                   "data-from": line.from, "data-to": line.to });
    const said = line.edges.map((edge) => `${edge.kind} ${model.place(edge)}`).join("\n");
    path.append(element("title", {}, said));
    layers.edges.append(path);
  }

  function drawNode(id) {
    const node = model.nodes[id];
    const { x, y, width, height } = layout.node(String(id));
    const group = element("g", {
      class: `node ${node.kind}${node.isAnswer ? " is-answer" : ""}`, "data-node": id,
      transform: `translate(${x},${y})`, tabindex: 0, role: "button", "aria-label": node.name });
    const labels = labelsOf(node);
    group.append(
      element("title", {}, [node.name, ...node.marks].join("\n")),
      element("rect", { x: -width / 2, y: -height / 2, width, height,
                        rx: node.kind === "pointer" ? height / 2 : 3 }),
      element("text", { y: labels ? -2 : 4 }, shortened(node.name)));
    if (labels)
      group.append(element("text", { class: "labels", y: 12 }, labels));
    layers.nodes.append(group);
  }

  function showMarks() {
    canvas.classList.toggle("has-marks", marked.nodes.size > 0);
    for (const group of layers.nodes.children) {
      const id = Number(group.dataset.node);
      group.classList.toggle("is-marked", marked.nodes.has(id));
      group.classList.toggle("is-chosen", id === chosen);
    }
    for (const path of layers.edges.children) {
      const ends = `${path.dataset.from} ${path.dataset.to}`;
      path.classList.toggle("is-marked", marked.edges.has(ends));
    }
  }

  function move() {
    canvas.setAttribute("transform", `translate(${view.x},${view.y}) scale(${view.scale})`);
  }

  /// Lays out and draws anew; `anchor`, a node, stays where it is on the screen.
  function draw(anchor) {
    const before = anchor === undefined || !layout ? undefined : layout.node(String(anchor));
    const lines = linesBetween();
    layout = laidOut(direction, lines);
    layers.edges.replaceChildren();
    layers.nodes.replaceChildren();
    lines.forEach(drawLine);
    shown.forEach(drawNode);
    showMarks();
    const after = anchor === undefined ? undefined : layout.node(String(anchor));
    if (before && after) {
      view.x += (before.x - after.x) * view.scale;
      view.y += (before.y - after.y) * view.scale;
    }
    move();
  }

  function fit() {
    const box = svg.getBoundingClientRect();
    const { width, height } = layout.graph();
    if (!shown.size || !box.width)
      return;
    const scale = scaleOf(layout);
    view = { scale, x: (box.width - width * scale) / 2, y: (box.height - height * scale) / 2 };
    move();
  }

  /// The answer, in the direction in which it can be shown larger.
  function reset() {
    shown = new Set();
    expanded = new Set();
    marked.nodes.clear();
    marked.edges.clear();
    chosen = null;
    all.checked = model.witnesses.length === 0;
    const first = model.witnesses.length ? model.witnesses.map(model.nodesOf)
      : model.nodes.filter((node) => node.isAnswer).map((node) => [node.id]);
    for (const ids of first)
      if (shown.size + ids.length <= mostAtFirst || shown.size === 0)
        ids.forEach((id) => shown.add(id));
    const lines = linesBetween();
    const scales = ["TB", "LR"].map((rankdir) => scaleOf(laidOut(rankdir, lines)));
    direction = scales[1] > scales[0] ? "LR" : "TB";
    draw();
    fit();
  }

  function show(ids, anchor) {
    if (ids.every((id) => shown.has(id)))
      return;
    ids.forEach((id) => shown.add(id));
    draw(anchor);
  }

  /// Draws all neighbours on a side, "in" or "out", that the page knows.
  function expand(id, side) {
    expanded.add(`${id} ${side}`);
    const node = model.nodes[id];
    const more = side === "in" ? node.inEdges.map((edge) => edge.from)
      : node.outEdges.map((edge) => edge.to);
    [id, ...more].forEach((neighbour) => shown.add(neighbour));
    draw(id);
  }

  function hide(id) {
    shown.delete(id);
    chosen = null;
    draw();
  }

  function mark(nodes, edges) {
    marked.nodes = new Set(nodes);
    marked.edges = new Set(edges.map((edge) => `${edge.from} ${edge.to}`));
    showMarks();
  }

  /// Shows these as large as they fit, and never so small that nobody can read them.
  function frame(ids) {
    const box = svg.getBoundingClientRect();
    const at = ids.map((id) => layout.node(String(id)));
    if (!at.length || !box.width)
      return;
    const low = (axis, size) => Math.min(...at.map((node) => node[axis] - node[size] / 2));
    const high = (axis, size) => Math.max(...at.map((node) => node[axis] + node[size] / 2));
    const [left, right] = [low("x", "width"), high("x", "width")];
    const [top, bottom] = [low("y", "height"), high("y", "height")];
    const fitting = Math.min(1.15, (box.width - 60) / (right - left),
                             (box.height - 60) / (bottom - top));
    const scale = Math.max(0.7, fitting);
    view = { scale, x: (box.width - (left + right) * scale) / 2,
             y: (box.height - (top + bottom) * scale) / 2 };
    move();
  }

  /// Moves as little as needed for a node to be seen.
  function reveal(id) {
    const at = layout.node(String(id));
    const box = svg.getBoundingClientRect();
    if (!at || !box.width)
      return;
    const margin = { x: Math.min(box.width / 2, at.width / 2 * view.scale + 20), y: 40 };
    for (const [axis, size] of [["x", box.width], ["y", box.height]]) {
      const on = at[axis] * view.scale + view[axis];
      view[axis] += Math.max(margin[axis], Math.min(size - margin[axis], on)) - on;
    }
    move();
  }

  function choose(id) {
    chosen = id;
    show([id]);
    showMarks();
    reveal(id);
  }

  function zoom(factor, x, y) {
    const scale = Math.max(0.05, Math.min(4, view.scale * factor));
    view = { scale, x: x - (x - view.x) * scale / view.scale,
             y: y - (y - view.y) * scale / view.scale };
    move();
  }

  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = svg.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY / 500), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });

  let drag = null;
  svg.addEventListener("pointerdown", (event) => {
    drag = { x: event.clientX - view.x, y: event.clientY - view.y, fromX: event.clientX,
             fromY: event.clientY, moved: false };
  });
  svg.addEventListener("pointermove", (event) => {
    if (!drag || !event.buttons)
      return;
    if (!drag.moved && Math.hypot(event.clientX - drag.fromX, event.clientY - drag.fromY) > 4) {
      drag.moved = true;
      svg.setPointerCapture(event.pointerId); // not before: a click's target would be lost
      svg.classList.add("is-dragged");
    }
    if (drag.moved) {
      view.x = event.clientX - drag.x;
      view.y = event.clientY - drag.y;
      move();
    }
  });
  svg.addEventListener("pointerup", () => svg.classList.remove("is-dragged"));

  const nodeAt = (event) => event.target.closest(".node");
  svg.addEventListener("click", (event) => {
    const node = nodeAt(event);
    if (node && !drag?.moved)
      onChoose(Number(node.dataset.node));
  });
  svg.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && nodeAt(event))
      onChoose(Number(nodeAt(event).dataset.node));
  });

  return {
    reset, draw, fit, frame, show, expand, hide, mark, choose, reveal, zoom,
    turn() {
      direction = direction === "TB" ? "LR" : "TB";
      draw();
      fit();
    },
    isExpanded: (id, side) => expanded.has(`${id} ${side}`),
    isShown: (id) => shown.has(id),
    get size() { return shown.size; },
    set onChoose(listener) { onChoose = listener; },
  };
})();
