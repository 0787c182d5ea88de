// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/skeleton_queries.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace lockvet::program {

const Call* callOf(llvm::ArrayRef<Call> calls, Id fragment, uint32_t sequence) {
  // Calls of one fragment lie together, in the order of their sequence.
  const Call* call = std::lower_bound(calls.begin(), calls.end(), std::pair(fragment, sequence),
                                      [](const Call& call, const std::pair<Id, uint32_t>& wanted) {
                                        return std::pair(call.fragment, call.sequence) < wanted;
                                      });
  return call != calls.end() && call->fragment == fragment && call->sequence == sequence ? call
                                                                                         : nullptr;
}

bool canReachEnd(const facts::Skeleton& skeleton,
                 llvm::function_ref<bool(const facts::Event&)> stops) {
  std::vector<bool> seen(skeleton.blocks.size());
  std::vector<uint32_t> work = {skeleton.entry};
  while (!work.empty()) {
    const uint32_t index = work.back();
    work.pop_back();
    if (index >= seen.size() || seen[index])
      continue;
    seen[index] = true;
    const facts::Block& block = skeleton.blocks[index];
    if (block.is_noreturn || llvm::any_of(block.events, stops))
      continue;
    if (index == skeleton.exit)
      return true;
    llvm::append_range(work, block.successors);
  }
  return false;
}

} // namespace lockvet::program
