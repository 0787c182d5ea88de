// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/control.h"

#include "runtime/control/qmp/job_events.h"

namespace lockvet::runtime::control {

namespace {

// What clients have written and not flushed, such as to a raw file, is on stable storage
// afterwards.
GraphResult<> LV_NO_COROUTINE_FN flush(Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  BlockBackend backend("flush", {.permissions = {Permission::write, Permission::all}});
  if (auto inserted = backend.insert(node); !inserted)
    return inserted;
  std::error_code failed;
  // Nobody drains any more.
  MainLoop::run_coroutine([&]() LV_COROUTINE_FN { failed = backend.co_flush(); });
  GraphResult<> result = backend.remove();
  if (failed)
    return std::unexpected(
        GraphError{failed, node.describe() + " can't be flushed: " + failed.message() + "."});
  return result;
}

} // namespace

void Control::hear(const JobEvent& event) {
  emit(events_, event);
  // Nodes that nobody has asked for, and that the job was the last to use, go with it; not here and
  // now, where the graph has to stay.
  if (event.kind == JobEvent::Kind::status_change && event.job.status == JobStatus::null)
    (void)home_.schedule([this] {
      MainLoop::assert_here();
      nodes_.remove_unused();
    });
}

GraphResult<> Control::close() {
  MainLoop::wait_while([this] {
    MainLoop::assert_here();
    return commands_ > 0;
  });
  jobs_.cancel_all();
  exports_.close();
  GraphResult<> result;
  std::vector<Node*> tops;
  for (const auto& node : nodes_.graph().nodes()) {
    const MainGraphReadLock lock;
    if (node->parents().empty() && !nodes_.is_read_only(*node))
      tops.push_back(node.get());
  }
  for (Node* const top : tops)
    if (auto flushed = flush(*top); !flushed && result)
      result = std::move(flushed);
  if (auto closed = nodes_.close(); !closed && result)
    result = std::move(closed);
  return result;
}

} // namespace lockvet::runtime::control
