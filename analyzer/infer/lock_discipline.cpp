// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/lock_discipline.h"

#include "analyzer/infer/guarded_access.h"
#include "analyzer/infer/words.h"

namespace lockvet::infer {

using namespace locks;
using Kind = Answer::Kind;

LockDiscipline::LockDiscipline(const program::Program& program, LockSummary& locks,
                               const EntryPoints& entries,
                               const std::set<std::pair<Id, PathId>>& inferred)
    : program_(program), locks_(locks), entries_(entries), inferred_(inferred) {
  for (const auto& [id, lock] : locks.guarded()) {
    const program::Slot& slot = program.slot(id);
    if (slot.kind == facts::SlotKind::Field)
      guarded_records_.insert({slot.name.rsplit("::").first, slot.place.file, lock});
  }
  for (const program::Marker& marker : program.markers())
    if (const llvm::StringRef lock = marker.label.split(':').second; !lock.empty())
      speaking_.insert({marker.place.file, locks.paths().intern(lock)});
}

void LockDiscipline::addSeeds(Needs& needs) {
  for (Id function = 1; function < program_.functions().size(); ++function)
    for (const Requirement& requirement : locks_.operations().requirementsOf(function)) {
      if (requirement.kind == Requirement::Kind::Excluded || !locks_.isNamed(requirement.path))
        continue;
      Need need;
      need.subject.function = function;
      need.path = requirement.path;
      need.is_exclusive = requirement.kind == Requirement::Kind::Exclusive;
      needs.add(std::move(need));
    }
  for (const auto& [slot, lock] : locks_.guarded()) {
    if (program_.slot(slot).type == kNoId)
      continue;
    Need need;
    need.subject.slot = slot;
    need.path = lock;
    needs.add(std::move(need));
  }
  addAccesses(needs);
  addGivenBack(needs);
}

/// Who gives a lock back in the middle, and takes it again, has it at the start. (Where a program
/// starts nobody has it: that is a mistake of another kind.)
void LockDiscipline::addGivenBack(Needs& needs) {
  for (const auto& [function, touched] : locks_.effects().touched())
    for (const LockEffects::Touched& lock : touched) {
      if (!locks_.isNamed(lock.path) || locks_.isTrusted(function) ||
          locks_.requirementOf(function, lock.path) || entries_.isStart(function))
        continue;
      std::optional<Hold> hold = locks_.givenBack(function, lock.path);
      if (!hold)
        continue;
      Need need;
      need.subject.function = function;
      need.path = lock.path;
      need.is_exclusive = isExclusive(*hold);
      need.source = Need::Source::Observed;
      need.place = program_.function(function).place;
      need.observation =
          "gives " + lockWords(locks_.paths().text(lock.path)) + " back, and takes it again";
      needs.add(std::move(need));
    }
}

/// What a body does with data is not in the facts; the compiler has looked, and says what it
/// misses. Of one that takes the lock itself, or gives it up, it is not clear that a marker is what
/// it lacks.
void LockDiscipline::addAccesses(Needs& needs) {
  for (const program::Diagnostic& diagnostic : program_.diagnostics()) {
    if (diagnostic.function == kNoId || locks_.isTrusted(diagnostic.function))
      continue;
    std::optional<GuardedAccess> access = parseGuardedAccess(diagnostic.message);
    if (!access)
      continue;
    PathId path = locks_.paths().intern(access->lock);
    if (!locks_.isNamed(path))
      path = locks_.paths().intern("this->" + access->lock);
    if (!locks_.isNamed(path) || locks_.requirementOf(diagnostic.function, path) ||
        locks_.givesUp(diagnostic.function, path) ||
        locks_.takesTwice(diagnostic.function, path,
                          access->is_exclusive ? Hold::Exclusive : Hold::Shared))
      continue;
    Need need;
    need.subject.function = diagnostic.function;
    need.path = path;
    need.is_exclusive = access->is_exclusive;
    need.source = Need::Source::Observed;
    need.place = diagnostic.place;
    need.observation = std::move(access->what);
    needs.add(std::move(need));
  }
}

Hold LockDiscipline::entryHold(Id function, PathId lock) const {
  const Requirement* requirement = locks_.requirementOf(function, lock);
  return requirement ? holdOf(requirement->kind) : Hold::Unknown;
}

Answer LockDiscipline::answer(const Need& need, uint32_t position) {
  const Id caller = program_.calls()[position].caller;
  const PathId path = locks_.paths().toCaller(need.path, locks_.argumentsOf(position));
  if (path == kNoPath || locks_.paths().isLocal(path) || locks_.isTrusted(caller))
    return {};
  const Hold entry = entryHold(caller, path);
  const Holds holds = locks_.at(position, path, entry);
  const Holds enough = need.is_exclusive ? kAnyExclusive : kAnyHeld;
  if (holds == 0)
    return {};
  if (!(holds & ~enough))
    return {Kind::Given};
  if (holds & enough)
    return {};
  if (holds == bit(Hold::Free) || !(holds & ~kAnyShared))
    return {Kind::Broken};
  if (holds != bit(Hold::Unknown))
    return {};
  // With the lock held from the start, the caller would take it a second time.
  if (locks_.takesTwice(caller, path, need.is_exclusive ? Hold::Exclusive : Hold::Shared))
    return {Kind::Broken};
  return {Kind::Open, path, need.is_exclusive};
}

Answer::Kind LockDiscipline::answerThroughPointer(const Need& need, uint32_t position) {
  const Id caller = program_.calls()[position].caller;
  if (!locks_.paths().isGlobal(need.path) || locks_.isTrusted(caller))
    return Kind::Unknown;
  const Holds holds = locks_.at(position, need.path, entryHold(caller, need.path));
  const Holds enough = need.is_exclusive ? kAnyExclusive : kAnyHeld;
  if (holds != 0 && !(holds & ~enough))
    return Kind::Given;
  return holds == bit(Hold::Free) ? Kind::Broken : Kind::Unknown;
}

/// Where members of a record are guarded, one that is not may lack its marker. Where none is, it
/// may be a general mechanism: then most of what goes into the pointer must require the lock.
bool LockDiscipline::fitsPointer(Id id, PathId lock) const {
  const program::Slot& slot = program_.slot(id);
  if (!canBeMarked(program_, slot))
    return false;
  if (slot.kind == facts::SlotKind::Field &&
      guarded_records_.contains({slot.name.rsplit("::").first, slot.place.file, lock}))
    return true;
  size_t requiring = 0;
  llvm::ArrayRef<store::SlotTarget> targets = program_.slotTargets(id);
  for (const store::SlotTarget& target : targets) {
    const Requirement* requirement = locks_.requirementOf(target.function, lock);
    requiring += (requirement && requirement->kind != Requirement::Kind::Excluded) ||
                 inferred_.contains({target.function, lock});
  }
  // A library that knows nothing of the lock is no part of its discipline, whoever hands it what.
  if (slot.kind == facts::SlotKind::Parameter)
    return requiring == targets.size() && speaking_.contains({slot.place.file, lock});
  return 2 * requiring >= targets.size() && requiring > 0;
}

Answer::Kind LockDiscipline::mayCarry(const Need& need, Id slot) {
  if (!locks_.paths().isGlobal(need.path))
    return Kind::Unknown;
  if (locks_.isGuarded(slot, need.path))
    return Kind::Given;
  // What is run later, or elsewhere, has none of the locks that are held where it is registered.
  const program::Registrations& registrations = program_.registrations();
  if (registrations.contextOf(slot))
    return registrations.isAwaited(slot) ? Kind::Unknown : Kind::Broken;
  return fitsPointer(slot, need.path) ? Kind::Open : Kind::Unknown;
}

bool LockDiscipline::isEnteredWithout(const Need& need) {
  return need.source != Need::Source::Marked && entries_.isStart(need.subject.function);
}

} // namespace lockvet::infer
