// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/callers.h"

namespace lockvet::program {

Callers::Callers(const Program& program) : program_(program) {
  first_.assign(program.functions().size() + 1, 0);
  auto forEachEdge = [&](auto visit) {
    for (const Call& call : program.calls())
      if (call.caller != kNoId)
        program.forEachTarget(call, [&](Target target) {
          if (target.function != kNoId)
            visit(target.function, static_cast<uint32_t>(program.indexOf(call)));
        });
  };
  forEachEdge([&](Id target, uint32_t) { ++first_[target + 1]; });
  for (size_t index = 1; index < first_.size(); ++index)
    first_[index] += first_[index - 1];
  calls_.resize(first_.back());
  std::vector<uint32_t> next(first_.begin(), first_.end() - 1);
  forEachEdge([&](Id target, uint32_t call) { calls_[next[target]++] = call; });
}

std::vector<bool>
Callers::reaching(llvm::ArrayRef<Id> ends,
                  llvm::function_ref<bool(uint32_t call, Id target)> passes) const {
  std::vector<bool> reached(program_.functions().size());
  std::vector<Id> work;
  for (Id end : ends)
    if (!reached[end]) {
      reached[end] = true;
      work.push_back(end);
    }
  while (!work.empty()) {
    const Id target = work.back();
    work.pop_back();
    for (uint32_t call : of(target)) {
      const Id caller = program_.calls()[call].caller;
      if (!reached[caller] && passes(call, target)) {
        reached[caller] = true;
        work.push_back(caller);
      }
    }
  }
  return reached;
}

} // namespace lockvet::program
