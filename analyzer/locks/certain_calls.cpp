// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/certain_calls.h"

#include "analyzer/program/skeleton_queries.h"

namespace lockvet::locks {

using program::Call;
using program::EdgeKind;

bool CertainCalls::isCertain(uint32_t call, EdgeKind edge) const {
  if (edge == EdgeKind::Virtual || edge == EdgeKind::Flow || edge == EdgeKind::Type)
    return false;
  auto [found, is_new] = known_.try_emplace(call);
  if (is_new)
    found->second = isOnAllWays(call);
  return found->second;
}

bool CertainCalls::isOnAllWays(uint32_t position) const {
  const Call& call = program_.calls()[position];
  for (const Body& body : bodies_.of(call.caller))
    if (body.fragment == call.fragment)
      return !program::canReachEnd(body, [&](const program::Event& event) {
        return event.kind == facts::EventKind::Call && event.call != facts::kNone &&
               body.positionOf(event.call) == position;
      });
  return false;
}

} // namespace lockvet::locks
