// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How one lock is held at a point, and what operations make of that. Plain values and pure
// functions; sets of them fit into a word.

#pragma once

#include "analyzer/program/guard_state.h"

#include <array>
#include <cstdint>
#include <string>

namespace lockvet::locks {

/// Shared and exclusive holds count what is taken on top: a reader that reads again is still a
/// reader after it gave one back, and a writer that reads, too, is still a writer.
enum class Hold : uint8_t {
  Unknown, ///< nothing is known: as the caller has it
  Free,    ///< not held
  Shared,
  Shared2,
  Shared3, ///< three times or more
  Exclusive,
  Exclusive2, ///< and once more, shared or again exclusive
  Exclusive3,
  Exclusive4 ///< three times more, or oftener
};
inline constexpr unsigned kHolds = 9;

constexpr bool isShared(Hold hold) {
  return hold >= Hold::Shared && hold <= Hold::Shared3;
}
constexpr bool isExclusive(Hold hold) {
  return hold >= Hold::Exclusive;
}
constexpr bool isHeld(Hold hold) {
  return hold >= Hold::Shared;
}

/// A set of holds, as bits.
using Holds = uint16_t;
constexpr Holds bit(Hold hold) {
  return static_cast<Holds>(1U << static_cast<unsigned>(hold));
}
inline constexpr Holds kUnheld = bit(Hold::Unknown) | bit(Hold::Free);
inline constexpr Holds kAnyShared = bit(Hold::Shared) | bit(Hold::Shared2) | bit(Hold::Shared3);
inline constexpr Holds kAnyExclusive =
    bit(Hold::Exclusive) | bit(Hold::Exclusive2) | bit(Hold::Exclusive3) | bit(Hold::Exclusive4);
inline constexpr Holds kAnyHeld = kAnyShared | kAnyExclusive;

/// The weakest hold of a set that has no unheld one in it.
Hold weakest(Holds holds);

enum class Operation : uint8_t {
  Acquire,
  AcquireShared,
  Release,
  ReleaseShared,
  ReleaseGeneric, ///< in whichever mode it is held
  TryAcquire,
  TryAcquireShared,
  Assert,
  AssertShared,
  Tell,      ///< answers whether it is held
  Upgrade,   ///< makes a reader's hold a writer's
  Downgrade, ///< makes a writer's hold a reader's
};

constexpr bool acquires(Operation operation) {
  return operation == Operation::Acquire || operation == Operation::AcquireShared ||
         operation == Operation::TryAcquire || operation == Operation::TryAcquireShared;
}
constexpr bool releases(Operation operation) {
  return operation == Operation::Release || operation == Operation::ReleaseShared ||
         operation == Operation::ReleaseGeneric;
}

/// The hold after an operation that succeeds. What is taken once more, which may be the deadlock
/// that a rule reports, is given back once more.
Hold after(Operation operation, Hold before);

/// Does the operation give back nothing, or not what is held? Only where that is certain.
bool isPhantomRelease(Operation operation, Hold before);

/// What a function makes of a hold: pairs of the hold at its end and the truth of what it returns,
/// as bits.
using Outcomes = uint32_t;
constexpr Outcomes outcome(Hold hold, program::FlagValue returned) {
  return 1U << (3 * static_cast<unsigned>(hold) + returned);
}
template <typename Visitor> void forEachOutcome(Outcomes outcomes, Visitor visit) {
  for (unsigned index = 0; index < 3 * kHolds; ++index)
    if (outcomes >> index & 1)
      visit(static_cast<Hold>(index / 3), static_cast<program::FlagValue>(index % 3));
}

/// By the hold at entry.
struct Effect {
  std::array<Outcomes, kHolds> by_entry{};

  Outcomes at(Hold entry) const { return by_entry[static_cast<unsigned>(entry)]; }
  /// Every hold that is known stays as it is.
  bool isIdentity() const;
  /// Can it make something held that was not, or the other way round?
  bool mayTake() const;
  bool mayGiveBack() const;
  /// Does nothing that it returns tell whether it holds the lock or not?
  bool isUnclear() const;
  /// The effect with nothing known where it is not clear.
  Effect blurred() const;
  /// The effect with nothing known where it is changed.
  Effect unsettled() const;
  /// The effect with what was held still held where it is not clear, and nothing known of what was
  /// not held.
  Effect balanced() const;
  bool operator==(const Effect&) const = default;
};

/// Of an operation; `succeeds_with` is the truth of what it returns when it got the lock, of those
/// that try.
Effect effectOf(Operation operation, bool succeeds_with);

} // namespace lockvet::locks
