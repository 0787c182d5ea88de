// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which words a marker is written with: the configuration's for its lock, the configuration's for
// any lock, or Clang's.

#include "analyzer/infer/spelling.h"

#include <gtest/gtest.h>

namespace lockvet::infer {
namespace {

const Marking kShared = {MarkerKind::RequiresShared, {1, kNoId}, "graph_lock"};
const Marking kSharedPointer = {MarkerKind::RequiresShared, {kNoId, 1}, "graph_lock"};
const Marking kOther = {MarkerKind::RequiresShared, {1, kNoId}, "this->mu"};

config::Config configured() {
  config::Config config;
  config.markers = {
      {"requires_shared", "", "NEEDS({lock}, {lock})", "", Position::End, false, ""},
      {"requires_shared", "graph_lock", "GRAPH_RDLOCK", "GRAPH_RDLOCK_PTR", Position::Name, false,
       ""},
      {"main_loop", "", "GLOBAL_STATE_CODE();", "", Position::Body, false, "qemu/main-loop.h"}};
  return config;
}

TEST(Spelling, IsTheConfigurationsForThisLock) {
  const Spellings spellings(configured());
  const std::optional<Spelling> spelling = spellings.spelled(kShared, "graph_lock");
  ASSERT_TRUE(spelling);
  EXPECT_EQ(spelling->text, "GRAPH_RDLOCK");
  EXPECT_EQ(spelling->position, Position::Name);
  EXPECT_EQ(spellings.spelled(kSharedPointer, "graph_lock")->text, "GRAPH_RDLOCK_PTR");
}

TEST(Spelling, IsTheConfigurationsForAnyLock) {
  const Spellings spellings(configured());
  const std::optional<Spelling> spelling = spellings.spelled(kOther, "mu");
  ASSERT_TRUE(spelling);
  EXPECT_EQ(spelling->text, "NEEDS(mu, mu)");
  EXPECT_EQ(spelling->position, Position::End);
  Marking pointer = kOther;
  pointer.subject = {kNoId, 1};
  EXPECT_FALSE(spellings.spelled(pointer, "mu")) << "the project writes nothing on pointers";
}

TEST(Spelling, MayBeAStatement) {
  const Marking main_loop = {MarkerKind::MainLoop, {1, kNoId}, ""};
  const std::optional<Spelling> spelling = Spellings(configured()).spelled(main_loop, "");
  ASSERT_TRUE(spelling);
  EXPECT_EQ(spelling->text, "GLOBAL_STATE_CODE();");
  EXPECT_EQ(spelling->position, Position::Body);
  EXPECT_EQ(Spellings(config::Config()).spelled(main_loop, "")->text,
            "__attribute__((annotate(\"main_loop\")))");
}

TEST(Spelling, IsClangsWithoutAConfiguration) {
  const Spellings spellings{config::Config()};
  EXPECT_EQ(spellings.spelled(kShared, "graph_lock")->text,
            "__attribute__((requires_shared_capability(graph_lock)))");
  EXPECT_EQ(spellings.spelled(kSharedPointer, "graph_lock")->text,
            "__attribute__((guarded_by(graph_lock)))");
  const Marking coroutine = {MarkerKind::CoroutineFn, {1, kNoId}, ""};
  EXPECT_EQ(spellings.spelled(coroutine, "")->text, "coroutine_fn");
  EXPECT_TRUE(spellings.entryFor(coroutine).is_everywhere);
}

} // namespace
} // namespace lockvet::infer
