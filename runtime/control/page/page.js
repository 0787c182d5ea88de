// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Draws the block graph as the daemon says that it is, once a second: exports on top, below each
// node those that it stands on. What is a second older gives rates. Nothing comes from elsewhere,
// and names are text, never markup.

"use strict";

const period = 1000;
const box = { width: 260, height: 62, across: 36, down: 48 };

// Bytes or requests a second, short enough for a box.
function short(number, unit) {
  const prefixes = ["", "k", "M", "G", "T"];
  let step = 0;
  while (number >= 999.5 && step + 1 < prefixes.length) {
    number /= 1000;
    ++step;
  }
  const digits = number < 9.95 && step > 0 ? number.toFixed(1) : String(Math.round(number));
  return `${digits} ${prefixes[step]}${unit}`;
}

function count(number, what) {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function total(requests, what, kinds = Object.keys(requests)) {
  return kinds.reduce((sum, kind) => sum + requests[kind][what], 0);
}

// How fast the counters of `now` have grown since `before`, if that is known.
function rates(now, before, seconds) {
  const rate = (what, kinds) =>
    before ? Math.max(0, total(now, what, kinds) - total(before, what, kinds)) / seconds : 0;
  return {
    requests: rate("requests"),
    read: rate("bytes", ["read"]),
    written: rate("bytes", ["write", "write-zeroes"]),
  };
}

// Each node's row: below all that stand on it.
function rows(nodes) {
  const row = new Map(nodes.map((node) => [node.name, 0]));
  // A graph has no cycles, so that it is settled after as many rounds as it has nodes.
  for (let round = 0, changed = true; changed && round < nodes.length; ++round) {
    changed = false;
    for (const node of nodes) {
      for (const child of node.children) {
        const below = row.get(node.name) + 1;
        if (row.has(child.node) && row.get(child.node) < below) {
          row.set(child.node, below);
          changed = true;
        }
      }
    }
  }
  return row;
}

// The places of all boxes, by "export ID" and "node NAME".
function layOut(status) {
  const row = rows(status.nodes);
  const places = new Map();
  const used = [];
  const put = (key, depth, wanted) => {
    const x = Math.max(wanted, used[depth] ?? 0);
    used[depth] = x + box.width + box.across;
    places.set(key, { x, y: depth * (box.height + box.down) });
  };
  status.exports.forEach((one, index) =>
    put(`export ${one.id}`, 0, index * (box.width + box.across)));
  const parentsOf = (name) => [
    ...status.exports.filter((one) => one.node === name).map((one) => `export ${one.id}`),
    ...status.nodes.filter((node) => node.children.some((child) => child.node === name))
      .map((node) => `node ${node.name}`),
  ];
  const inOrder = [...status.nodes].sort((left, right) => row.get(left.name) - row.get(right.name));
  for (const node of inOrder) {
    const above = parentsOf(node.name).map((key) => places.get(key)).filter(Boolean);
    const wanted = above.length ? Math.min(...above.map((place) => place.x)) : 0;
    put(`node ${node.name}`, row.get(node.name) + 1, wanted);
  }
  return places;
}

function svgElement(parent, name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

function cut(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function drawBox(svg, place, kind, lines, classes) {
  const group = svgElement(svg, "g", {
    class: [kind, ...classes].join(" "),
    transform: `translate(${place.x + 2} ${place.y + 2})`,
  });
  svgElement(group, "rect", { width: box.width, height: box.height, rx: 6 });
  lines.forEach((line, index) =>
    svgElement(group, "text", { x: 10, y: 19 + index * 17, class: index ? "small" : "" },
      cut(line, index ? 46 : 34)));
  svgElement(group, "title", {}, lines.join("\n"));
}

function drawEdge(svg, from, to, name) {
  const x1 = from.x + box.width / 2 + 2;
  const y1 = from.y + box.height + 2;
  const x2 = to.x + box.width / 2 + 2;
  const y2 = to.y + 2;
  const middle = (y1 + y2) / 2;
  svgElement(svg, "path", { d: `M${x1} ${y1} C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}` });
  svgElement(svg, "text", { x: x2 + 6, y: y2 - 8, class: "small" }, name);
}

function throughput(rate) {
  return `${short(rate.requests, "requests/s")}, ${short(rate.read, "B/s")} read, ` +
    `${short(rate.written, "B/s")} written`;
}

function draw(status, before, seconds) {
  const svg = document.getElementById("graph");
  const places = layOut(status);
  svg.replaceChildren();
  const known = new Map(before?.nodes.map((node) => [node.name, node]));
  const knownExports = new Map(before?.exports.map((one) => [one.id, one]));
  for (const one of status.exports) {
    if (places.has(`node ${one.node}`))
      drawEdge(svg, places.get(`export ${one.id}`), places.get(`node ${one.node}`), "root");
  }
  for (const node of status.nodes)
    for (const child of node.children)
      drawEdge(svg, places.get(`node ${node.name}`), places.get(`node ${child.node}`), child.name);
  for (const one of status.exports) {
    const rate = rates(one.requests, knownExports.get(one.id)?.requests, seconds);
    drawBox(svg, places.get(`export ${one.id}`), "export",
      [one.id, `${one.type}, ${count(one.clients, "client")}`, throughput(rate)],
      rate.requests > 0 ? ["busy"] : []);
  }
  for (const node of status.nodes) {
    const rate = rates(node.requests, known.get(node.name)?.requests, seconds);
    const classes = rate.requests > 0 ? ["busy"] : [];
    if (before && !known.has(node.name)) classes.push("fresh");
    drawBox(svg, places.get(`node ${node.name}`), "node",
      [node.name,
        `${node.driver}${node.read_only ? ", read only" : ""}, in ${node.context || "main loop"}`,
        throughput(rate)], classes);
  }
  const width = Math.max(0, ...[...places.values()].map((place) => place.x)) + box.width + 4;
  const height = Math.max(0, ...[...places.values()].map((place) => place.y)) + box.height + 4;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
}

function fill(table, lines) {
  const isEmpty = lines.length === 0;
  const shown = isEmpty ? [["none"]] : lines;
  document.querySelector(`#${table} tbody`).replaceChildren(...shown.map((cells) => {
    const row = document.createElement("tr");
    row.append(...cells.map((cell) => {
      const element = document.createElement("td");
      element.textContent = cell;
      if (isEmpty) element.className = "none";
      return element;
    }));
    return row;
  }));
}

function list(status, before, seconds) {
  const known = new Map(before?.exports.map((one) => [one.id, one]));
  fill("exports", status.exports.map((one) => {
    const rate = rates(one.requests, known.get(one.id)?.requests, seconds);
    return [one.id, one.node, one.contexts.join(", ") || "main loop", one.clients,
      Math.round(rate.requests), short(rate.read, "B/s"), short(rate.written, "B/s")];
  }));
  fill("jobs", status.jobs.map((job) => [job.id, job.type, job.node, job.status,
    `${short(job.current, "B")} of ${short(job.total, "B")}`]));
}

let last = null;

async function update() {
  const state = document.getElementById("state");
  try {
    const response = await fetch("status.json");
    const status = await response.json();
    const now = performance.now();
    const seconds = last ? (now - last.time) / 1000 : 1;
    document.getElementById("program").textContent = status.program;
    draw(status, last?.status, seconds);
    list(status, last?.status, seconds);
    last = { status, time: now };
    state.textContent =
      `${count(status.nodes.length, "node")}, ${count(status.exports.length, "export")}`;
  } catch (error) {
    state.textContent = `The daemon does not answer: ${error.message}`;
  }
  setTimeout(update, period);
}

update();
