// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The graph as it would be after some changes of edges, without any having been made: who would be
// whose parent, whether there would be a cycle, and which permissions edges and nodes would need.
// It refers to the graph, so that it is good for as long as the graph lock is held.

#ifndef LOCKVET_RUNTIME_GRAPH_PROPOSED_GRAPH_H
#define LOCKVET_RUNTIME_GRAPH_PROPOSED_GRAPH_H

#include "runtime/graph/node.h"

#include <unordered_map>
#include <unordered_set>

namespace lockvet::runtime {

class ProposedGraph {
public:
  struct ChangedEdge {
    Edge* edge;
    // nullptr if it is taken away.
    Node* child;
    // It is no edge of its parent yet.
    bool is_new;
  };

  void LV_GRAPH_RDLOCK set_child(Edge& edge, Node* child, bool is_new);

  // Its parent, a root, would need these.
  void LV_GRAPH_RDLOCK set_needed(Edge& edge, Permissions permissions);

  // The edges that would lead to the node, and from it.
  std::vector<Edge*> LV_GRAPH_RDLOCK parents(const Node& node) const;
  std::vector<Edge*> LV_GRAPH_RDLOCK children(const Node& node) const;
  Node* LV_GRAPH_RDLOCK child(Edge& edge) const;

  // What has to be quiet for the changes: the parents of the edges, and the children before and
  // after. Each once.
  std::vector<Parent*> LV_GRAPH_RDLOCK touched() const;

  // Names, cycles and permissions, and whether others are at work on the same. Afterwards the
  // permissions needed are below.
  GraphResult<> LV_GRAPH_RDLOCK check() LV_MAIN_LOOP;

  const std::vector<ChangedEdge>& edges() const noexcept { return edges_; }
  const std::unordered_map<Edge*, Permissions>& needed() const noexcept { return needed_; }
  const std::unordered_map<Edge*, Permissions>& edge_permissions() const noexcept {
    return edge_permissions_;
  }
  // Of nodes for which they may have changed, those above before those below.
  const std::vector<std::pair<Node*, Permissions>>& node_permissions() const noexcept {
    return node_permissions_;
  }

private:
  enum class Mark { open, done };

  GraphResult<> LV_GRAPH_RDLOCK check_undisturbed() const LV_MAIN_LOOP;
  GraphResult<> LV_GRAPH_RDLOCK check_names() const;
  // Adds the node to `order` after all that are below it.
  GraphResult<> LV_GRAPH_RDLOCK visit(Node& node, std::unordered_map<Node*, Mark>& marks,
                                      std::vector<Node*>& order) const;
  GraphResult<> LV_GRAPH_RDLOCK check_sharing(const Node& node) const;
  Permissions LV_GRAPH_RDLOCK needed_by(Edge& edge) const;
  Permissions LV_GRAPH_RDLOCK own_permissions(const Node& node) const;

  std::vector<ChangedEdge> edges_;
  std::unordered_map<const Edge*, Node*> child_of_;
  std::unordered_map<Edge*, Permissions> needed_;
  std::unordered_map<Edge*, Permissions> edge_permissions_;
  std::unordered_map<const Node*, Permissions> own_;
  std::vector<std::pair<Node*, Permissions>> node_permissions_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_PROPOSED_GRAPH_H
