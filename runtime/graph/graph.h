// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All block nodes of a program, by name. It owns them, belongs to the main loop, and is destroyed
// there, when it is empty. Edges are made by transactions.

#ifndef LOCKVET_RUNTIME_GRAPH_GRAPH_H
#define LOCKVET_RUNTIME_GRAPH_GRAPH_H

#include "runtime/graph/node.h"

namespace lockvet::runtime {

class Graph {
public:
  Graph() = default;
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;
  ~Graph();

  // A node without edges. It keeps its context from ending until it has left it or is removed.
  [[nodiscard]] GraphResult<Node*>
      LV_NO_COROUTINE_FN add(std::string name, std::unique_ptr<Driver> driver,
                             AioContext& context) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // With its edges to children. Not while it has parents or is in a drained section of somebody, or
  // its driver has something open.
  [[nodiscard]] GraphResult<> LV_NO_COROUTINE_FN remove(Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // nullptr if there is none.
  Node* find(std::string_view name) const LV_MAIN_LOOP;
  const std::vector<std::unique_ptr<Node>>& nodes() const LV_MAIN_LOOP { return nodes_; }

private:
  // Why it can't be removed now, if so.
  static GraphResult<> LV_GRAPH_RDLOCK check_removable(const Node& node) LV_MAIN_LOOP;

  std::vector<std::unique_ptr<Node>> nodes_ LV_OWNED_BY_CONTEXT(lockvet_main_loop);
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_GRAPH_H
