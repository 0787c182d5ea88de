// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/block/reopen_plan.h"

#include "runtime/graph/read_only.h"

#include <algorithm>

namespace lockvet::runtime::control {

// --- planning ------------------------------------------------------------------------------------

GraphResult<> ReopenPlan::add(const NodeOptions& options) {
  const auto node = nodes_.find(options.name);
  if (!node)
    return std::unexpected(node.error());
  if (!nodes_.knows(**node))
    return graph_error(std::errc::operation_not_permitted,
                       (*node)->describe() + " belongs to a job, and can't be opened anew.");
  return add(**node, options, options.read_only.value_or(nodes_.is_read_only(**node)));
}

GraphResult<> ReopenPlan::add(Node& node, const NodeOptions& options, bool read_only) {
  const NodeOptions& known = nodes_.options_of(node);
  const auto fixed = [&](const char* what) {
    return graph_error(std::errc::not_supported,
                       node.describe() + " is open, and " + what + " can't be changed then.");
  };
  if (options.driver != known.driver)
    return fixed("its driver");
  if (options.settings != known.settings)
    return fixed("what belongs to its driver");
  if (options.direct.value_or(false) != known.direct.value_or(false))
    return fixed("'cache.direct'");
  change_read_only(node, read_only);
  for (const auto& [name, child] : options.children)
    if (auto added = add_child(node, name, child, read_only); !added)
      return added;
  return {};
}

GraphResult<> ReopenPlan::add_child(Node& node, const std::string& name, const ChildOption& child,
                                    bool read_only) {
  Edge* edge = nullptr;
  Node* before = nullptr;
  {
    const MainGraphReadLock lock;
    edge = node.child(name);
    before = edge == nullptr ? nullptr : &edge->child();
  }
  if (child.is_none()) {
    if (edge != nullptr) {
      replaced_.push_back(before->name());
      transaction_.detach(*edge);
    }
    return {};
  }
  if (const NodeOptions* const described = child.described.get()) {
    const bool same = before != nullptr && nodes_.knows(*before) &&
                      (described->name.empty() || described->name == before->name());
    if (same && name == "backing")
      return add(*before, *described, described->read_only.value_or(nodes_.is_read_only(*before)));
    if (same)
      return add(*before, *described, described->read_only.value_or(read_only));
    return graph_error(std::errc::not_supported, "'" + name + "' of " + node.describe() +
                                                     " has to be the name of a node that is "
                                                     "there.");
  }
  if (before != nullptr && before->name() == child.reference)
    return {};
  const auto target = nodes_.find(child.reference);
  if (!target)
    return std::unexpected(target.error());
  if (edge == nullptr) {
    transaction_.attach(node, name, EdgeRole::copy_on_write, **target);
    return {};
  }
  replaced_.push_back(before->name());
  transaction_.replace_child(*edge, **target);
  return {};
}

void ReopenPlan::change_read_only(Node& node, bool read_only) {
  const auto is_planned = [&](const ReadOnlyChange& change) { return change.node == &node; };
  if (nodes_.is_read_only(node) == read_only || std::ranges::any_of(read_only_changes_, is_planned))
    return;
  Node* file = nullptr;
  {
    const MainGraphReadLock lock;
    if (const Edge* const edge = node.child("file"))
      file = &edge->child();
  }
  if (file != nullptr && nodes_.knows(*file) && !nodes_.is_asked_for(*file) &&
      !nodes_.options_of(*file).read_only)
    change_read_only(*file, read_only);
  // Before the first that it is below of.
  size_t place = 0;
  while (place < read_only_changes_.size()) {
    const std::vector<Parent*> below = DrainedSection::subtree(*read_only_changes_[place].node);
    if (std::ranges::find(below, &node) != below.end())
      break;
    ++place;
  }
  read_only_changes_.insert(read_only_changes_.begin() + static_cast<ptrdiff_t>(place),
                            {&node, read_only});
}

// --- carrying out --------------------------------------------------------------------------------

GraphResult<> ReopenPlan::change_nodes() {
  const auto change = [this](const ReadOnlyChange& one) LV_REQUIRES(lockvet_main_loop)
                          LV_GRAPH_UNLOCKED -> GraphResult<> {
    auto done = runtime::set_read_only(*one.node, one.read_only);
    if (done)
      changed_.push_back(one);
    return done;
  };
  // Those above first that are not to be written to any more, and those below first that are.
  for (auto one = read_only_changes_.rbegin(); one != read_only_changes_.rend(); ++one)
    if (one->read_only)
      if (auto done = change(*one); !done)
        return done;
  for (const ReadOnlyChange& one : read_only_changes_)
    if (!one.read_only)
      if (auto done = change(one); !done)
        return done;
  return transaction_.empty() ? GraphResult<>() : transaction_.commit();
}

GraphResult<> ReopenPlan::carry_out() {
  std::vector<Parent*> nodes;
  nodes.reserve(read_only_changes_.size());
  for (const ReadOnlyChange& change : read_only_changes_)
    nodes.push_back(change.node);
  {
    // Nobody sees a part of it.
    const DrainedSection drained(std::move(nodes));
    if (auto done = change_nodes(); !done) {
      for (auto one = changed_.rbegin(); one != changed_.rend(); ++one)
        (void)runtime::set_read_only(*one->node, !one->read_only);
      return done;
    }
    for (const auto& [node, read_only] : changed_)
      nodes_.note_read_only(*node, read_only);
  }
  return remove_replaced();
}

GraphResult<> ReopenPlan::remove_replaced() {
  GraphResult<> result;
  for (const std::string& name : replaced_) {
    Node* const node = nodes_.graph().find(name);
    if (node == nullptr || !nodes_.knows(*node) || nodes_.is_asked_for(*node))
      continue;
    {
      const MainGraphReadLock lock;
      if (!node->parents().empty())
        continue;
    }
    if (auto removed = nodes_.remove_with_children(*node); !removed && result)
      result = std::move(removed);
  }
  return result;
}

} // namespace lockvet::runtime::control
