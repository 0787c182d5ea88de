// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/body_walk.h"

#include <algorithm>
#include <utility>

namespace lockvet::program {

using facts::ConditionKind;
using facts::EventKind;
using facts::kNone;

namespace {

/// Ways beyond these forget their flags: far more than people write, and it keeps the analysis
/// linear.
constexpr size_t kMaxStates = 256;

} // namespace

bool BodyWalk::States::insert(const WalkState& state) {
  const auto place = std::lower_bound(states_.begin(), states_.end(), state);
  if (place != states_.end() && *place == state)
    return false;
  states_.insert(place, state);
  return true;
}

FlagValue BodyWalk::answerIn(const WalkState& state, uint32_t call) const {
  if (call == kNone)
    return kUnknown;
  const uint32_t position = body_.positionOf(call);
  return position == state.told_by ? state.told : client_.answer(position, state.guard.context);
}

/// What a flag is set to, or what is returned.
FlagValue BodyWalk::valueOf(const Event& event, const WalkState& state) const {
  auto answer = [&](uint32_t call, Context) { return answerIn(state, call); };
  FlagValue value = kUnknown;
  if (event.has_constant)
    value = flagValue(event.constant != 0);
  else if (event.formula != kNone)
    value = evaluate(body_, event.formula, state.guard, answer);
  else if (event.call != kNone)
    value = answerIn(state, event.call);
  else if (event.kind == EventKind::Return && event.variable != kNone)
    value = state.guard.flag(event.variable);
  return event.negated ? !value : value;
}

void BodyWalk::execute(const Block& block, States& states) {
  llvm::SmallVector<WalkState, 4> after_call;
  States before; // the first of calls of which one happens
  for (size_t index = 0; index < block.events.size(); ++index) {
    const Event& event = block.events[index];
    States after;
    if (event.is_alternative)
      after = std::exchange(states, before);
    else if (index + 1 < block.events.size() && block.events[index + 1].is_alternative)
      before = states;
    for (WalkState state : states) {
      switch (event.kind) {
      case EventKind::Call:
        after_call.assign(1, state);
        if (event.call != kNone)
          client_.visitCall(body_.positionOf(event.call), after_call);
        after.insert(after_call);
        continue;
      case EventKind::SetFlag:
      case EventKind::SetCall:
        state.guard.setFlag(event.variable, valueOf(event, state));
        break;
      case EventKind::Return: {
        const FlagValue value = valueOf(event, state);
        client_.visitReturn(state, value);
        if (options_.keeps_returns)
          state.returned = value;
        break;
      }
      }
      after.insert(state);
    }
    states = std::move(after);
  }
}

void BodyWalk::follow(const Block& block, const States& states) {
  auto go = [&](size_t successor, const WalkState& state) {
    wait(block.successors[successor], state);
  };
  for (const WalkState& state : states) {
    if (block.condition == ConditionKind::None || block.condition == ConditionKind::Other) {
      for (size_t successor = 0; successor < block.successors.size(); ++successor)
        go(successor, state);
      continue;
    }
    auto answer = [&](uint32_t call, Context) { return answerIn(state, call); };
    for (size_t successor = 0; successor < std::min<size_t>(2, block.successors.size());
         ++successor) {
      const bool assumed = successor == 0;
      WalkState refined = state;
      bool is_possible = true;
      if (block.condition == ConditionKind::Call) {
        is_possible = answerIn(state, block.operand) != flagValue(!assumed);
      } else if (block.condition == ConditionKind::Formula) {
        is_possible = assume(body_, block.operand, assumed, refined.guard, answer);
      } else {
        is_possible = state.guard.flag(block.operand) != flagValue(!assumed);
        refined.guard.setFlag(block.operand, flagValue(assumed));
      }
      if (is_possible)
        go(successor, refined);
    }
  }
}

void BodyWalk::wait(uint32_t block, const WalkState& state) {
  if (block >= waiting_.size())
    return;
  waiting_[block].insert(state);
  first_waiting_ = std::min(first_waiting_, block);
}

/// Earlier blocks first: most blocks have then been reached by all their predecessors.
void BodyWalk::run(llvm::ArrayRef<WalkState> entry) {
  std::vector<States> seen(body_.blocks.size());
  waiting_.assign(body_.blocks.size(), {});
  first_waiting_ = body_.entry;
  for (const WalkState& state : entry)
    wait(body_.entry, state);
  while (first_waiting_ < waiting_.size()) {
    const uint32_t index = first_waiting_++;
    const States arriving = std::exchange(waiting_[index], {});
    States fresh;
    for (WalkState state : arriving) {
      if (!options_.follows_flags || seen[index].size() > kMaxStates)
        state.guard.flags = 0;
      if (seen[index].insert(state))
        fresh.insert(state);
    }
    if (fresh.empty())
      continue;
    const Block& block = body_.blocks[index];
    execute(block, fresh);
    if (index == body_.exit)
      for (const WalkState& state : fresh)
        client_.visitExit(state);
    if (!block.is_noreturn && !block.successors.empty())
      follow(block, fresh);
  }
}

} // namespace lockvet::program
