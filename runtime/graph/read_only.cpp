// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/read_only.h"

#include "runtime/graph/drained_section.h"

namespace lockvet::runtime {

GraphResult<> check_nobody_writes(const Node& node) {
  for (const Edge* const edge : node.parents()) {
    const Permission changes = edge->permissions().used & changing_permissions;
    if (changes != Permission::none)
      return graph_error(std::errc::operation_not_permitted,
                         node.describe() + " can't be open for reading only: " + edge->describe() +
                             " needs '" + to_string(changes) + "' on it.");
  }
  return {};
}

GraphResult<> set_read_only(Node& node, bool read_only) {
  GraphLock::assert_unlocked();
  if (node.state() != Node::State::settled)
    return graph_error(std::errc::device_or_resource_busy, node.describe() + " is on its way.");
  if (read_only) {
    // What can't be is refused before anybody has to wait for it.
    const MainGraphReadLock lock;
    if (auto allowed = check_nobody_writes(node); !allowed)
      return allowed;
  }
  // So that nobody removes it meanwhile.
  node.set_state(Node::State::moving);
  GraphResult<> result;
  {
    const DrainedSection drained(node);
    result = node.driver().set_read_only(read_only);
  }
  node.set_state(Node::State::settled);
  return result;
}

} // namespace lockvet::runtime
