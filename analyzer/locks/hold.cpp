// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/hold.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <bit>

namespace lockvet::locks {

namespace {

Hold next(Hold hold, Hold most) {
  return static_cast<Hold>(std::min(static_cast<unsigned>(hold) + 1, static_cast<unsigned>(most)));
}

Hold previous(Hold hold) {
  return static_cast<Hold>(static_cast<unsigned>(hold) - 1);
}

} // namespace

Hold weakest(Holds holds) {
  for (unsigned index = 0; index < kHolds; ++index)
    if (holds >> index & 1)
      return static_cast<Hold>(index);
  return Hold::Unknown;
}

Hold after(Operation operation, Hold before) {
  switch (operation) {
  case Operation::AcquireShared:
  case Operation::TryAcquireShared:
  case Operation::Acquire:
  case Operation::TryAcquire:
    if (isExclusive(before))
      return next(before, Hold::Exclusive4);
    if (isShared(before))
      return next(before, Hold::Shared3);
    return operation == Operation::AcquireShared || operation == Operation::TryAcquireShared
               ? Hold::Shared
               : Hold::Exclusive;
  case Operation::ReleaseShared:
    // A reader's release gives back nothing of a writer's lock.
    if (before == Hold::Exclusive)
      return before;
    [[fallthrough]];
  case Operation::Release:
  case Operation::ReleaseGeneric:
    return before == Hold::Shared || before == Hold::Exclusive || !isHeld(before)
               ? Hold::Free
               : previous(before);
  case Operation::Assert:
    return isHeld(before) ? before : Hold::Exclusive;
  case Operation::AssertShared:
    return isHeld(before) ? before : Hold::Shared;
  case Operation::Upgrade:
    return before == Hold::Free ? before : Hold::Exclusive;
  case Operation::Downgrade:
    return before == Hold::Free ? before : Hold::Shared;
  case Operation::Tell:
    break;
  }
  return before;
}

bool isPhantomRelease(Operation operation, Hold before) {
  switch (operation) {
  case Operation::ReleaseShared:
    return before == Hold::Free || before == Hold::Exclusive;
  case Operation::Release:
    return before == Hold::Free || before == Hold::Shared;
  case Operation::ReleaseGeneric:
    return before == Hold::Free;
  default:
    return false;
  }
}

bool Effect::isIdentity() const {
  for (unsigned entry = static_cast<unsigned>(Hold::Free); entry < kHolds; ++entry) {
    bool changes = false;
    forEachOutcome(by_entry[entry], [&](Hold exit, program::FlagValue) {
      changes |= static_cast<unsigned>(exit) != entry;
    });
    if (changes)
      return false;
  }
  return true;
}

bool Effect::mayTake() const {
  bool takes = false;
  forEachOutcome(at(Hold::Free),
                 [&](Hold exit, program::FlagValue) { takes |= exit != Hold::Free; });
  return takes;
}

bool Effect::mayGiveBack() const {
  bool gives_back = false;
  for (Hold entry : {Hold::Shared, Hold::Exclusive})
    forEachOutcome(at(entry), [&](Hold exit, program::FlagValue) { gives_back |= !isHeld(exit); });
  return gives_back;
}

namespace {

/// Is there an answer with which two holds go?
bool areUnclear(Outcomes outcomes) {
  Holds holds[3] = {};
  forEachOutcome(outcomes,
                 [&](Hold hold, program::FlagValue returned) { holds[returned] |= bit(hold); });
  using enum program::FlagValue;
  return llvm::any_of(std::array{kUnknown, kFalse, kTrue}, [&](program::FlagValue returned) {
    return holds[returned] != 0 && std::popcount<Holds>(holds[returned] | holds[kUnknown]) > 1;
  });
}

} // namespace

bool Effect::isUnclear() const {
  return llvm::any_of(by_entry, areUnclear);
}

Effect Effect::balanced() const {
  Effect result = *this;
  for (unsigned entry = 0; entry < kHolds; ++entry)
    if (areUnclear(by_entry[entry])) {
      const Hold before = static_cast<Hold>(entry);
      result.by_entry[entry] = outcome(isHeld(before) ? before : Hold::Unknown, program::kUnknown);
    }
  return result;
}

Effect Effect::unsettled() const {
  Effect result;
  for (unsigned entry = 0; entry < kHolds; ++entry)
    forEachOutcome(by_entry[entry], [&](Hold exit, program::FlagValue returned) {
      const Hold known = static_cast<unsigned>(exit) == entry ? exit : Hold::Unknown;
      result.by_entry[entry] |= outcome(known, returned);
    });
  return result;
}

Effect Effect::blurred() const {
  Effect result = *this;
  for (Outcomes& outcomes : result.by_entry)
    if (areUnclear(outcomes))
      outcomes = outcome(Hold::Unknown, program::kUnknown);
  return result;
}

namespace {

Effect effectOfTelling(bool held_with) {
  const program::FlagValue held = program::flagValue(held_with);
  Effect effect;
  for (unsigned entry = 0; entry < kHolds; ++entry) {
    const Hold before = static_cast<Hold>(entry);
    effect.by_entry[entry] = before == Hold::Unknown
                                 ? outcome(Hold::Exclusive, held) | outcome(Hold::Free, !held)
                                 : outcome(before, isHeld(before) ? held : !held);
  }
  return effect;
}

} // namespace

Effect effectOf(Operation operation, bool succeeds_with) {
  if (operation == Operation::Tell)
    return effectOfTelling(succeeds_with);
  const bool tries = operation == Operation::TryAcquire || operation == Operation::TryAcquireShared;
  Effect effect;
  for (unsigned entry = 0; entry < kHolds; ++entry) {
    const Hold before = static_cast<Hold>(entry);
    const Hold held = after(operation, before);
    // Who reads and waits for all readers does not come back.
    if (operation == Operation::Acquire && isShared(before))
      continue;
    effect.by_entry[entry] = tries ? outcome(held, program::flagValue(succeeds_with)) |
                                         outcome(before, program::flagValue(!succeeds_with))
                                   : outcome(held, program::kUnknown);
  }
  return effect;
}

} // namespace lockvet::locks
