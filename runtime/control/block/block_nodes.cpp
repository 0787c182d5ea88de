// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/block/block_nodes.h"

#include "runtime/control/block/node_builder.h"
#include "runtime/control/block/reopen_plan.h"
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

GraphResult<> BlockNodes::reopen(const std::vector<NodeOptions>& options) {
  ReopenPlan plan(*this);
  for (const NodeOptions& one : options)
    if (auto planned = plan.add(one); !planned)
      return planned;
  return plan.carry_out();
}

GraphResult<bool> BlockNodes::set_read_only(Node& node, bool read_only) {
  if (!knows(node) || is_read_only(node) == read_only)
    return false;
  ReopenPlan plan(*this);
  plan.change_read_only(node, read_only);
  if (auto done = plan.carry_out(); !done)
    return std::unexpected(std::move(done.error()));
  return true;
}

GraphResult<> BlockNodes::snapshot(const Snapshot& wanted) {
  const auto node = find(wanted.node);
  if (!node)
    return std::unexpected(node.error());
  const auto overlay = find(wanted.overlay);
  if (!overlay)
    return std::unexpected(overlay.error());
  {
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
  }
  return insert_overlay(**node, **overlay);
}

void BlockNodes::take_back(const Snapshot& snapshot) {
  Node* const overlay = graph_.find(snapshot.overlay);
  Transaction transaction;
  {
    const MainGraphReadLock lock;
    Edge* const backing = overlay->child("backing");
    transaction.replace_node(*overlay, backing->child());
    transaction.detach(*backing);
  }
  // What was possible before is.
  (void)transaction.commit();
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

bool BlockNodes::is_asked_for(const Node& node) const {
  home_.assert_home();
  return known_.at(&node).asked_for;
}

void BlockNodes::note_read_only(const Node& node, bool read_only) {
  home_.assert_home();
  known_.at(&node).read_only = read_only;
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
