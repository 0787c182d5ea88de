// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A ring between a driver and the device: what comes through it, who tells whom, and what a driver
// must not do.

#include "front_end.h"
#include "runtime/export/vhost_user/split_ring.h"

#include <gtest/gtest.h>

namespace lockvet::runtime::vhost_user {
namespace {

class SplitRingTest : public testing::Test {
protected:
  explicit SplitRingTest(bool event_index = false) : event_index_(event_index) {}

  void SetUp() override {
    FileDescriptor file(dup(shared_.fd()));
    auto memory = GuestMemory().with({.guest_address = TestMemory::guest_base,
                                      .size = shared_.size(),
                                      .user_address = TestMemory::user_base,
                                      .mmap_offset = 0},
                                     file, SharedMapping::Policy::sealed_only);
    ASSERT_TRUE(memory.has_value());
    memory_ = *memory;
    auto ring = SplitRing::create(memory_, layout(), 0);
    ASSERT_TRUE(ring.has_value()) << ring.error();
    ring_.emplace(*ring);
  }

  SplitRing::Layout layout() const {
    return {.size = driver_.size(),
            .descriptors = TestMemory::user_base + driver_.descriptors(),
            .available = TestMemory::user_base + driver_.available(),
            .used = TestMemory::user_base + driver_.used(),
            .event_index = event_index_,
            .indirect = true};
  }
  void add(std::vector<Segment> segments, bool indirect = false) {
    ASSERT_TRUE(driver_.add(segments, indirect).has_value());
  }
  // The error of what the driver has made available, or whether there was anything.
  std::string take() {
    const auto taken = ring_->take(chain_);
    if (!taken)
      return taken.error();
    return *taken ? "taken" : "nothing";
  }
  // Makes these descriptors available, the first of them as the head.
  std::string take(std::vector<vring_desc> descriptors) {
    for (size_t index = 0; index < descriptors.size(); ++index)
      driver_.descriptor(static_cast<uint16_t>(index)) = descriptors[index];
    const uint16_t next = available_++;
    driver_.available_ring().ring[next % driver_.size()] = 0;
    driver_.available_ring().idx = available_;
    return take();
  }
  static vring_desc buffer(uint64_t offset, uint32_t bytes, unsigned flags = 0, uint16_t next = 0) {
    return {TestMemory::guest_base + offset, bytes, static_cast<uint16_t>(flags), next};
  }

  const bool event_index_;
  TestMemory shared_{1 << 20};
  DriverRing driver_{shared_, 8, event_index_};
  uint64_t data_ = shared_.reserve(64 * 1024);
  GuestMemory memory_;
  std::optional<SplitRing> ring_;
  Chain chain_;
  uint16_t available_ = 0;
};

TEST_F(SplitRingTest, GivesChainsInTheirOrder) {
  EXPECT_EQ(take(), "nothing");
  for (const bool indirect : {false, true})
    add({{data_, 16, false}, {data_ + 4096, 512, true}, {data_ + 8192, 1, true}}, indirect);
  EXPECT_EQ(take(), "nothing");
  driver_.publish();
  for (int both = 0; both < 2; ++both) {
    ASSERT_EQ(take(), "taken");
    ASSERT_EQ(chain_.readable.size(), 1U);
    ASSERT_EQ(chain_.writable.size(), 2U);
    EXPECT_EQ(chain_.readable[0].iov_len, 16U);
    EXPECT_EQ(chain_.writable[0].iov_base,
              memory_.at_guest_address(TestMemory::guest_base + data_ + 4096, 512));
    ring_->put(chain_.head, 513);
  }
  EXPECT_EQ(take(), "nothing");
  // The driver sees nothing of them before they are published.
  EXPECT_FALSE(driver_.take().has_value());
  EXPECT_TRUE(ring_->publish());
  for (int both = 0; both < 2; ++both) {
    const auto element = driver_.take();
    ASSERT_TRUE(element.has_value());
    EXPECT_EQ(element->len, 513U);
  }
}

TEST_F(SplitRingTest, KicksAreForWhoWantsThem) {
  ring_->suppress_kicks();
  add({{data_, 16, false}});
  EXPECT_FALSE(driver_.publish());
  EXPECT_FALSE(ring_->allow_kicks());
  ASSERT_EQ(take(), "taken");
  EXPECT_TRUE(ring_->allow_kicks());
  add({{data_, 16, false}});
  EXPECT_TRUE(driver_.publish());

  driver_.available_ring().flags = VRING_AVAIL_F_NO_INTERRUPT;
  ring_->put(chain_.head, 0);
  EXPECT_FALSE(ring_->publish());
}

class EventIndexTest : public SplitRingTest {
protected:
  EventIndexTest() : SplitRingTest(true) {}
};

TEST_F(EventIndexTest, OneKickAndOneCallAreForMany) {
  EXPECT_TRUE(ring_->allow_kicks());
  add({{data_, 16, false}});
  EXPECT_TRUE(driver_.publish());
  add({{data_, 16, false}});
  EXPECT_FALSE(driver_.publish());
  std::vector<uint16_t> heads;
  while (take() == "taken")
    heads.push_back(chain_.head);
  ASSERT_EQ(heads.size(), 2U);
  EXPECT_TRUE(ring_->allow_kicks());
  EXPECT_TRUE(driver_.ask_for_call());
  for (const uint16_t head : heads)
    ring_->put(head, 0);
  EXPECT_TRUE(ring_->publish());
  // It has not asked again.
  add({{data_, 16, false}});
  EXPECT_TRUE(driver_.publish());
  ASSERT_EQ(take(), "taken");
  ring_->put(chain_.head, 0);
  EXPECT_FALSE(ring_->publish());
}

TEST_F(SplitRingTest, RefusesWhatADriverMustNotDo) {
  const auto fresh = [&] { ring_.emplace(*SplitRing::create(memory_, layout(), available_)); };
  const uint64_t table = data_ + 4096;
  auto* const in_table = reinterpret_cast<vring_desc*>(shared_.at(table));

  EXPECT_EQ(take({buffer(data_, 16, VRING_DESC_F_NEXT, 1), buffer(data_, 16, VRING_DESC_F_NEXT)}),
            "a chain has more descriptors than its ring");
  fresh();
  EXPECT_EQ(take({buffer(data_, 16, VRING_DESC_F_NEXT, 8)}),
            "a chain refers to a descriptor that its ring does not have");
  fresh();
  EXPECT_EQ(take({buffer(shared_.size() - 8, 16)}),
            "a descriptor refers to memory that the guest does not have");
  fresh();
  EXPECT_EQ(take({buffer(0 - TestMemory::guest_base, 16)}),
            "a descriptor refers to memory that the guest does not have");
  fresh();
  EXPECT_EQ(take({buffer(data_, 16, VRING_DESC_F_WRITE | VRING_DESC_F_NEXT, 1), buffer(data_, 16)}),
            "a chain has memory to read after memory to write");
  fresh();
  EXPECT_EQ(take({buffer(table, 24, VRING_DESC_F_INDIRECT)}),
            "a table of indirect descriptors has no valid length");
  fresh();
  EXPECT_EQ(take({buffer(table, 16 * 9, VRING_DESC_F_INDIRECT)}),
            "a table of indirect descriptors has no valid length");
  fresh();
  EXPECT_EQ(take({buffer(table, 16, VRING_DESC_F_INDIRECT | VRING_DESC_F_NEXT, 1)}),
            "an indirect descriptor has a next one");
  fresh();
  EXPECT_EQ(take({buffer(shared_.size(), 16, VRING_DESC_F_INDIRECT)}),
            "a table of indirect descriptors is not within a region of the guest's memory");
  fresh();
  in_table[0] = buffer(table, 16, VRING_DESC_F_INDIRECT);
  EXPECT_EQ(take({buffer(table, 16, VRING_DESC_F_INDIRECT)}),
            "an indirect descriptor is in a table of such");
  fresh();
  in_table[0] = buffer(data_, 16, VRING_DESC_F_NEXT, 2);
  EXPECT_EQ(take({buffer(table, 32, VRING_DESC_F_INDIRECT)}),
            "a chain refers to a descriptor that its table does not have");
  fresh();
  in_table[0] = buffer(data_, 16, VRING_DESC_F_NEXT, 0);
  EXPECT_EQ(take({buffer(table, 32, VRING_DESC_F_INDIRECT)}),
            "a chain has more descriptors than its ring");
  fresh();
  driver_.available_ring().ring[available_ % 8] = 8;
  driver_.available_ring().idx = static_cast<uint16_t>(available_ + 1);
  EXPECT_EQ(take(), "a chain refers to a descriptor that its ring does not have");
  driver_.available_ring().idx = static_cast<uint16_t>(available_ + 9);
  fresh();
  EXPECT_EQ(take(), "the driver makes more buffers available than its ring has");
}

TEST_F(SplitRingTest, IndirectTablesHaveToBeNegotiated) {
  SplitRing::Layout without = layout();
  without.indirect = false;
  ring_.emplace(*SplitRing::create(memory_, without, 0));
  add({{data_, 16, false}}, true);
  driver_.publish();
  EXPECT_EQ(take(), "a descriptor is indirect, which was not negotiated");
}

TEST_F(SplitRingTest, HasToLieInTheMemory) {
  const auto created = [&](auto change) {
    SplitRing::Layout changed = layout();
    change(changed);
    return SplitRing::create(memory_, changed, 0).has_value();
  };
  EXPECT_TRUE(created([](SplitRing::Layout&) {}));
  EXPECT_FALSE(created([](SplitRing::Layout& to) { to.size = 0; }));
  EXPECT_FALSE(created([](SplitRing::Layout& to) { to.size = 12; }));
  EXPECT_FALSE(created([](SplitRing::Layout& to) { to.size = 65536; }));
  EXPECT_FALSE(created([](SplitRing::Layout& to) { to.descriptors += 4; }));
  EXPECT_FALSE(created([](SplitRing::Layout& to) { to.available += 1; }));
  EXPECT_FALSE(created([](SplitRing::Layout& to) { to.used += 2; }));
  EXPECT_FALSE(created([](SplitRing::Layout& to) { to.used = TestMemory::user_base - 64; }));
  const uint64_t end = TestMemory::user_base + shared_.size();
  EXPECT_FALSE(created([&](SplitRing::Layout& to) { to.descriptors = end - 64; }));
}

} // namespace
} // namespace lockvet::runtime::vhost_user
