// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/control.h"

namespace lockvet::runtime::control {

namespace {

// What clients have written and not flushed, such as to a raw file, is on stable storage
// afterwards.
GraphResult<> LV_NO_COROUTINE_FN flush(Control& control,
                                       Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  BlockBackend backend("flush", {.permissions = {Permission::write, Permission::all}});
  if (auto inserted = backend.insert(node); !inserted)
    return inserted;
  std::error_code failed;
  // Nobody drains any more.
  control.run_coroutine([&]() LV_COROUTINE_FN { failed = backend.co_flush(); });
  GraphResult<> result = backend.remove();
  if (failed)
    return std::unexpected(
        GraphError{failed, node.describe() + " can't be flushed: " + failed.message() + "."});
  return result;
}

} // namespace

GraphResult<> Control::close() {
  exports_.close();
  GraphResult<> result;
  std::vector<Node*> tops;
  for (const auto& node : nodes_.graph().nodes()) {
    const MainGraphReadLock lock;
    if (node->parents().empty() && !nodes_.is_read_only(*node))
      tops.push_back(node.get());
  }
  for (Node* const top : tops)
    if (auto flushed = flush(*this, *top); !flushed && result)
      result = std::move(flushed);
  if (auto closed = nodes_.close(); !closed && result)
    result = std::move(closed);
  return result;
}

} // namespace lockvet::runtime::control
