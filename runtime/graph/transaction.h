// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Changes of edges that happen together or not at all, while requests go on. The main loop collects
// them and commits. Then what they touch is drained, the graph lock taken for writing, and the
// graph that would be is checked, before anything moves: cycles, permissions, and what drivers say.
// It belongs to the scope that commits it, and is used once.

#ifndef LOCKVET_RUNTIME_GRAPH_TRANSACTION_H
#define LOCKVET_RUNTIME_GRAPH_TRANSACTION_H

#include "runtime/graph/drained_section.h"
#include "runtime/graph/node.h"

#include <variant>

namespace lockvet::runtime {

class ProposedGraph;

class Transaction {
public:
  Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  // --- changes: all that they name stays until the commit, which sees to it from then on ---

  // A new edge, with a name that the parent's other edges have not.
  void attach(Parent& parent, std::string name, EdgeRole role, Node& child) LV_MAIN_LOOP;
  void detach(Edge& edge) LV_MAIN_LOOP;
  void replace_child(Edge& edge, Node& child) LV_MAIN_LOOP;
  // All edges that lead to the one lead to the other, except edges of that itself, so that an
  // overlay comes between a node and its parents, and of parents that stay.
  void replace_node(Node& from, Node& to) LV_MAIN_LOOP;

  // Of an edge of a root, which needs these from now on.
  void set_permissions(Edge& edge, Permissions permissions) LV_MAIN_LOOP;

  // What the node needs of its children has changed without a change of edges.
  void renew_permissions(Node& node) LV_MAIN_LOOP;

  bool empty() const LV_MAIN_LOOP { return changes_.empty(); }

  // Runs the main loop meanwhile. An error means that nothing has changed.
  [[nodiscard]] GraphResult<> LV_NO_COROUTINE_FN commit() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

private:
  struct Attach {
    std::unique_ptr<Edge> edge;
    Node* child;
  };
  struct Detach {
    Edge* edge;
  };
  struct ReplaceChild {
    Edge* edge;
    Node* child;
  };
  struct ReplaceNode {
    Node* from;
    Node* to;
  };
  struct SetPermissions {
    Edge* edge;
    Permissions permissions;
  };
  struct RenewPermissions {
    Node* node;
  };
  using Change =
      std::variant<Attach, Detach, ReplaceChild, ReplaceNode, SetPermissions, RenewPermissions>;

  // The graph as it is now, with the changes.
  ProposedGraph LV_GRAPH_RDLOCK propose() const LV_MAIN_LOOP;
  // What has to be quiet: what the changes touch, and nodes that they name, so that nobody removes
  // them meanwhile.
  std::vector<Parent*> LV_GRAPH_RDLOCK to_drain(const ProposedGraph& proposed) const LV_MAIN_LOOP;
  // Edges that exist already and that the changes name.
  std::vector<Edge*> named_edges() const LV_MAIN_LOOP;
  GraphResult<> LV_NO_COROUTINE_FN commit_claimed() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  void LV_GRAPH_WRLOCK apply(const ProposedGraph& proposed) LV_MAIN_LOOP;
  // Only what stays an edge of its parent can be taken over by it.
  std::unique_ptr<Edge> take_new(const Edge& edge) LV_MAIN_LOOP;

  std::vector<Change> changes_ LV_OWNED_BY_CONTEXT(lockvet_main_loop);
};

// Puts `overlay` between a node and all its parents, with the node for its backing file: what a
// snapshot does. The overlay has no backing file before.
[[nodiscard]] GraphResult<>
    LV_NO_COROUTINE_FN insert_overlay(Node& below, Node& overlay) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_TRANSACTION_H
