// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/body_walk.h"

#include <algorithm>
#include <vector>

namespace lockvet::program {

using facts::ConditionKind;
using facts::EventKind;
using facts::kNone;

namespace {

/// Ways beyond these forget their flags: far more than people write, and it keeps the analysis
/// linear.
constexpr size_t kMaxStates = 256;

} // namespace

/// What a flag is set to, or what is returned.
FlagValue BodyWalk::valueOf(const facts::Event& event, const GuardState& state) const {
  auto answer = [&](uint32_t call, Context context) { return client_.answer(call, context); };
  FlagValue value = kUnknown;
  if (event.has_constant)
    value = flagValue(event.constant != 0);
  else if (event.formula != kNone)
    value = evaluate(skeleton_, event.formula, state, answer);
  else if (event.call != kNone)
    value = answer(event.call, state.context);
  else if (event.kind == EventKind::Return && event.variable != kNone)
    value = state.flag(event.variable);
  return event.negated ? !value : value;
}

void BodyWalk::execute(const facts::Block& block, States& states) {
  for (const facts::Event& event : block.events) {
    States after;
    for (GuardState state : states) {
      switch (event.kind) {
      case EventKind::Call:
        if (!client_.visitCall(event, state))
          continue;
        break;
      case EventKind::SetFlag:
      case EventKind::SetCall:
        state.setFlag(event.variable, valueOf(event, state));
        break;
      case EventKind::Return:
        client_.visitReturn(state, valueOf(event, state));
        break;
      }
      after.insert(state);
    }
    states = std::move(after);
  }
}

void BodyWalk::follow(const facts::Block& block, const States& states) {
  auto answer = [&](uint32_t call, Context context) { return client_.answer(call, context); };
  auto go = [&](size_t successor, const GuardState& state) {
    if (block.successors[successor] != kNone)
      waiting_[block.successors[successor]].insert(state);
  };
  for (const GuardState& state : states) {
    if (block.condition == ConditionKind::None || block.condition == ConditionKind::Other) {
      for (size_t successor = 0; successor < block.successors.size(); ++successor)
        go(successor, state);
      continue;
    }
    for (size_t successor = 0; successor < std::min<size_t>(2, block.successors.size());
         ++successor) {
      const bool assumed = successor == 0;
      GuardState refined = state;
      bool is_possible = true;
      if (block.condition == ConditionKind::Call) {
        is_possible = answer(block.operand, state.context) != flagValue(!assumed);
      } else if (block.condition == ConditionKind::Formula) {
        is_possible = assume(skeleton_, block.operand, assumed, refined, answer);
      } else {
        is_possible = state.flag(block.operand) != flagValue(!assumed);
        refined.setFlag(block.operand, flagValue(assumed));
      }
      if (is_possible)
        go(successor, refined);
    }
  }
}

void BodyWalk::run(llvm::ArrayRef<GuardState> entry) {
  std::vector<States> seen(skeleton_.blocks.size());
  waiting_.clear();
  waiting_[skeleton_.entry].insert(entry.begin(), entry.end());
  while (!waiting_.empty()) {
    const uint32_t index = waiting_.begin()->first;
    States arriving = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    if (index >= skeleton_.blocks.size())
      continue;
    States fresh;
    for (GuardState state : arriving) {
      if (seen[index].size() > kMaxStates)
        state.flags = 0;
      if (seen[index].insert(state).second)
        fresh.insert(state);
    }
    if (fresh.empty())
      continue;
    const facts::Block& block = skeleton_.blocks[index];
    execute(block, fresh);
    if (index == skeleton_.exit)
      for (const GuardState& state : fresh)
        client_.visitExit(state);
    if (!block.is_noreturn && !block.successors.empty())
      follow(block, fresh);
  }
}

} // namespace lockvet::program
