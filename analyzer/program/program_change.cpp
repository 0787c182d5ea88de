// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/program_change.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <tuple>

namespace lockvet::program {

namespace {

llvm::SmallVector<Id, 4> targetsOf(const Program& program, const Call& call) {
  llvm::SmallVector<Id, 4> targets;
  program.forEachTarget(call, [&](Target target) { targets.push_back(target.function); });
  return targets;
}

bool isSameMarker(const Marker& one, const Marker& other) {
  return std::tie(one.label, one.origin) == std::tie(other.label, other.origin);
}

} // namespace

ProgramChange::ProgramChange(const Program& before, const Program& now)
    : before_(before), now_(now), changed_(now.functions().size()),
      relabelled_(now.functions().size()), slot_changed_(now.slots().size()) {
  compareSlots();
  compareFunctions();
}

void ProgramChange::compareSlots() {
  for (Id id = 1; id < slot_changed_.size(); ++id) {
    if (id >= before_.slots().size()) {
      slot_changed_[id] = true;
      continue;
    }
    const Slot& old = before_.slot(id);
    const Slot& slot = now_.slot(id);
    slot_changed_[id] =
        std::tie(old.key, old.kind, old.type, old.function, old.index, old.labels) !=
            std::tie(slot.key, slot.kind, slot.type, slot.function, slot.index, slot.labels) ||
        before_.slotTargets(id) != now_.slotTargets(id);
  }
}

void ProgramChange::compareFunctions() {
  for (Id id = 1; id < relabelled_.size(); ++id)
    relabelled_[id] = !isSameFunction(id);
  for (Id id = 1; id < changed_.size(); ++id)
    changed_[id] = relabelled_[id] || !haveSameCalls(id);
}

bool ProgramChange::isSameFunction(Id id) const {
  if (id >= before_.functions().size())
    return false;
  const Function& old = before_.function(id);
  const Function& function = now_.function(id);
  return std::tie(old.usr, old.name, old.qualified_name, old.linkage, old.is_defined,
                  old.is_of_system, old.is_noreturn, old.is_implicit, old.is_live, old.labels) ==
             std::tie(function.usr, function.name, function.qualified_name, function.linkage,
                      function.is_defined, function.is_of_system, function.is_noreturn,
                      function.is_implicit, function.is_live, function.labels) &&
         haveSameMarkers(id);
}

bool ProgramChange::haveSameMarkers(Id function) const {
  return llvm::equal(before_.markersOf(function), now_.markersOf(function), isSameMarker);
}

bool ProgramChange::isSameCall(const Call& old, const Call& call) const {
  if (std::tie(old.kind, old.callee, old.slot, old.type, old.sequence) !=
      std::tie(call.kind, call.callee, call.slot, call.type, call.sequence))
    return false;
  if (call.kind == facts::CallKind::Virtual)
    return targetsOf(before_, old) == targetsOf(now_, call);
  return call.slot == kNoId || !slot_changed_[call.slot];
}

bool ProgramChange::haveSameCalls(Id function) const {
  const llvm::ArrayRef<Call> old = before_.callsOf(function);
  const llvm::ArrayRef<Call> calls = now_.callsOf(function);
  if (old.size() != calls.size())
    return false;
  for (size_t index = 0; index < calls.size(); ++index) {
    const bool was_first = index == 0 || old[index].fragment != old[index - 1].fragment;
    const bool is_first = index == 0 || calls[index].fragment != calls[index - 1].fragment;
    if (was_first != is_first || !isSameCall(old[index], calls[index]))
      return false;
  }
  return true;
}

std::optional<uint32_t> ProgramChange::now(uint32_t before) const {
  const Id caller = before_.calls()[before].caller;
  if (caller == kNoId || caller >= changed_.size() || changed_[caller])
    return std::nullopt;
  return before - before_.indexOf(before_.callsOf(caller).front()) +
         now_.indexOf(now_.callsOf(caller).front());
}

std::optional<uint32_t> ProgramChange::before(uint32_t now) const {
  const Id caller = now_.calls()[now].caller;
  if (caller == kNoId || changed_[caller])
    return std::nullopt;
  return now - now_.indexOf(now_.callsOf(caller).front()) +
         before_.indexOf(before_.callsOf(caller).front());
}

} // namespace lockvet::program
