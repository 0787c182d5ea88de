// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/certain_calls.h"

#include "llvm/ADT/STLExtras.h"

namespace lockvet::locks {

using program::Call;
using program::EdgeKind;

namespace {

/// Can control come from the entry to the end without the call of this sequence number?
bool canAvoid(const facts::Skeleton& skeleton, uint32_t sequence) {
  std::vector<bool> seen(skeleton.blocks.size());
  std::vector<uint32_t> work = {skeleton.entry};
  while (!work.empty()) {
    const uint32_t index = work.back();
    work.pop_back();
    if (index >= seen.size() || seen[index])
      continue;
    seen[index] = true;
    const facts::Block& block = skeleton.blocks[index];
    const bool is_here = llvm::any_of(block.events, [&](const facts::Event& event) {
      return event.kind == facts::EventKind::Call && event.call == sequence;
    });
    if (is_here || block.is_noreturn)
      continue;
    if (index == skeleton.exit)
      return true;
    llvm::append_range(work, block.successors);
  }
  return false;
}

} // namespace

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
  for (const Body& body : bodies_.of(call.caller)) {
    auto found = body.calls.find(call.sequence);
    if (found != body.calls.end() && found->second == position)
      return !canAvoid(body.skeleton, call.sequence);
  }
  return false;
}

} // namespace lockvet::locks
