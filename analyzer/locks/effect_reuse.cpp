// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lock effects of a program that was loaded again: what nothing has changed for stays as it was
// found before, and the rest is found anew, with the same result as from the start.

#include "analyzer/locks/lock_effects.h"
#include "llvm/ADT/STLExtras.h"

namespace lockvet::locks {

using program::Call;
using program::Target;

/// What a change can tell something new of: its functions, those whose guards are others, and who
/// calls them; and upwards from all that had effects which may be gone.
llvm::DenseSet<Id> LockEffects::affectedBy(const Known& known,
                                           const program::Callers& callers) const {
  llvm::DenseSet<Id> affected;
  llvm::SmallVector<Id> waiting;
  auto affect = [&](Id function) {
    if (affected.insert(function).second)
      waiting.push_back(function);
  };
  auto affectCallers = [&](Id function) {
    for (uint32_t call : callers.of(function))
      affect(program_.calls()[call].caller);
  };
  for (Id id = 1; id < program_.functions().size(); ++id) {
    if (known.change.isChanged(id))
      affect(id);
    if (known.change.isRelabelled(id))
      affectCallers(id);
  }
  for (Id function : guards_.foundAnew()) {
    affect(function);
    affectCallers(function);
  }
  while (!waiting.empty()) {
    const Id function = waiting.pop_back_val();
    if (known.before.effects_.contains(function) ||
        known.before.given_back_unnamed_.contains(function))
      affectCallers(function);
  }
  return affected;
}

/// Does a call of the function do anything to locks? Others leave all as it is.
bool LockEffects::hasEffectsBelow(Id function) const {
  return llvm::any_of(program_.callsOf(function), [&](const Call& call) {
    bool has = false;
    program_.forEachTarget(call, [&](Target target) {
      has |= effects_.contains(target.function) || given_back_unnamed_.contains(target.function);
    });
    return has;
  });
}

std::vector<Id> LockEffects::reuse(const Known& known, const program::Callers& callers) {
  std::vector<Id> work;
  const LockEffects& before = known.before;
  // A lock that has become one of the program's, or another kind of it, is so everywhere.
  if (before.operations_.globals() != operations_.globals()) {
    for (Id id = 1; id < program_.functions().size(); ++id)
      if (hasEffectsBelow(id))
        work.push_back(id);
    return work;
  }
  const llvm::DenseSet<Id> affected = affectedBy(known, callers);
  auto keep = [&](const auto& from, auto& to) {
    for (const auto& [function, found] : from)
      if (function < program_.functions().size() && !affected.contains(function))
        to[function] = found;
  };
  keep(before.effects_, effects_);
  keep(before.touched_, touched_);
  keep(before.given_back_unnamed_, given_back_unnamed_);
  for (Id function : affected)
    if (hasEffectsBelow(function))
      work.push_back(function);
  return work;
}

} // namespace lockvet::locks
