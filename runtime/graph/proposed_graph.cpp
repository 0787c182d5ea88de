// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/proposed_graph.h"

#include <algorithm>

namespace lockvet::runtime {

void ProposedGraph::set_child(Edge& edge, Node* child, bool is_new) {
  const auto known = std::find_if(edges_.begin(), edges_.end(),
                                  [&](const ChangedEdge& other) { return other.edge == &edge; });
  if (known != edges_.end())
    known->child = child;
  else
    edges_.push_back({&edge, child, is_new});
  child_of_[&edge] = child;
}

void ProposedGraph::set_needed(Edge& edge, Permissions permissions) {
  needed_[&edge] = permissions;
  // Looked at as a changed one, though it leads where it did.
  set_child(edge, child(edge), false);
}

Node* ProposedGraph::child(Edge& edge) const {
  const auto changed = child_of_.find(&edge);
  return changed != child_of_.end() ? changed->second : &edge.child();
}

std::vector<Edge*> ProposedGraph::parents(const Node& node) const {
  std::vector<Edge*> found;
  for (Edge* const edge : node.parents())
    if (child(*edge) == &node)
      found.push_back(edge);
  for (const ChangedEdge& changed : edges_)
    if (changed.child == &node &&
        std::find(found.begin(), found.end(), changed.edge) == found.end())
      found.push_back(changed.edge);
  return found;
}

std::vector<Edge*> ProposedGraph::children(const Node& node) const {
  std::vector<Edge*> found;
  for (const auto& edge : node.children())
    if (child(*edge) != nullptr)
      found.push_back(edge.get());
  for (const ChangedEdge& changed : edges_)
    if (changed.is_new && changed.child != nullptr && changed.edge->parent().as_node() == &node)
      found.push_back(changed.edge);
  return found;
}

std::vector<Parent*> ProposedGraph::touched() const {
  std::vector<Parent*> found;
  const auto touch = [&](Parent* parent) {
    if (parent != nullptr && std::find(found.begin(), found.end(), parent) == found.end())
      found.push_back(parent);
  };
  for (const ChangedEdge& changed : edges_) {
    touch(&changed.edge->parent());
    touch(changed.child);
    if (!changed.is_new)
      touch(&changed.edge->child());
  }
  return found;
}

// --- checks --------------------------------------------------------------------------------------

GraphResult<> ProposedGraph::check() {
  if (auto undisturbed = check_undisturbed(); !undisturbed)
    return undisturbed;
  if (auto names = check_names(); !names)
    return names;
  std::unordered_map<Node*, Mark> marks;
  std::vector<Node*> order;
  for (const ChangedEdge& changed : edges_) {
    // Where it led to, others may need less now, and share more.
    for (Node* const node : {changed.child, changed.is_new ? nullptr : &changed.edge->child()})
      if (node != nullptr)
        if (auto visited = visit(*node, marks, order); !visited)
          return visited;
  }
  // Those above first: what they need of those below follows from what is needed of them.
  for (auto next = order.rbegin(); next != order.rend(); ++next) {
    Node& node = **next;
    Permissions own;
    for (Edge* const edge : parents(node)) {
      edge_permissions_[edge] = needed_by(*edge);
      own = own.with(edge_permissions_[edge]);
    }
    if (auto shared = check_sharing(node); !shared)
      return shared;
    own_[&node] = own;
    node_permissions_.emplace_back(&node, own);
  }
  return {};
}

GraphResult<> ProposedGraph::check_undisturbed() const {
  const auto comes_or_goes = [](const Node* node) LV_REQUIRES(lockvet_main_loop) {
    return node != nullptr &&
           (node->state() == Node::State::arriving || node->state() == Node::State::leaving);
  };
  for (const auto& [edge, child, is_new] : edges_) {
    // Its edges can still be taken away.
    const Node* const parent = is_new ? edge->parent().as_node() : nullptr;
    for (const Node* const node : {static_cast<const Node*>(child), parent})
      if (comes_or_goes(node))
        return graph_error(std::errc::device_or_resource_busy,
                           node->describe() + " is on its way to or from a context.");
    // Another transaction waits, and would find the edge gone.
    if (!is_new && child == nullptr && edge->claims() > 1)
      return graph_error(std::errc::device_or_resource_busy,
                         edge->describe() + " is being changed by somebody else.");
  }
  return {};
}

GraphResult<> ProposedGraph::check_names() const {
  for (const ChangedEdge& added : edges_) {
    if (!added.is_new)
      continue;
    Parent& parent = added.edge->parent();
    // One that is taken away at the same time makes room.
    Edge* const there = parent.child(added.edge->name());
    bool taken = there != nullptr && child(*there) != nullptr;
    for (const ChangedEdge& other : edges_)
      taken =
          taken || (other.is_new && other.edge != added.edge && &other.edge->parent() == &parent &&
                    other.edge->name() == added.edge->name());
    if (taken)
      return graph_error(std::errc::file_exists,
                         parent.describe() + " has a child '" + added.edge->name() + "' already.");
  }
  return {};
}

GraphResult<> ProposedGraph::visit(Node& node, std::unordered_map<Node*, Mark>& marks,
                                   std::vector<Node*>& order) const {
  const auto [mark, first] = marks.emplace(&node, Mark::open);
  if (!first) {
    if (mark->second == Mark::open)
      return graph_error(std::errc::invalid_argument, node.describe() + " would be below itself.");
    return {};
  }
  for (Edge* const edge : children(node))
    if (auto visited = visit(*child(*edge), marks, order); !visited)
      return visited;
  marks[&node] = Mark::done;
  order.push_back(&node);
  return {};
}

GraphResult<> ProposedGraph::check_sharing(const Node& node) const {
  const std::vector<Edge*> edges = parents(node);
  for (const Edge* const user : edges) {
    for (Edge* const other : edges) {
      const Permission used = edge_permissions_.at(const_cast<Edge*>(user)).used;
      const Permission missing = without(used, edge_permissions_.at(other).shared);
      if (user == other || missing == Permission::none)
        continue;
      return graph_error(std::errc::operation_not_permitted,
                         user->describe() + " needs '" + to_string(missing) + "' on " +
                             node.describe() + ", which " + other->describe() + " does not share.");
    }
  }
  return {};
}

Permissions ProposedGraph::needed_by(Edge& edge) const {
  if (const auto set = needed_.find(&edge); set != needed_.end())
    return set->second;
  const Node* const parent = edge.parent().as_node();
  return edge.parent().child_permissions(edge.role(), parent != nullptr ? own_permissions(*parent)
                                                                        : Permissions{});
}

Permissions ProposedGraph::own_permissions(const Node& node) const {
  const auto changed = own_.find(&node);
  return changed != own_.end() ? changed->second : node.permissions();
}

} // namespace lockvet::runtime
