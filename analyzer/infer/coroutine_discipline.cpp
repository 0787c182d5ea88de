// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/coroutine_discipline.h"

namespace lockvet::infer {

using namespace program;
using Kind = Answer::Kind;

void CoroutineDiscipline::addSeeds(Needs& needs) const {
  const Program& program = input_.program;
  for (Id function = 1; function < program.functions().size(); ++function) {
    Need need;
    need.subject.function = function;
    if (program.isCoroutineFn(function)) {
      needs.add(std::move(need));
      continue;
    }
    std::optional<size_t> deciding = input_.guards.decidingCall(function);
    if (program.isMarked(function) || !deciding || input_.guards.exits(function) != kInside ||
        !input_.guards.isPredicate(program.calls()[*deciding].callee))
      continue;
    need.source = Need::Source::Observed;
    need.place = program.calls()[*deciding].place;
    need.observation = "asserts that it is in a coroutine";
    needs.add(std::move(need));
  }
  for (Id slot = 1; slot < program.slots().size(); ++slot)
    if ((program.slot(slot).labels & (kCoroutineFn | kMixedFn)) == kCoroutineFn) {
      Need need;
      need.subject.slot = slot;
      needs.add(std::move(need));
    }
}

Answer CoroutineDiscipline::answer(const Need& need, uint32_t position) {
  const Program& program = input_.program;
  const Id caller = program.calls()[position].caller;
  const Contexts at = input_.guards.at(position);
  if (at == 0)
    return {};
  if (!(at & kOutside) || program.isCoroutineFn(caller))
    return {Kind::Given};
  if (at == kOutside)
    return {Kind::Broken};
  if (program.isMarked(caller)) {
    // A function for both contexts means what asserts as a guard, and may ask a parameter.
    const bool knows = program.isMixedFn(caller) && (need.source == Need::Source::Observed ||
                                                     !input_.guards.conditions(position).empty());
    return {knows ? Kind::Unknown : Kind::Broken};
  }
  if (isOptional(program, input_.guards, position, [&](uint32_t calling) {
        const Id other = program.calls()[calling].caller;
        return other == kNoId ||
               !(program.isCoroutineFn(other) || inferred_.contains({other, locks::kNoPath}) ||
                 input_.guards.at(calling) == kInside);
      }))
    return {};
  return {startsCoroutine(caller) ? Kind::Given : Kind::Open};
}

/// Is it called by its address only, by what makes the stack of a coroutine? Nobody misses its
/// marker.
bool CoroutineDiscipline::startsCoroutine(Id function) const {
  std::optional<Way> way = input_.contexts.wayInto(function, kInside);
  if (!way || !way->calls.empty() || way->kind != RootKind::Registered)
    return false;
  const Id starter = input_.program.slot(way->slot).function;
  return starter != kNoId && input_.program.function(starter).is_of_system;
}

Answer::Kind CoroutineDiscipline::answerThroughPointer(const Need&, uint32_t position) {
  const Program& program = input_.program;
  const Call& call = program.calls()[position];
  const Contexts at = input_.guards.at(position);
  if (at == 0)
    return Kind::Unknown;
  if (!(at & kOutside) || program.isCoroutineFn(call.caller))
    return Kind::Given;
  if (at == kOutside)
    return Kind::Broken;
  std::optional<Way> way = input_.contexts.wayTo(call, kOutside);
  const bool is_surely_outside = way && !way->is_ambiguous && !program.isMixedFn(way->root) &&
                                 !input_.contexts.isReached(call.caller, kInside);
  return is_surely_outside ? Kind::Broken : Kind::Unknown;
}

/// A table of functions of all kinds, of which a few are for coroutines, has no one marker; and a
/// parameter has one only if it takes nothing else.
bool CoroutineDiscipline::isMixedBag(Id slot) const {
  size_t coroutines = 0;
  llvm::ArrayRef<store::SlotTarget> targets = input_.program.slotTargets(slot);
  for (const store::SlotTarget& target : targets)
    coroutines += input_.program.isCoroutineFn(target.function) ||
                  inferred_.contains({target.function, locks::kNoPath});
  if (input_.program.slot(slot).kind == facts::SlotKind::Parameter)
    return coroutines < targets.size();
  return 2 * coroutines < targets.size();
}

Answer::Kind CoroutineDiscipline::mayCarry(const Need&, Id id) {
  const Slot& slot = input_.program.slot(id);
  if (slot.labels & kCoroutineFn && !(slot.labels & kMixedFn))
    return Kind::Given;
  if (const std::optional context = input_.program.registrations().contextOf(id)) {
    if (*context == config::Registrar::Context::Coroutine)
      return Kind::Given;
    return *context == config::Registrar::Context::Outside ? Kind::Broken : Kind::Unknown;
  }
  if (slot.labels & (kMixedFn | kNoCoroutineFn))
    return Kind::Unknown;
  return canBeMarked(input_.program, slot) && !isMixedBag(id) ? Kind::Open : Kind::Unknown;
}

bool CoroutineDiscipline::isEnteredWithout(const Need& need) {
  return need.source != Need::Source::Marked && entries_.isStart(need.subject.function);
}

} // namespace lockvet::infer
