// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/hold.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

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

Hold after(Operation operation, Hold before, bool is_reentrant) {
  switch (operation) {
  case Operation::AcquireShared:
  case Operation::TryAcquireShared:
    if (isExclusive(before))
      return next(before, Hold::Exclusive4);
    return isShared(before) ? next(before, Hold::Shared3) : Hold::Shared;
  case Operation::Acquire:
  case Operation::TryAcquire:
    return isExclusive(before) && is_reentrant ? next(before, Hold::Exclusive4) : Hold::Exclusive;
  case Operation::ReleaseShared:
    if (isShared(before))
      return before == Hold::Shared ? Hold::Free : previous(before);
    if (isExclusive(before))
      return before == Hold::Exclusive ? before : previous(before);
    return Hold::Free;
  case Operation::Release:
    if (is_reentrant && isExclusive(before) && before != Hold::Exclusive)
      return previous(before);
    return Hold::Free;
  case Operation::ReleaseGeneric:
    return Hold::Free;
  case Operation::Assert:
    return isHeld(before) ? before : Hold::Exclusive;
  case Operation::AssertShared:
    return isHeld(before) ? before : Hold::Shared;
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
    return before == Hold::Free || isShared(before);
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

bool areUnclear(Outcomes outcomes) {
  bool held[3] = {}, unheld[3] = {};
  forEachOutcome(outcomes, [&](Hold hold, program::FlagValue returned) {
    (isHeld(hold) ? held : unheld)[returned] = true;
  });
  using enum program::FlagValue;
  return llvm::any_of(std::array{kUnknown, kFalse, kTrue}, [&](program::FlagValue returned) {
    return (held[returned] && (unheld[returned] || unheld[kUnknown])) ||
           (unheld[returned] && held[kUnknown]);
  });
}

} // namespace

bool Effect::isUnclear() const {
  return llvm::any_of(by_entry, areUnclear);
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

Effect effectOf(Operation operation, bool is_reentrant, bool succeeds_with) {
  if (operation == Operation::Tell)
    return effectOfTelling(succeeds_with);
  const bool tries = operation == Operation::TryAcquire || operation == Operation::TryAcquireShared;
  Effect effect;
  for (unsigned entry = 0; entry < kHolds; ++entry) {
    const Hold before = static_cast<Hold>(entry);
    const Hold held = after(operation, before, is_reentrant);
    effect.by_entry[entry] = tries ? outcome(held, program::flagValue(succeeds_with)) |
                                         outcome(before, program::flagValue(!succeeds_with))
                                   : outcome(held, program::kUnknown);
  }
  return effect;
}

} // namespace lockvet::locks
