// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is to be changed of nodes that stay open: their children, and whether they can be written
// to. It is collected first, and then all of it happens or nothing. It belongs to one call in the
// main loop.

#ifndef LOCKVET_RUNTIME_CONTROL_BLOCK_REOPEN_PLAN_H
#define LOCKVET_RUNTIME_CONTROL_BLOCK_REOPEN_PLAN_H

#include "runtime/control/block/block_nodes.h"
#include "runtime/graph/transaction.h"

namespace lockvet::runtime::control {

class ReopenPlan {
public:
  explicit ReopenPlan(BlockNodes& nodes) : nodes_(nodes) {}
  ReopenPlan(const ReopenPlan&) = delete;
  ReopenPlan& operator=(const ReopenPlan&) = delete;
  ~ReopenPlan() = default;

  // A node of that name is to be as the options say.
  GraphResult<> add(const NodeOptions& options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // With the file that it is in, if that came with it and nobody has said of that what it is to be.
  void change_read_only(Node& node, bool read_only) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  GraphResult<> LV_NO_COROUTINE_FN carry_out() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

private:
  struct ReadOnlyChange {
    Node* node;
    bool read_only;
  };

  GraphResult<> add(Node& node, const NodeOptions& options,
                    bool read_only) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<> add_child(Node& node, const std::string& name, const ChildOption& child,
                          bool read_only) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<> LV_NO_COROUTINE_FN change_nodes() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<> LV_NO_COROUTINE_FN remove_replaced() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  BlockNodes& nodes_;
  Transaction transaction_;
  // Each below before those above it.
  std::vector<ReadOnlyChange> read_only_changes_;
  std::vector<ReadOnlyChange> changed_;
  // Whose child something is no more.
  std::vector<std::string> replaced_;
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_BLOCK_REOPEN_PLAN_H
