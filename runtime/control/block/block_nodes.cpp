// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/block/block_nodes.h"

#include "runtime/control/block/node_builder.h"
#include "runtime/drivers/qcow2/image_driver.h"
#include "runtime/graph/transaction.h"

namespace lockvet::runtime::control {

// --- adding and removing -------------------------------------------------------------------------

GraphResult<Node*> BlockNodes::add(const NodeOptions& options) {
  if (options.name.empty())
    return graph_error(std::errc::invalid_argument, "'node-name' is missing.");
  NodeBuilder builder(*this);
  auto built = builder.build(options);
  if (!built)
    return built;
  home_.assert_home();
  known_[*built].asked_for = true;
  builder.keep();
  return built;
}

GraphResult<> BlockNodes::remove(const std::string& name) {
  const auto node = find(name);
  if (!node)
    return std::unexpected(node.error());
  home_.assert_home();
  if (!known_.contains(*node))
    return graph_error(std::errc::operation_not_permitted,
                       (*node)->describe() + " belongs to a job, and goes with it.");
  {
    // Before the image is closed.
    const MainGraphReadLock lock;
    if (!known_.at(*node).asked_for && !(*node)->parents().empty())
      return graph_error(std::errc::operation_not_permitted,
                         (*node)->describe() + " belongs to another node, and goes with it.");
    if (!(*node)->parents().empty())
      return graph_error(std::errc::device_or_resource_busy,
                         (*node)->describe() + " is in use: it is " +
                             (*node)->parents().front()->describe() + ".");
  }
  return remove_with_children(**node);
}

GraphResult<> BlockNodes::remove_with_children(Node& node) {
  home_.assert_home();
  GraphResult<> result;
  if (auto* const image = dynamic_cast<qcow2::ImageDriver*>(&node.driver()))
    result = image->close();
  // It is closed even if that has failed.
  std::vector<std::string> children;
  {
    const MainGraphReadLock lock;
    for (const auto& edge : node.children())
      children.push_back(edge->child().name());
  }
  const Node* const gone = &node;
  if (auto removed = graph_.remove(node); !removed)
    return result ? removed : result;
  known_.erase(gone);
  // The main loop has run, so that they are looked for anew.
  for (const std::string& name : children) {
    Node* const child = graph_.find(name);
    if (child == nullptr || !known_.contains(child) || known_.at(child).asked_for)
      continue;
    {
      const MainGraphReadLock lock;
      if (!child->parents().empty())
        continue;
    }
    if (auto removed = remove_with_children(*child); !removed && result)
      result = std::move(removed);
  }
  return result;
}

void BlockNodes::remove_unused() {
  home_.assert_home();
  for (bool removed = true; removed;) {
    removed = false;
    for (const auto& node : graph_.nodes()) {
      const auto known = known_.find(node.get());
      if (known == known_.end() || known->second.asked_for)
        continue;
      {
        const MainGraphReadLock lock;
        if (!node->parents().empty())
          continue;
      }
      // The list has changed if it is gone.
      const size_t before = graph_.nodes().size();
      (void)remove_with_children(*node);
      removed = graph_.nodes().size() != before;
      if (removed)
        break;
    }
  }
}

GraphResult<> BlockNodes::close() {
  GraphResult<> result;
  for (bool removed = true; removed;) {
    removed = false;
    for (const auto& node : graph_.nodes()) {
      {
        const MainGraphReadLock lock;
        if (!node->parents().empty())
          continue;
      }
      const size_t before = graph_.nodes().size();
      if (auto closed = remove_with_children(*node); !closed && result)
        result = std::move(closed);
      removed = graph_.nodes().size() < before;
      break;
    }
  }
  return result;
}

// --- changes -------------------------------------------------------------------------------------

// What reopen() changes, and whose child something is no more.
class ReopenPlan {
public:
  Transaction transaction;
  std::vector<std::string> replaced;
};

GraphResult<> BlockNodes::plan_reopen(const NodeOptions& options, ReopenPlan& plan) const {
  const auto found = find(options.name);
  if (!found)
    return std::unexpected(found.error());
  Node& node = **found;
  home_.assert_home();
  const Known& known = known_.at(&node);
  const auto fixed = [&](const char* what) {
    return graph_error(std::errc::not_supported,
                       node.describe() + " is open, and " + what + " can't be changed then.");
  };
  if (options.driver != known.options.driver)
    return fixed("its driver");
  if (options.settings != known.options.settings)
    return fixed("what belongs to its driver");
  if (options.read_only.value_or(known.read_only) != known.read_only)
    return fixed("'read-only'");
  if (options.direct.value_or(false) != known.options.direct.value_or(false))
    return fixed("'cache.direct'");
  const MainGraphReadLock lock;
  for (const auto& [name, child] : options.children) {
    Edge* const edge = node.child(name);
    if (child.is_none()) {
      if (edge == nullptr)
        continue;
      plan.replaced.push_back(edge->child().name());
      plan.transaction.detach(*edge);
      continue;
    }
    const std::string& wanted =
        child.described != nullptr ? child.described->name : child.reference;
    if (edge != nullptr && edge->child().name() == wanted)
      continue;
    if (child.described != nullptr)
      return graph_error(std::errc::not_supported,
                         "'" + name + "' of " + node.describe() +
                             " has to be the name of a node that is there.");
    const auto target = find(wanted);
    if (!target)
      return std::unexpected(target.error());
    if (edge == nullptr) {
      plan.transaction.attach(node, name, EdgeRole::copy_on_write, **target);
      continue;
    }
    plan.replaced.push_back(edge->child().name());
    plan.transaction.replace_child(*edge, **target);
  }
  return {};
}

GraphResult<> BlockNodes::reopen(const std::vector<NodeOptions>& options) {
  ReopenPlan plan;
  for (const NodeOptions& one : options)
    if (auto planned = plan_reopen(one, plan); !planned)
      return planned;
  if (plan.transaction.empty())
    return {};
  if (auto committed = plan.transaction.commit(); !committed)
    return committed;
  home_.assert_home();
  GraphResult<> result;
  for (const std::string& name : plan.replaced) {
    Node* const node = graph_.find(name);
    if (node == nullptr || known_.at(node).asked_for)
      continue;
    {
      const MainGraphReadLock lock;
      if (!node->parents().empty())
        continue;
    }
    if (auto removed = remove_with_children(*node); !removed && result)
      result = std::move(removed);
  }
  return result;
}

GraphResult<> BlockNodes::snapshot(const std::vector<Snapshot>& snapshots) {
  Transaction transaction;
  for (const auto& [node_name, overlay_name] : snapshots) {
    const auto node = find(node_name);
    if (!node)
      return std::unexpected(node.error());
    const auto overlay = find(overlay_name);
    if (!overlay)
      return std::unexpected(overlay.error());
    const MainGraphReadLock lock;
    if ((*overlay)->driver().format_name() != "qcow2")
      return graph_error(std::errc::not_supported, (*overlay)->describe() +
                                                       " can't be an overlay: its driver has no "
                                                       "backing files.");
    if ((*overlay)->child("backing") != nullptr)
      return graph_error(std::errc::device_or_resource_busy,
                         (*overlay)->describe() +
                             " has a backing file already; add it with 'backing': null.");
    if (!(*overlay)->parents().empty())
      return graph_error(std::errc::device_or_resource_busy,
                         (*overlay)->describe() + " is in use: it is " +
                             (*overlay)->parents().front()->describe() + ".");
    transaction.attach(**overlay, "backing", EdgeRole::copy_on_write, **node);
    transaction.replace_node(**node, **overlay);
  }
  return transaction.commit();
}

// --- looking -------------------------------------------------------------------------------------

GraphResult<Node*> BlockNodes::find(const std::string& name) const {
  Node* const node = graph_.find(name);
  if (node == nullptr)
    return graph_error(std::errc::no_such_device, "there is no node '" + name + "'.");
  return node;
}

bool BlockNodes::knows(const Node& node) const {
  home_.assert_home();
  return known_.contains(&node);
}

const NodeOptions& BlockNodes::options_of(const Node& node) const {
  home_.assert_home();
  return known_.at(&node).options;
}

bool BlockNodes::is_read_only(const Node& node) const {
  home_.assert_home();
  return known_.at(&node).read_only;
}

std::map<std::string, uint64_t> BlockNodes::co_lengths() const {
  std::map<std::string, uint64_t> lengths;
  const CoGraphReadLock lock;
  home_.assert_home();
  for (const auto& [node, known] : known_)
    if (const auto length = node->driver().co_length())
      lengths[node->name()] = *length;
  return lengths;
}

std::string BlockNodes::made_up_name() {
  // No user can take such a name, as in QEMU.
  return "#block" + std::to_string(made_up_++);
}

} // namespace lockvet::runtime::control
