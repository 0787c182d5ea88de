// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/call_order.h"

namespace lockvet::program {

std::vector<uint32_t> calleesFirst(const Program& program) {
  struct Frame {
    Id function = kNoId;
    std::vector<Id> callees;
  };
  std::vector<uint32_t> order(program.functions().size());
  std::vector<bool> seen(program.functions().size());
  std::vector<Frame> stack;
  auto enter = [&](Id function) {
    if (function == kNoId || seen[function])
      return;
    seen[function] = true;
    Frame& frame = stack.emplace_back();
    frame.function = function;
    for (const Call& call : program.callsOf(function))
      program.forEachTarget(call, [&](Target target) {
        if (target.function != kNoId && !seen[target.function])
          frame.callees.push_back(target.function);
      });
  };
  uint32_t next = 0;
  for (Id root = 1; root < program.functions().size(); ++root) {
    enter(root);
    while (!stack.empty()) {
      Frame& frame = stack.back();
      if (frame.callees.empty()) {
        order[frame.function] = next++;
        stack.pop_back();
        continue;
      }
      const Id callee = frame.callees.back();
      frame.callees.pop_back();
      enter(callee);
    }
  }
  return order;
}

} // namespace lockvet::program
