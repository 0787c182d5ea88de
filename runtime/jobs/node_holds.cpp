// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/node_holds.h"

#include "runtime/graph/transaction.h"

namespace lockvet::runtime {

std::unique_ptr<BlockBackend> NodeHolds::make_backend(Permissions permissions) const {
  return std::make_unique<BlockBackend>(
      "job " + job_, BlockBackend::Options{.permissions = permissions, .stays = true});
}

GraphResult<> NodeHolds::hold(const std::vector<Node*>& nodes) {
  Transaction transaction;
  for (Node* const node : nodes) {
    backends_.push_back(make_backend({Permission::none, Permission::all}));
    transaction.attach(*backends_.back(), "root", EdgeRole::filtered | EdgeRole::data, *node);
  }
  return transaction.commit();
}

GraphResult<BlockBackend*> NodeHolds::add(Node& node, Permissions permissions) {
  auto backend = make_backend(permissions);
  if (auto inserted = backend->insert(node); !inserted)
    return std::unexpected(std::move(inserted.error()));
  backends_.push_back(std::move(backend));
  return backends_.back().get();
}

GraphResult<> NodeHolds::make_writable(Node& node) {
  auto held = add(node, {Permission::none, Permission::all});
  if (!held)
    return std::unexpected(std::move(held.error()));
  // Given back after all that write.
  writable_.push_back({&node, std::move(backends_.back()), false});
  backends_.pop_back();
  const auto was_read_only = jobs_.reopen(node, false);
  if (!was_read_only)
    return std::unexpected(was_read_only.error());
  writable_.back().put_back = *was_read_only;
  return {};
}

void NodeHolds::keep_writable() {
  for (Writable& one : writable_)
    one.put_back = false;
}

bool NodeHolds::give_back() {
  while (!backends_.empty()) {
    if (!backends_.back()->remove())
      return false;
    backends_.pop_back();
  }
  while (!writable_.empty()) {
    Writable& last = writable_.back();
    if (last.put_back) {
      const auto put_back = jobs_.reopen(*last.node, true);
      if (!put_back && put_back.error().code == std::errc::device_or_resource_busy)
        return false;
      // Whoever writes to it by now may go on, and what can't be closed for writing stays open.
      last.put_back = false;
    }
    if (!last.hold->remove())
      return false;
    writable_.pop_back();
  }
  return true;
}

void give_back(Jobs& jobs, std::unique_ptr<NodeHolds> holds) {
  if (holds == nullptr)
    return;
  jobs.insist([holds = std::shared_ptr<NodeHolds>(std::move(holds))] {
    MainLoop::assert_here();
    return holds->give_back();
  });
}

} // namespace lockvet::runtime
