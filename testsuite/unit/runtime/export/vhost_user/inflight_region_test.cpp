// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a back end that has died leaves of its requests in flight, and what its successor makes of
// it.

#include "runtime/export/vhost_user/inflight_region.h"

#include <cstring>
#include <gtest/gtest.h>

namespace lockvet::runtime::vhost_user {
namespace {

using Heads = std::vector<uint16_t>;

class InflightRegionTest : public testing::Test {
protected:
  static constexpr uint16_t size = 8;

  InflightRegion region() { return {memory_.data(), size}; }
  // Of a successor that finds the ring there.
  Heads recovered(uint16_t used_index) {
    const auto heads = region().recover(used_index);
    EXPECT_TRUE(heads.has_value()) << heads.error();
    return heads.value_or(Heads{0xffff});
  }

  alignas(64) std::array<std::byte, 512> memory_ = {};
};

TEST_F(InflightRegionTest, NothingIsInFlightInAFreshOne) {
  EXPECT_EQ(InflightRegion::bytes_for(size), 192U);
  EXPECT_EQ(recovered(100), Heads{});
  EXPECT_EQ(recovered(100), Heads{});
}

TEST_F(InflightRegionTest, RequestsComeAgainInTheirOrder) {
  auto before = region();
  (void)before.recover(0);
  for (const uint16_t head : {5, 2, 7, 0})
    before.begin(head);
  before.complete(2);
  before.batch_published(1);
  EXPECT_EQ(recovered(1), (Heads{5, 7, 0}));
  // The order holds over more than one life.
  auto after = region();
  (void)after.recover(1);
  after.begin(2);
  after.complete(7);
  after.batch_published(2);
  EXPECT_EQ(recovered(2), (Heads{5, 0, 2}));
}

TEST_F(InflightRegionTest, ABatchThatWasPublishedIsNotDoneAgain) {
  auto before = region();
  (void)before.recover(0xfffe);
  for (const uint16_t head : {3, 4, 5, 6})
    before.begin(head);
  before.complete(4);
  before.complete(3);
  before.complete(6);
  // The driver has seen them, and the record has not yet noted that; the index has gone round.
  EXPECT_EQ(recovered(1), (Heads{5}));
  EXPECT_EQ(recovered(1), (Heads{5}));
}

TEST_F(InflightRegionTest, ABatchThatWasNotPublishedIsDoneAgain) {
  auto before = region();
  (void)before.recover(10);
  for (const uint16_t head : {3, 4})
    before.begin(head);
  before.complete(3);
  before.complete(4);
  EXPECT_EQ(recovered(10), (Heads{3, 4}));
}

TEST_F(InflightRegionTest, RefusesWhatCantBe) {
  auto before = region();
  (void)before.recover(0);
  before.begin(3);
  before.complete(3);
  EXPECT_FALSE(region().recover(size + 1).has_value());
  // The head of the last batch.
  const uint16_t beyond = size;
  std::memcpy(memory_.data() + 12, &beyond, sizeof beyond);
  EXPECT_FALSE(region().recover(1).has_value());
  EXPECT_FALSE(InflightRegion(memory_.data(), 16).recover(0).has_value());
}

TEST(InflightFileTest, IsTheSameToASuccessor) {
  const auto file = InflightFile::create(3, 64);
  ASSERT_TRUE(file.has_value());
  const InflightDescription description{.mmap_size = InflightFile::bytes_for(3, 64),
                                        .mmap_offset = 0,
                                        .queues = 3,
                                        .queue_size = 64,
                                        .padding = 0};
  constexpr auto policy = SharedMapping::Policy::sealed_only;
  const auto first = InflightFile::open(*file, description, policy);
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(first->write_through());
  first->set_write_through(true);
  for (const uint16_t queue : {0, 2}) {
    auto region = first->region(queue);
    ASSERT_TRUE(region.recover(0).has_value());
    region.begin(static_cast<uint16_t>(queue + 10));
  }
  const auto second = InflightFile::open(*file, description, policy);
  ASSERT_TRUE(second.has_value());
  EXPECT_TRUE(second->write_through());
  EXPECT_EQ(*second->region(0).recover(0), Heads{10});
  EXPECT_EQ(*second->region(1).recover(0), Heads{});
  EXPECT_EQ(*second->region(2).recover(0), Heads{12});

  InflightDescription wrong = description;
  wrong.mmap_size = 100;
  EXPECT_FALSE(InflightFile::open(*file, wrong, policy).has_value());
  wrong.mmap_size = description.mmap_size + 4096;
  EXPECT_FALSE(InflightFile::open(*file, wrong, policy).has_value());
  // That of another back end ends with its rings.
  wrong.mmap_size = 3 * InflightRegion::bytes_for(64);
  const auto others = InflightFile::open(*file, wrong, policy);
  ASSERT_TRUE(others.has_value());
  EXPECT_FALSE(others->write_through());
}

} // namespace
} // namespace lockvet::runtime::vhost_user
