// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/context_dimension.h"
#include "gtest/gtest.h"

namespace lockvet::program {
namespace {

using RegistrarContext = config::Registrar::Context;

Registration registration(RegistrarContext context, llvm::StringRef label) {
  Registration result;
  result.context = context;
  result.label = label;
  return result;
}

TEST(ContextDimension, CoroutinesGoByTheContextOfARegistrar) {
  const ContextDimension coroutines = ContextDimension::coroutines(config::Config());
  EXPECT_EQ(coroutines.contextOf(registration(RegistrarContext::Coroutine, "")), kInside);
  EXPECT_EQ(coroutines.contextOf(registration(RegistrarContext::Outside, "main_loop")), kOutside);
  EXPECT_EQ(coroutines.contextOf(registration(RegistrarContext::Unknown, "main_loop")),
            std::nullopt);
}

TEST(ContextDimension, ThreadsGoByTheLabelOfARegistrar) {
  const ContextDimension threads = ContextDimension::threads(config::Config());
  EXPECT_EQ(threads.contextOf(registration(RegistrarContext::Outside, "main_loop")), kInside);
  EXPECT_EQ(threads.contextOf(registration(RegistrarContext::Coroutine, "thread_pool")), kOutside);
  EXPECT_EQ(threads.contextOf(registration(RegistrarContext::Outside, "")), std::nullopt);
  EXPECT_EQ(threads.contextOf(registration(RegistrarContext::Outside, "atomic")), std::nullopt);
}

TEST(ContextDimension, CoroutineMarkersForbidBothWays) {
  const ContextDimension coroutines = ContextDimension::coroutines(config::Config());
  EXPECT_TRUE(coroutines.forbids(kCoroutineFn, kOutside));
  EXPECT_FALSE(coroutines.forbids(kCoroutineFn, kInside));
  EXPECT_TRUE(coroutines.forbids(kNoCoroutineFn, kInside));
  EXPECT_FALSE(coroutines.forbids(kNoCoroutineFn, kOutside));
  EXPECT_FALSE(coroutines.forbids(kNoCoroutineFn | kMixedFn, kInside));
}

TEST(ContextDimension, CodeForAnyThreadIsWelcomeInTheMainLoop) {
  const ContextDimension threads = ContextDimension::threads(config::Config());
  EXPECT_TRUE(threads.forbids(kMainLoop, kOutside));
  EXPECT_FALSE(threads.forbids(kMainLoop, kInside));
  EXPECT_FALSE(threads.forbids(kAnyThread, kInside));
  EXPECT_FALSE(threads.forbids(kAnyThread, kOutside));
  EXPECT_FALSE(threads.forbids(kMainLoop | kEitherThread, kOutside));
}

TEST(ContextDimension, OnlyMarkersThatBindCallersAssert) {
  const ContextDimension coroutines = ContextDimension::coroutines(config::Config());
  EXPECT_TRUE(coroutines.isAsserting(kNoCoroutineFn));
  EXPECT_FALSE(coroutines.isAsserting(kNoCoroutineFn | kMixedFn));
  EXPECT_FALSE(coroutines.isAsserting(kCoroutineFn));
  const ContextDimension threads = ContextDimension::threads(config::Config());
  EXPECT_TRUE(threads.isAsserting(kMainLoop));
  EXPECT_FALSE(threads.isAsserting(kMainLoop | kEitherThread));
  EXPECT_FALSE(threads.isAsserting(kMainLoop | kAnyThread));
  EXPECT_FALSE(threads.isAsserting(kAnyThread));
}

TEST(ContextDimension, PredicatesAreTheConfigurations) {
  config::Config config;
  config.coroutine_predicates = {"in_fiber"};
  config.main_loop_predicates = {"at_home"};
  EXPECT_EQ(ContextDimension::coroutines(config).predicates, std::vector<std::string>{"in_fiber"});
  EXPECT_EQ(ContextDimension::threads(config).predicates, std::vector<std::string>{"at_home"});
}

} // namespace
} // namespace lockvet::program
