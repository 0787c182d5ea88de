// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names of locks, re-based at calls from the callee's frame to the caller's and back.

#include "analyzer/locks/lock_path.h"

#include <gtest/gtest.h>

namespace lockvet::locks {

namespace {

constexpr uint32_t kObject = facts::Argument::kObject;

class LockPathTest : public ::testing::Test {
protected:
  PathArgument argument(uint32_t index, llvm::StringRef path) {
    PathArgument argument;
    argument.index = index;
    argument.path = paths_.intern(path);
    return argument;
  }

  std::string toCaller(llvm::StringRef path, llvm::ArrayRef<PathArgument> arguments) {
    return paths_.text(paths_.toCaller(paths_.intern(path), arguments)).str();
  }

  std::string toCallee(llvm::StringRef path, llvm::ArrayRef<PathArgument> arguments) {
    return paths_.text(paths_.toCallee(paths_.intern(path), arguments)).str();
  }

  PathTable paths_;
};

const char kNone[] = "";
const char kOfSomeCaller[] = "elsewhere";

TEST_F(LockPathTest, EqualTextsAreOnePath) {
  EXPECT_EQ(paths_.intern("$0->lock"), paths_.intern("$0->lock"));
  EXPECT_NE(paths_.intern("$0->lock"), paths_.intern("$1->lock"));
  EXPECT_EQ(paths_.text(kNoPath), kNone);
  EXPECT_EQ(paths_.text(kElsewhere), kOfSomeCaller);
  EXPECT_EQ(paths_.intern(""), kNoPath);
}

TEST_F(LockPathTest, Roots) {
  for (llvm::StringRef global : {"graph_lock", "lock@file.c", "shards[]->lock", "thisLock"})
    EXPECT_TRUE(paths_.isGlobal(paths_.intern(global))) << global.str();
  for (llvm::StringRef other : {"$0", "$12->lock", "this", "this->mu", "%s->lock", "?->lock"})
    EXPECT_FALSE(paths_.isGlobal(paths_.intern(other))) << other.str();
  EXPECT_TRUE(paths_.isLocal(paths_.intern("%s->lock")));
  EXPECT_TRUE(paths_.isLocal(paths_.intern("?->lock")));
  EXPECT_FALSE(paths_.isLocal(paths_.intern("$0->lock")));
  EXPECT_TRUE(paths_.isLocal(kElsewhere));
}

TEST_F(LockPathTest, GlobalsAreTheSameEverywhere) {
  EXPECT_EQ(toCaller("graph_lock", {}), "graph_lock");
  EXPECT_EQ(toCallee("graph_lock", {}), "graph_lock");
  EXPECT_EQ(toCallee("graph_lock", {argument(0, "$0")}), "graph_lock");
}

TEST_F(LockPathTest, ParametersBecomeWhatIsHandedOver) {
  EXPECT_EQ(toCaller("$0", {argument(0, "$1->lock")}), "$1->lock");
  EXPECT_EQ(toCaller("$0->lock", {argument(0, "$1")}), "$1->lock");
  EXPECT_EQ(toCaller("$1->state->lock", {argument(0, "$0"), argument(1, "%disk")}),
            "%disk->state->lock");
  EXPECT_EQ(toCaller("$0", {argument(0, "list_lock")}), "list_lock");
  EXPECT_EQ(toCaller("$0[]->lock", {argument(0, "shards")}), "shards[]->lock");
  EXPECT_EQ(toCaller("$10->lock", {argument(1, "$0"), argument(10, "$2")}), "$2->lock");
}

TEST_F(LockPathTest, WhatIsNotHandedOverHasNoNameInTheCaller) {
  EXPECT_EQ(toCaller("$1->lock", {argument(0, "$0")}), kNone);
  EXPECT_EQ(toCaller("$0->lock", {}), kNone);
  EXPECT_EQ(toCaller("%local->lock", {argument(0, "$0")}), kNone);
  EXPECT_EQ(toCaller("this->mu", {argument(0, "$0")}), kNone);
}

TEST_F(LockPathTest, TheObjectOfAMethod) {
  EXPECT_EQ(toCaller("this->mu", {argument(kObject, "%account")}), "%account->mu");
  EXPECT_EQ(toCaller("this", {argument(kObject, "this->mu")}), "this->mu");
  EXPECT_EQ(toCallee("%account->mu", {argument(kObject, "%account")}), "this->mu");
  EXPECT_EQ(toCallee("this->mu", {argument(kObject, "this->mu")}), "this");
}

TEST_F(LockPathTest, WhatIsHandedOverHasANameInTheCallee) {
  EXPECT_EQ(toCallee("$1->lock", {argument(0, "$1->lock")}), "$0");
  EXPECT_EQ(toCallee("$1->lock", {argument(2, "$1")}), "$2->lock");
  EXPECT_EQ(toCallee("%s->state->lock", {argument(0, "%s->state")}), "$0->lock");
}

TEST_F(LockPathTest, TheLongestObjectSaysMost) {
  EXPECT_EQ(toCallee("$0->state->lock", {argument(0, "$0"), argument(1, "$0->state")}), "$1->lock");
  EXPECT_EQ(toCallee("$0->state->lock", {argument(0, "$0->state"), argument(1, "$0")}), "$0->lock");
}

TEST_F(LockPathTest, WhatIsNotHandedOverIsHeldElsewhere) {
  EXPECT_EQ(toCallee("$0->lock", {}), kOfSomeCaller);
  EXPECT_EQ(toCallee("$0->lock", {argument(0, "$1")}), kOfSomeCaller);
  // A name that another one begins with is none of its parts.
  EXPECT_EQ(toCallee("$0->lock", {argument(0, "$0->lo")}), kOfSomeCaller);
  EXPECT_EQ(toCallee("$10->lock", {argument(0, "$1")}), kOfSomeCaller);
  // Nor is the whole in its part.
  EXPECT_EQ(toCallee("$0", {argument(0, "$0->lock")}), kOfSomeCaller);
  // From there it comes back under no name.
  EXPECT_EQ(paths_.toCallee(kElsewhere, {argument(0, "$0")}), kElsewhere);
  EXPECT_EQ(paths_.toCaller(kElsewhere, {argument(0, "$0")}), kNoPath);
}

TEST_F(LockPathTest, ThereAndBackIsTheSame) {
  const PathArgument arguments[] = {argument(0, "$2->disk"), argument(1, "%job"),
                                    argument(kObject, "this->queue")};
  for (llvm::StringRef path : {"$2->disk->lock", "%job->a->b", "this->queue->mu", "graph_lock"})
    EXPECT_EQ(toCaller(toCallee(path, arguments), arguments), path.str());
}

// WITH_LOCK(wrap(&disk->lock, mutex_lock)): the wrapper keeps the mutex as its object.
TEST_F(LockPathTest, AWrapperStandsForWhatItIsMadeAround) {
  PathArgument wrapper = argument(0, "$0->lock");
  wrapper.function = 7;
  wrapper.object = paths_.intern("->object");
  EXPECT_EQ(toCaller("$0->object", {wrapper}), "$0->lock");
  EXPECT_EQ(toCaller("$0", {wrapper}), "$0->lock");
  EXPECT_EQ(toCallee("$0->lock", {wrapper}), "$0->object");
  // Behind that there is an object like any other.
  EXPECT_EQ(toCaller("$0->object->next", {wrapper}), "$0->lock->object->next");
}

TEST_F(LockPathTest, AWrapperThatIsNotUnderstoodHidesItsLock) {
  PathArgument wrapper = argument(0, "$0->lock");
  wrapper.function = 7;
  EXPECT_EQ(toCallee("$0->lock", {wrapper}), kNone);
}

TEST_F(LockPathTest, PathsThatGrowEnd) {
  const std::string longest(200, 'x');
  EXPECT_EQ(toCaller("$0->next", {argument(0, longest)}), kNone);
  EXPECT_EQ(toCaller("$0", {argument(0, longest)}), longest);
}

TEST_F(LockPathTest, ArgumentsOfPaths) {
  const PathArgument arguments[] = {argument(0, "$3"), argument(kObject, "%o")};
  EXPECT_EQ(paths_.argumentOf(paths_.intern("$0->lock"), arguments), &arguments[0]);
  EXPECT_EQ(paths_.argumentOf(paths_.intern("this->mu"), arguments), &arguments[1]);
  EXPECT_EQ(paths_.argumentOf(paths_.intern("$1->lock"), arguments), nullptr);
  EXPECT_EQ(paths_.argumentOf(paths_.intern("graph_lock"), arguments), nullptr);
}

TEST_F(LockPathTest, WordsForAReader) {
  EXPECT_EQ(paths_.described(paths_.intern("$0->state->lock")), "lock");
  EXPECT_EQ(paths_.described(paths_.intern("this->mu")), "mu");
  EXPECT_EQ(paths_.described(paths_.intern("graph_lock")), "graph_lock");
  EXPECT_EQ(paths_.described(paths_.intern("lock@file.c")), "lock");
  EXPECT_EQ(paths_.described(paths_.intern("$0->locks[]")), "locks");
  EXPECT_EQ(paths_.described(paths_.intern("%mutex")), "mutex");
  EXPECT_EQ(paths_.described(paths_.intern("$0")), kNone);
  EXPECT_EQ(paths_.described(paths_.intern("this")), kNone);
}

// A guard keeps its lock in a member: the callee's `this->lock_` is what the caller handed over.
TEST_F(LockPathTest, PartsOfArguments) {
  PathArgument guard = argument(kObject, "%guard");
  PathArgument kept = argument(kObject, "$0->mutex");
  kept.part = paths_.intern("->lock_");
  EXPECT_EQ(toCaller("this->lock_", {guard, kept}), "$0->mutex");
  EXPECT_EQ(toCaller("this->lock_->state", {guard, kept}), "$0->mutex->state");
  EXPECT_EQ(toCaller("this->lock_count", {guard, kept}), "%guard->lock_count");
  EXPECT_EQ(toCallee("$0->mutex", {guard, kept}), "this->lock_");
  EXPECT_EQ(toCallee("%guard->own", {guard, kept}), "this->own");
  // A constructor that keeps its parameter knows it by the member.
  EXPECT_EQ(toCallee("$0->mutex", {argument(0, "$0->mutex"), kept}), "this->lock_");
}

// A lock of the program that is handed over goes by two names.
TEST_F(LockPathTest, GlobalsByArgument) {
  auto byArgument = [&](llvm::StringRef path, llvm::ArrayRef<PathArgument> arguments) {
    return paths_.text(paths_.globalByArgument(paths_.intern(path), arguments)).str();
  };
  EXPECT_EQ(byArgument("list_lock", {argument(1, "list_lock")}), "$1");
  EXPECT_EQ(byArgument("disk->lock", {argument(0, "disk")}), "$0->lock");
  EXPECT_EQ(byArgument("list_lock", {argument(1, "free_lock")}), kNone);
  EXPECT_EQ(byArgument("$0->lock", {argument(0, "$0")}), kNone);
}

} // namespace

} // namespace lockvet::locks
