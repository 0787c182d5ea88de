// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every queue has its context, as the mapping says, and what says nothing of a queue is refused.

#include "runtime/export/context_mapping.h"

#include <gtest/gtest.h>

namespace lockvet::runtime {
namespace {

class ContextMappingTest : public testing::Test {
protected:
  std::unique_ptr<AioContext> first_ = std::move(*AioContext::create());
  std::unique_ptr<AioContext> second_ = std::move(*AioContext::create());
};

TEST_F(ContextMappingTest, AllOnOne) {
  const auto mapping = ContextMapping::all_on(*first_);
  for (const unsigned number : {0U, 1U, 99U})
    EXPECT_EQ(&mapping.of(number), first_.get());
}

TEST_F(ContextMappingTest, InTurn) {
  const auto mapping = ContextMapping::round_robin({first_.get(), second_.get()});
  EXPECT_EQ(&mapping.of(0), first_.get());
  EXPECT_EQ(&mapping.of(1), second_.get());
  EXPECT_EQ(&mapping.of(2), first_.get());
}

TEST_F(ContextMappingTest, OneEach) {
  const auto mapping = ContextMapping::one_each({first_.get(), second_.get()}, 2);
  ASSERT_TRUE(mapping.has_value());
  EXPECT_EQ(&mapping->of(1), second_.get());
  EXPECT_FALSE(ContextMapping::one_each({first_.get(), second_.get()}, 3).has_value());
}

TEST_F(ContextMappingTest, AsListed) {
  const auto mapping = ContextMapping::as_listed({{first_.get(), {1, 2}}, {second_.get(), {0}}}, 3);
  ASSERT_TRUE(mapping.has_value());
  EXPECT_EQ(&mapping->of(0), second_.get());
  EXPECT_EQ(&mapping->of(1), first_.get());
  EXPECT_EQ(&mapping->of(2), first_.get());
}

TEST_F(ContextMappingTest, AListThatNamesNothingIsInTurn) {
  const auto mapping = ContextMapping::as_listed({{first_.get(), {}}, {second_.get(), {}}}, 3);
  ASSERT_TRUE(mapping.has_value());
  EXPECT_EQ(&mapping->of(2), first_.get());
}

TEST_F(ContextMappingTest, RefusesWhatIsNotWhole) {
  const auto error = [](const std::vector<ContextMapping::Entry>& entries, unsigned count) {
    const auto mapping = ContextMapping::as_listed(entries, count);
    return mapping ? "" : mapping.error();
  };
  EXPECT_EQ(error({}, 1), "the mapping has no context");
  EXPECT_EQ(error({{first_.get(), {0}}, {second_.get(), {}}}, 1),
            "either all contexts of the mapping name what they serve, or none");
  EXPECT_EQ(error({{first_.get(), {0, 2}}}, 2), "the mapping names 2, and there are 2");
  EXPECT_EQ(error({{first_.get(), {0}}, {second_.get(), {0}}}, 2), "the mapping names 0 twice");
  EXPECT_EQ(error({{first_.get(), {0}}, {second_.get(), {2}}}, 3), "the mapping leaves out 1");
}

} // namespace
} // namespace lockvet::runtime
