// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a lock is held after an operation, what functions make of a hold, and what is said of that
// where it is not clear.

#include "analyzer/locks/hold.h"

#include <gtest/gtest.h>
#include <vector>

namespace lockvet::locks {

namespace {

using enum Hold;
using program::FlagValue;

constexpr Hold kAll[] = {Unknown,   Free,       Shared,     Shared2,   Shared3,
                         Exclusive, Exclusive2, Exclusive3, Exclusive4};

/// An effect that leaves everything as it is.
Effect identity() {
  Effect effect;
  for (Hold hold : kAll)
    effect.by_entry[static_cast<unsigned>(hold)] = outcome(hold, program::kUnknown);
  return effect;
}

/// The same, but for one entry.
Effect identityBut(Hold entry, Outcomes outcomes) {
  Effect effect = identity();
  effect.by_entry[static_cast<unsigned>(entry)] = outcomes;
  return effect;
}

TEST(Hold, SetsOfHolds) {
  EXPECT_TRUE(isShared(Shared) && isShared(Shared3) && !isShared(Exclusive) && !isShared(Free));
  EXPECT_TRUE(isExclusive(Exclusive) && isExclusive(Exclusive4) && !isExclusive(Shared3));
  EXPECT_TRUE(isHeld(Shared) && isHeld(Exclusive4) && !isHeld(Free) && !isHeld(Unknown));
  Holds all = 0;
  for (Hold hold : kAll)
    all |= bit(hold);
  EXPECT_EQ(all, kUnheld | kAnyHeld);
  EXPECT_EQ(kUnheld & kAnyHeld, 0);
  EXPECT_EQ(weakest(bit(Exclusive2) | bit(Shared2)), Shared2);
  EXPECT_EQ(weakest(bit(Exclusive)), Exclusive);
}

TEST(Hold, AcquiringCountsWhatIsTakenOnTop) {
  for (Hold unheld : {Unknown, Free}) {
    EXPECT_EQ(after(Operation::Acquire, unheld), Exclusive);
    EXPECT_EQ(after(Operation::TryAcquire, unheld), Exclusive);
    EXPECT_EQ(after(Operation::AcquireShared, unheld), Shared);
    EXPECT_EQ(after(Operation::TryAcquireShared, unheld), Shared);
  }
  EXPECT_EQ(after(Operation::AcquireShared, Shared), Shared2);
  EXPECT_EQ(after(Operation::AcquireShared, Exclusive), Exclusive2);
  EXPECT_EQ(after(Operation::Acquire, Exclusive3), Exclusive4);
  // Counting ends.
  EXPECT_EQ(after(Operation::AcquireShared, Shared3), Shared3);
  EXPECT_EQ(after(Operation::Acquire, Exclusive4), Exclusive4);
}

TEST(Hold, ReleasingGivesBackTheLastThatWasTaken) {
  for (Operation release : {Operation::Release, Operation::ReleaseGeneric}) {
    EXPECT_EQ(after(release, Exclusive), Free);
    EXPECT_EQ(after(release, Exclusive3), Exclusive2);
    EXPECT_EQ(after(release, Shared), Free);
    EXPECT_EQ(after(release, Shared2), Shared);
    EXPECT_EQ(after(release, Unknown), Free);
    EXPECT_EQ(after(release, Free), Free);
  }
}

TEST(Hold, AReadersReleaseLeavesAWritersHold) {
  EXPECT_EQ(after(Operation::ReleaseShared, Shared), Free);
  EXPECT_EQ(after(Operation::ReleaseShared, Shared3), Shared2);
  EXPECT_EQ(after(Operation::ReleaseShared, Exclusive), Exclusive);
  EXPECT_EQ(after(Operation::ReleaseShared, Exclusive2), Exclusive);
  EXPECT_EQ(after(Operation::ReleaseShared, Unknown), Free);
}

TEST(Hold, TakingAndGivingBackIsNothing) {
  for (Hold before : {Free, Shared, Exclusive, Exclusive2})
    EXPECT_EQ(after(Operation::ReleaseShared, after(Operation::AcquireShared, before)), before);
  for (Hold before : {Free, Exclusive, Exclusive3})
    EXPECT_EQ(after(Operation::Release, after(Operation::Acquire, before)), before);
}

TEST(Hold, AssertionsTellWhatWasNotKnown) {
  EXPECT_EQ(after(Operation::Assert, Unknown), Exclusive);
  EXPECT_EQ(after(Operation::AssertShared, Unknown), Shared);
  EXPECT_EQ(after(Operation::AssertShared, Exclusive2), Exclusive2);
  EXPECT_EQ(after(Operation::Assert, Shared2), Shared2);
  EXPECT_EQ(after(Operation::Tell, Shared), Shared);
}

TEST(Hold, ModesChange) {
  EXPECT_EQ(after(Operation::Upgrade, Shared), Exclusive);
  EXPECT_EQ(after(Operation::Downgrade, Exclusive), Shared);
  EXPECT_EQ(after(Operation::Upgrade, Free), Free);
  EXPECT_EQ(after(Operation::Downgrade, Free), Free);
}

TEST(Hold, PhantomsAreReleasesOfNothing) {
  EXPECT_TRUE(isPhantomRelease(Operation::Release, Free));
  EXPECT_TRUE(isPhantomRelease(Operation::Release, Shared));
  EXPECT_TRUE(isPhantomRelease(Operation::ReleaseShared, Free));
  EXPECT_TRUE(isPhantomRelease(Operation::ReleaseShared, Exclusive));
  EXPECT_TRUE(isPhantomRelease(Operation::ReleaseGeneric, Free));

  EXPECT_FALSE(isPhantomRelease(Operation::Release, Exclusive));
  EXPECT_FALSE(isPhantomRelease(Operation::ReleaseShared, Shared2));
  // It may be what was taken to read on top.
  EXPECT_FALSE(isPhantomRelease(Operation::ReleaseShared, Exclusive2));
  EXPECT_FALSE(isPhantomRelease(Operation::ReleaseGeneric, Shared));
  for (Operation release :
       {Operation::Release, Operation::ReleaseShared, Operation::ReleaseGeneric})
    EXPECT_FALSE(isPhantomRelease(release, Unknown));
  EXPECT_FALSE(isPhantomRelease(Operation::Acquire, Free));
}

TEST(Effect, OfTakingAndGivingBack) {
  const Effect acquire = effectOf(Operation::AcquireShared, true);
  EXPECT_EQ(acquire.at(Free), outcome(Shared, program::kUnknown));
  EXPECT_EQ(acquire.at(Exclusive), outcome(Exclusive2, program::kUnknown));
  EXPECT_TRUE(acquire.mayTake());
  EXPECT_FALSE(acquire.mayGiveBack());
  EXPECT_FALSE(acquire.isIdentity());
  EXPECT_FALSE(acquire.isUnclear());

  const Effect release = effectOf(Operation::Release, true);
  EXPECT_TRUE(release.mayGiveBack());
  EXPECT_FALSE(release.mayTake());
}

TEST(Effect, AReaderDoesNotComeBackFromWaitingForAllReaders) {
  const Effect acquire = effectOf(Operation::Acquire, true);
  EXPECT_EQ(acquire.at(Shared), 0U);
  EXPECT_EQ(acquire.at(Shared3), 0U);
  EXPECT_EQ(acquire.at(Free), outcome(Exclusive, program::kUnknown));
  // Trying it does not wait.
  EXPECT_NE(effectOf(Operation::TryAcquire, true).at(Shared), 0U);
}

TEST(Effect, OfTryingGoesWithTheAnswer) {
  const Effect tries = effectOf(Operation::TryAcquire, /*succeeds_with=*/true);
  EXPECT_EQ(tries.at(Free), outcome(Exclusive, program::kTrue) | outcome(Free, program::kFalse));
  EXPECT_FALSE(tries.isUnclear());
  EXPECT_TRUE(tries.mayTake());
  const Effect or_error = effectOf(Operation::TryAcquireShared, /*succeeds_with=*/false);
  EXPECT_EQ(or_error.at(Free), outcome(Shared, program::kFalse) | outcome(Free, program::kTrue));
}

TEST(Effect, OfTellingIsKnowledge) {
  const Effect tell = effectOf(Operation::Tell, true);
  EXPECT_EQ(tell.at(Unknown), outcome(Exclusive, program::kTrue) | outcome(Free, program::kFalse));
  EXPECT_EQ(tell.at(Free), outcome(Free, program::kFalse));
  EXPECT_EQ(tell.at(Shared), outcome(Shared, program::kTrue));
  EXPECT_TRUE(tell.isIdentity());
  EXPECT_FALSE(tell.isUnclear());
}

TEST(Effect, IdentityIsAboutWhatIsKnown) {
  EXPECT_TRUE(identity().isIdentity());
  EXPECT_FALSE(identity().mayTake());
  EXPECT_FALSE(identity().mayGiveBack());
  // What comes of what is not known changes nothing.
  EXPECT_TRUE(identityBut(Unknown, outcome(Free, program::kUnknown)).isIdentity());
  // Nor does not coming back.
  EXPECT_TRUE(identityBut(Shared, 0).isIdentity());
  EXPECT_FALSE(identityBut(Free, outcome(Free, program::kTrue) | outcome(Shared, program::kFalse))
                   .isIdentity());
}

TEST(Effect, IsUnclearWhereNoAnswerTells) {
  // Taken or not, and nothing is answered.
  EXPECT_TRUE(
      identityBut(Free, outcome(Free, program::kUnknown) | outcome(Exclusive, program::kUnknown))
          .isUnclear());
  // With one answer both ways.
  EXPECT_TRUE(identityBut(Free, outcome(Free, program::kTrue) | outcome(Exclusive, program::kTrue))
                  .isUnclear());
  // An answer that is not known may be either.
  EXPECT_TRUE(
      identityBut(Free, outcome(Free, program::kTrue) | outcome(Exclusive, program::kUnknown))
          .isUnclear());
  // One hold whatever is answered, and one for each answer.
  EXPECT_FALSE(identityBut(Free, outcome(Free, program::kTrue) | outcome(Free, program::kFalse))
                   .isUnclear());
  EXPECT_FALSE(
      identityBut(Free, outcome(Free, program::kTrue) | outcome(Exclusive, program::kFalse))
          .isUnclear());
  EXPECT_FALSE(identity().isUnclear());
}

TEST(Effect, BlurredKnowsNothingWhereItIsUnclear) {
  const Outcomes either = outcome(Free, program::kUnknown) | outcome(Exclusive, program::kUnknown);
  const Effect blurred = identityBut(Exclusive, either).blurred();
  EXPECT_EQ(blurred.at(Exclusive), outcome(Unknown, program::kUnknown));
  EXPECT_EQ(blurred.at(Free), outcome(Free, program::kUnknown));
  EXPECT_FALSE(blurred.isUnclear());
  EXPECT_EQ(identity().blurred(), identity());
}

TEST(Effect, UnsettledKnowsNothingOfWhatIsChanged) {
  Effect effect = identityBut(Free, outcome(Exclusive, program::kTrue));
  const Effect unsettled = effect.unsettled();
  EXPECT_EQ(unsettled.at(Free), outcome(Unknown, program::kTrue));
  EXPECT_EQ(unsettled.at(Exclusive), outcome(Exclusive, program::kUnknown));
  EXPECT_EQ(identity().unsettled(), identity());
}

TEST(Effect, BalancedLeavesWhatWasHeld) {
  const Outcomes either = outcome(Free, program::kUnknown) | outcome(Exclusive, program::kUnknown);
  Effect effect = identityBut(Exclusive, either);
  effect.by_entry[static_cast<unsigned>(Free)] = either;
  const Effect balanced = effect.balanced();
  EXPECT_EQ(balanced.at(Exclusive), outcome(Exclusive, program::kUnknown));
  EXPECT_EQ(balanced.at(Free), outcome(Unknown, program::kUnknown));
  EXPECT_EQ(balanced.at(Shared), outcome(Shared, program::kUnknown));
  EXPECT_FALSE(balanced.isUnclear());
  EXPECT_EQ(identity().balanced(), identity());
}

TEST(Effect, OutcomesAreVisitedOnceEach) {
  const Outcomes outcomes = outcome(Unknown, program::kUnknown) |
                            outcome(Shared2, program::kFalse) | outcome(Exclusive4, program::kTrue);
  std::vector<std::pair<Hold, FlagValue>> seen;
  forEachOutcome(outcomes,
                 [&](Hold hold, FlagValue returned) { seen.emplace_back(hold, returned); });
  EXPECT_EQ(seen, (std::vector<std::pair<Hold, FlagValue>>{{Unknown, program::kUnknown},
                                                           {Shared2, program::kFalse},
                                                           {Exclusive4, program::kTrue}}));
}

} // namespace

} // namespace lockvet::locks
