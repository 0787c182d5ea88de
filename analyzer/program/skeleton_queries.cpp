// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/skeleton_queries.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <vector>

namespace lockvet::program {

bool canReachEnd(const Body& body, llvm::function_ref<bool(const Event&)> stops) {
  std::vector<bool> seen(body.blocks.size());
  std::vector<uint32_t> work = {body.entry};
  while (!work.empty()) {
    const uint32_t index = work.back();
    work.pop_back();
    if (index >= seen.size() || seen[index])
      continue;
    seen[index] = true;
    const Block& block = body.blocks[index];
    if (block.is_noreturn || llvm::any_of(block.events, stops))
      continue;
    if (index == body.exit)
      return true;
    llvm::append_range(work, block.successors);
  }
  return false;
}

llvm::ArrayRef<Call> callsIn(llvm::ArrayRef<Call> calls, Id fragment) {
  // Calls of one fragment lie together.
  auto is_before = [](const Call& call, Id wanted) { return call.fragment < wanted; };
  const Call* first = std::lower_bound(calls.begin(), calls.end(), fragment, is_before);
  const Call* last = std::lower_bound(first, calls.end(), fragment + 1, is_before);
  return {first, last};
}

} // namespace lockvet::program
