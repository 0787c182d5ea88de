// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/transaction.h"

#include "runtime/graph/proposed_graph.h"

#include <algorithm>

namespace lockvet::runtime {

namespace {

// Asks the drivers. If one refuses, the others have forgotten it.
GraphResult<> LV_GRAPH_WRLOCK prepare(const ProposedGraph& proposed) {
  const auto& nodes = proposed.node_permissions();
  for (size_t number = 0; number < nodes.size(); ++number) {
    const auto& [node, permissions] = nodes[number];
    auto prepared = node->driver().prepare_permissions(permissions);
    if (prepared)
      continue;
    while (number-- > 0)
      nodes[number].first->driver().abort_permissions();
    return prepared;
  }
  return {};
}

} // namespace

Transaction::Transaction() = default;
Transaction::~Transaction() = default;

void Transaction::attach(Parent& parent, std::string name, EdgeRole role, Node& child) {
  changes_.emplace_back(Attach{std::make_unique<Edge>(parent, std::move(name), role), &child});
}

void Transaction::detach(Edge& edge) {
  changes_.emplace_back(Detach{&edge});
}

void Transaction::replace_child(Edge& edge, Node& child) {
  changes_.emplace_back(ReplaceChild{&edge, &child});
}

void Transaction::replace_node(Node& from, Node& to) {
  changes_.emplace_back(ReplaceNode{&from, &to});
}

void Transaction::set_permissions(Edge& edge, Permissions permissions) {
  if (edge.parent().as_node() != nullptr)
    misuse("permissions are set for " + edge.describe() +
           ": those of a node follow from its parents and its driver.");
  changes_.emplace_back(SetPermissions{&edge, permissions});
}

void Transaction::renew_permissions(Node& node) {
  changes_.emplace_back(RenewPermissions{&node});
}

ProposedGraph Transaction::propose() const {
  ProposedGraph proposed;
  for (const Change& change : changes_) {
    if (const auto* attach = std::get_if<Attach>(&change)) {
      proposed.set_child(*attach->edge, attach->child, true);
    } else if (const auto* detach = std::get_if<Detach>(&change)) {
      proposed.set_child(*detach->edge, nullptr, false);
    } else if (const auto* replace = std::get_if<ReplaceChild>(&change)) {
      proposed.set_child(*replace->edge, replace->child, false);
    } else if (const auto* set = std::get_if<SetPermissions>(&change)) {
      proposed.set_needed(*set->edge, set->permissions);
    } else if (const auto* renew = std::get_if<RenewPermissions>(&change)) {
      for (Edge* const edge : proposed.children(*renew->node))
        proposed.set_child(*edge, proposed.child(*edge), false);
    } else if (const auto* replace = std::get_if<ReplaceNode>(&change)) {
      for (Edge* const edge : proposed.parents(*replace->from))
        if (edge->parent().as_node() != replace->to && !edge->parent().stays_at_node())
          proposed.set_child(*edge, replace->to, false);
    }
  }
  return proposed;
}

std::vector<Parent*> Transaction::to_drain(const ProposedGraph& proposed) const {
  std::vector<Parent*> found = proposed.touched();
  for (const Change& change : changes_)
    if (const auto* replace = std::get_if<ReplaceNode>(&change))
      for (Node* const node : {replace->from, replace->to})
        if (std::find(found.begin(), found.end(), node) == found.end())
          found.push_back(node);
  return found;
}

std::vector<Edge*> Transaction::named_edges() const {
  std::vector<Edge*> found;
  for (const Change& change : changes_) {
    if (const auto* detach = std::get_if<Detach>(&change))
      found.push_back(detach->edge);
    else if (const auto* replace = std::get_if<ReplaceChild>(&change))
      found.push_back(replace->edge);
    else if (const auto* set = std::get_if<SetPermissions>(&change))
      found.push_back(set->edge);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

GraphResult<> Transaction::commit() {
  const std::vector<Edge*> named = named_edges();
  for (Edge* const edge : named)
    edge->claim();
  auto result = commit_claimed();
  // After success those that were taken away are gone.
  if (!result)
    for (Edge* const edge : named)
      edge->unclaim();
  return result;
}

GraphResult<> Transaction::commit_claimed() {
  GraphLock::assert_unlocked();
  while (true) {
    std::vector<Parent*> touched;
    {
      // What can't be is refused before anybody has to wait for it.
      const MainGraphReadLock lock;
      ProposedGraph proposed = propose();
      if (auto checked = proposed.check(); !checked)
        return checked;
      touched = to_drain(proposed);
    }
    const DrainedSection drained(std::move(touched));
    const GraphWriteLock lock;
    // Both have run the main loop, so that the graph may be another one by now.
    ProposedGraph proposed = propose();
    const std::vector<Parent*> touched_now = to_drain(proposed);
    const bool all_drained =
        std::all_of(touched_now.begin(), touched_now.end(), [&](Parent* parent) {
          return std::find(drained.quiet().begin(), drained.quiet().end(), parent) !=
                 drained.quiet().end();
        });
    if (!all_drained)
      continue;
    if (auto checked = proposed.check(); !checked)
      return checked;
    if (auto prepared = prepare(proposed); !prepared)
      return prepared;
    apply(proposed);
    return {};
  }
}

// Nothing of this can fail.
void Transaction::apply(const ProposedGraph& proposed) {
  for (Edge* const edge : named_edges())
    edge->unclaim();
  for (const auto& [edge, child, is_new] : proposed.edges())
    edge->set_child(child);
  // Those that go first, since others may come under the same names.
  for (const auto& [edge, child, is_new] : proposed.edges())
    if (child == nullptr && !is_new)
      (void)edge->parent().disown_edge(*edge);
  for (const auto& [edge, child, is_new] : proposed.edges())
    if (child != nullptr && is_new)
      edge->parent().own_edge(take_new(*edge));
  for (const auto& [edge, permissions] : proposed.needed())
    edge->parent().set_needed(permissions);
  for (const auto& [edge, permissions] : proposed.edge_permissions())
    edge->set_permissions(permissions);
  for (const auto& [node, permissions] : proposed.node_permissions()) {
    node->set_permissions(permissions);
    node->driver().commit_permissions();
  }
  changes_.clear();
}

std::unique_ptr<Edge> Transaction::take_new(const Edge& edge) {
  for (Change& change : changes_)
    if (auto* const attach = std::get_if<Attach>(&change))
      if (attach->edge.get() == &edge)
        return std::move(attach->edge);
  return nullptr;
}

GraphResult<> insert_overlay(Node& below, Node& overlay) {
  Transaction transaction;
  transaction.attach(overlay, "backing", EdgeRole::copy_on_write, below);
  transaction.replace_node(below, overlay);
  return transaction.commit();
}

} // namespace lockvet::runtime
