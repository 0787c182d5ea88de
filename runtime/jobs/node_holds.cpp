// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/node_holds.h"

namespace lockvet::runtime {

GraphResult<BlockBackend*> NodeHolds::add(Node& node, Permissions permissions) {
  auto backend = std::make_unique<BlockBackend>(
      "job " + job_, BlockBackend::Options{.permissions = permissions, .stays = true});
  if (auto inserted = backend->insert(node); !inserted)
    return std::unexpected(std::move(inserted.error()));
  backends_.push_back(std::move(backend));
  return backends_.back().get();
}

bool NodeHolds::give_back() {
  while (!backends_.empty()) {
    if (!backends_.back()->remove())
      return false;
    backends_.pop_back();
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
