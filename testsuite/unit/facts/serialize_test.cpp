// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/facts/serialize.h"
#include "llvm/Support/Error.h"
#include "testsuite/unit/facts/sample.h"

#include <gtest/gtest.h>
#include <random>

namespace lockvet::facts {
namespace {

using test::sampleFragment;

TEST(SerializeFragment, KeepsEveryFact) {
  const Fragment before = sampleFragment();
  const Fragment after = llvm::cantFail(parseFragment(serialize(before)));
  EXPECT_EQ(test::describe(before), test::describe(after));
  EXPECT_EQ(before.declarations, after.declarations);
  EXPECT_EQ(before.markers, after.markers);
  EXPECT_EQ(before.overrides, after.overrides);
  EXPECT_EQ(before.calls, after.calls);
  EXPECT_EQ(before.flows, after.flows);
  EXPECT_EQ(before.diagnostics, after.diagnostics);
  EXPECT_EQ(before.skeleton, after.skeleton);
}

TEST(SerializeFragment, EqualFragmentsGiveEqualBytesAndOthersDoNot) {
  Fragment fragment = sampleFragment();
  const std::string bytes = serialize(fragment);
  EXPECT_EQ(bytes, serialize(sampleFragment()));
  fragment.calls[0].location.column += 1;
  EXPECT_NE(bytes, serialize(fragment));
}

TEST(SerializeFragment, AnEmptyOneIsOne) {
  const Fragment after = llvm::cantFail(parseFragment(serialize(Fragment{})));
  EXPECT_TRUE(after.functions.empty());
  EXPECT_FALSE(after.skeleton);
}

TEST(SerializeFragment, EveryTruncationIsAnError) {
  const std::string bytes = serialize(sampleFragment());
  for (size_t size = 0; size != bytes.size(); ++size) {
    auto fragment = parseFragment(llvm::StringRef(bytes).take_front(size));
    EXPECT_FALSE(static_cast<bool>(fragment)) << size;
    llvm::consumeError(fragment.takeError());
  }
  auto longer = parseFragment(bytes + "x");
  EXPECT_EQ(llvm::toString(longer.takeError()), "a fragment is damaged: 1 bytes follow its end");
}

TEST(SerializeFragment, SurvivesAnyDamagedByte) {
  const std::string bytes = serialize(sampleFragment());
  std::mt19937 random(1);
  for (int round = 0; round != 20000; ++round) {
    std::string damaged = bytes;
    for (unsigned changes = 1 + random() % 3; changes != 0; --changes)
      damaged[random() % damaged.size()] = static_cast<char>(random());
    if (auto fragment = parseFragment(damaged)) {
      // What is accepted must be safe to use: indices in range, so that it can be written again.
      for (const CallSite& call : fragment->calls)
        EXPECT_TRUE(call.caller == kNone || call.caller < fragment->functions.size());
      serialize(*fragment);
    } else {
      llvm::consumeError(fragment.takeError());
    }
  }
}

TEST(SerializeFragment, RejectsWhatPointsNowhere) {
  const auto errorOf = [](Fragment fragment) {
    auto parsed = parseFragment(serialize(fragment));
    return parsed ? std::string("accepted") : llvm::toString(parsed.takeError());
  };
  Fragment fragment = sampleFragment();
  fragment.calls[0].callee = kNone;
  EXPECT_NE(errorOf(fragment).find("a call has no callee"), std::string::npos);

  fragment = sampleFragment();
  fragment.flows[0].to_slot = 2;
  EXPECT_NE(errorOf(fragment).find("an index points outside its table"), std::string::npos);

  fragment = sampleFragment();
  fragment.slots[1].slot = 0;
  EXPECT_NE(errorOf(fragment).find("a slot belongs to itself"), std::string::npos);

  fragment = sampleFragment();
  fragment.skeleton->exit = 3;
  EXPECT_NE(errorOf(fragment).find("entry or exit"), std::string::npos);

  fragment = sampleFragment();
  fragment.skeleton->formulas[2].left = 2; // itself
  EXPECT_NE(errorOf(fragment).find("a formula points outside its table"), std::string::npos);

  fragment = sampleFragment();
  for (uint32_t depth = 0; depth < kMaxFormulaDepth; ++depth)
    fragment.skeleton->formulas.push_back({.kind = FormulaKind::Not, .left = 5 + depth});
  EXPECT_NE(errorOf(fragment).find("a formula is too deep"), std::string::npos);
}

TEST(SerializeFragment, ACountDoesNotAllocateWhatIsNotThere) {
  // An empty string table, no files, and then four thousand million functions.
  const std::string bytes("\x00\x00\xff\xff\xff\xff\x0f", 7);
  auto fragment = parseFragment(bytes);
  EXPECT_NE(llvm::toString(fragment.takeError()).find("larger than what follows"),
            std::string::npos);
}

TEST(SerializeSkeleton, StandsAlone) {
  Skeleton skeleton = *sampleFragment().skeleton;
  skeleton.function = 123456;
  skeleton.blocks[0].events[0].arguments[2].function = 654321;
  EXPECT_EQ(skeleton, llvm::cantFail(parseSkeleton(serialize(skeleton))));
}

TEST(SerializeUnit, KeepsInputsAndNamesOfFragments) {
  UnitFacts unit;
  unit.status = UnitStatus::ParseErrors;
  unit.reason = "run.c:3: unknown type name 'foo'";
  unit.cpu_seconds = 0.25;
  unit.inputs = {{.path = "/src/run.c", .content = {1, UINT64_MAX}, .size = 7, .mtime_ns = -5}};
  unit.fragments = {{.hash = {3, 4}, .bytes = "body"}, {.hash = {5, 6}, .bytes = ""}};

  const UnitFacts after = llvm::cantFail(parseUnit(serialize(unit)));
  EXPECT_EQ(after.status, unit.status);
  EXPECT_EQ(after.reason, unit.reason);
  EXPECT_EQ(after.cpu_seconds, unit.cpu_seconds);
  ASSERT_EQ(after.inputs.size(), 1u);
  EXPECT_EQ(after.inputs[0].path, "/src/run.c");
  EXPECT_EQ(after.inputs[0].content, unit.inputs[0].content);
  EXPECT_EQ(after.inputs[0].mtime_ns, -5);
  ASSERT_EQ(after.fragments.size(), 2u);
  EXPECT_EQ(after.fragments[0].bytes, "body");
  EXPECT_EQ(after.fragments[1].hash, (Hash{5, 6}));
}

TEST(HashOf, TellsContentsApart) {
  EXPECT_EQ(hashOf("int f(void);"), hashOf("int f(void);"));
  EXPECT_NE(hashOf("int f(void);"), hashOf("int g(void);"));
  EXPECT_NE(hashOf(""), (Hash{0, 0}));
}

} // namespace
} // namespace lockvet::facts
