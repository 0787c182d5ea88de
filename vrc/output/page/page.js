// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Puts the page together: what a click or a key does.

"use strict";

(() => {
  const search = document.getElementById("search");
  let witness = null; // the one that is followed, and where
  let hop = 0;

  const act = {
    choose(id) {
      panels.showFound([], act.choose);
      drawing.choose(id);
      panels.showNode(id, act);
    },
    expand(id, side) {
      drawing.expand(id, side);
      act.choose(id);
      note();
    },
    hide(id) {
      drawing.hide(id);
      panels.showHint();
      note();
    },
  };

  function step(to) {
    const hops = model.witnesses[witness].hops;
    hop = Math.max(0, Math.min(hops.length - 1, to));
    panels.showHop(hop);
    if (hops[hop]?.node !== undefined)
      drawing.choose(hops[hop].node);
  }

  function follow(index) {
    witness = index;
    const nodes = model.nodesOf(model.witnesses[index]);
    drawing.show(nodes);
    drawing.mark(nodes, model.edgesOf(model.witnesses[index]));
    drawing.frame(nodes);
    panels.showWitness(index, step);
    step(0);
    note();
  }

  function forget() {
    witness = null;
    drawing.mark([], []);
    panels.forgetWitness();
    panels.showHint();
  }

  function note() {
    const { ofAnswer, leftOut, changed, sourcesCut, files } = model.data;
    const total = ofAnswer + leftOut;
    const parts = [];
    if (leftOut)
      parts.push(`the page holds ${ofAnswer} of the answer's ${total} functions`);
    if (drawing.size)
      parts.push(`${drawing.size} of ${model.nodes.length} functions drawn`);
    if (sourcesCut)
      parts.push("no room for all sources");
    if (changed.length) {
      const some = changed.slice(0, 3).map((file) => files[file]).join(", ");
      const more = changed.length > 3 ? ` and ${changed.length - 3} more` : "";
      parts.push(`changed since the index, so lines may be off: ${some}${more}`);
    }
    document.getElementById("notes").textContent = parts.join(", ");
  }

  function onKey(event) {
    if (event.target === search || event.ctrlKey || event.metaKey || event.altKey)
      return;
    const onward = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (onward && witness !== null) {
      event.preventDefault();
      // Whoever looked at a node meanwhile comes back to the witness.
      if (!document.querySelector(".hop"))
        panels.showWitness(witness, step);
      step(hop + onward);
    } else if (event.key === "/") {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape") {
      forget();
    } else if (event.key === "0") {
      drawing.fit();
    }
  }

  function onSearchKey(event) {
    if (event.key === "Enter") {
      const [best] = model.search(search.value);
      if (best) {
        search.blur();
        act.choose(best.id);
      }
    } else if (event.key === "Escape") {
      search.value = "";
      panels.showFound([], act.choose);
      search.blur();
    }
  }

  document.getElementById("command").textContent = model.data.command;
  document.getElementById("command").title = model.data.command;
  panels.listWitnesses(follow);
  panels.showHint();
  drawing.onChoose = act.choose;
  if (model.nodes.length === 0) {
    const text = document.getElementById("text");
    text.textContent = model.data.text || "The answer is empty.";
    text.hidden = model.witnesses.length > 0;
    document.getElementById("drawing").toggleAttribute("hidden", true);
    document.getElementById("panel").hidden = model.witnesses.length === 0;
    for (const needless of document.querySelectorAll(".tools, .search, footer"))
      needless.hidden = true;
  }
  drawing.reset();
  note();
  document.addEventListener("keydown", onKey);
  search.addEventListener("keydown", onSearchKey);
  search.addEventListener("input", () => panels.showFound(model.search(search.value), act.choose));
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".search"))
      panels.showFound([], act.choose);
  });
  document.getElementById("fit").addEventListener("click", drawing.fit);
  document.getElementById("turn").addEventListener("click", drawing.turn);
  document.getElementById("all").addEventListener("change", () => drawing.draw());
  document.getElementById("reset").addEventListener("click", () => {
    drawing.reset();
    forget();
    note();
  });
})();
