// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A front end whose back end has died, and that connects to the next: requests that were in flight
// come again, those that were done do not, and the mode of the cache stays.

#include "../gated_device.h"
#include "front_end.h"
#include "recording_device.h"
#include "running_server.h"
#include "runtime/export/vhost_user/inflight_region.h"

#include <cstring>

namespace lockvet::runtime::vhost_user {
namespace {

constexpr uint16_t ring_size = 128;

class ReconnectTest : public testing::Test {
protected:
  ReconnectTest() : file_(std::move(*InflightFile::create(1, ring_size))) {}

  // What a back end has noted that took so many requests and was killed; some were put back, of
  // which the last were not yet noted as such.
  void die(unsigned taken, unsigned put_back, unsigned noted) {
    const InflightDescription description{InflightFile::bytes_for(1, ring_size), 0, 1, ring_size,
                                          0};
    const auto file = InflightFile::open(file_, description, SharedMapping::Policy::any);
    InflightRegion region = file->region(0);
    ASSERT_TRUE(region.recover(0).has_value());
    const auto head = [&](unsigned number) { return ring_.available_ring().ring[number]; };
    for (unsigned number = 0; number < taken; ++number)
      region.begin(head(number));
    for (unsigned number = 0; number < put_back; ++number) {
      region.complete(head(number));
      ring_.used_ring().ring[number] = {.id = head(number), .len = 1};
      if (number + 1 == noted)
        region.batch_published(static_cast<uint16_t>(noted));
    }
    ring_.used_ring().idx = static_cast<uint16_t>(put_back);
  }

  void connect(FrontEnd& front_end) {
    front_end.negotiate();
    ASSERT_TRUE(front_end.set_inflight(file_, 1, ring_size));
    ASSERT_TRUE(front_end.share(memory_));
    // QEMU only knows how far the ring was put back.
    ASSERT_TRUE(front_end.start(0, ring_, ring_.used_index()));
  }

  FileDescriptor file_;
  TestMemory memory_{4 << 20};
  DriverRing ring_{memory_, ring_size, true};
  BlockDriver driver_{memory_, ring_, 24};
  RecordingDevice disk_{1 << 20};
};

TEST_F(ReconnectTest, WhatWasInFlightIsDoneAgain) {
  for (unsigned slot = 0; slot < 8; ++slot) {
    std::memset(driver_.data(slot), static_cast<int>('a' + slot), 512);
    ASSERT_TRUE(driver_.add(slot, VIRTIO_BLK_T_OUT, slot, 512));
  }
  (void)ring_.publish();
  // Six were taken, and three put back; two were never seen.
  die(6, 3, 1);
  RunningServer server(disk_);
  FrontEnd front_end(server.path());
  connect(front_end);
  for (unsigned count = 0; count < 8; ++count)
    ASSERT_TRUE(driver_.wait().has_value());
  EXPECT_EQ(disk_.writes, 5U);
  for (unsigned slot = 3; slot < 8; ++slot)
    EXPECT_EQ(driver_.status(slot), VIRTIO_BLK_S_OK);
  EXPECT_EQ(front_end.stop(0), 8);
  // And the ring goes on.
  ASSERT_TRUE(front_end.start(0, ring_, 8));
  EXPECT_EQ(driver_.run(VIRTIO_BLK_T_IN, 4, 512), VIRTIO_BLK_S_OK);
  EXPECT_EQ(*driver_.data(0), std::byte{'e'});
}

TEST_F(ReconnectTest, RequestsComeAgainInTheirOrder) {
  GatedDevice gated(true);
  for (unsigned slot = 0; slot < 4; ++slot)
    ASSERT_TRUE(driver_.add(slot, VIRTIO_BLK_T_OUT, slot, 512));
  (void)ring_.publish();
  die(4, 0, 0);
  RunningServer server(gated);
  FrontEnd front_end(server.path());
  connect(front_end);
  // The device does not wait, so that they are done in the order in which they were begun.
  for (unsigned slot = 0; slot < 4; ++slot)
    EXPECT_EQ(driver_.wait(), slot);
}

TEST_F(ReconnectTest, AGracefulEndLeavesNothingInFlight) {
  for (unsigned life = 0; life < 3; ++life) {
    RunningServer server(disk_);
    FrontEnd front_end(server.path());
    connect(front_end);
    for (unsigned slot = 8 * life; slot < 8 * (life + 1); ++slot)
      ASSERT_TRUE(driver_.add(slot, VIRTIO_BLK_T_OUT, slot, 512));
    driver_.submit();
    server.stop();
    // What it has not taken is for the next.
    while (driver_.completed())
      continue;
  }
  RunningServer server(disk_);
  FrontEnd front_end(server.path());
  connect(front_end);
  while (ring_.used_index() != ring_.next_available())
    ASSERT_TRUE(driver_.wait().has_value());
  EXPECT_EQ(disk_.writes, 24U);
}

TEST_F(ReconnectTest, TheModeOfTheCacheStays) {
  {
    RunningServer server(disk_);
    FrontEnd front_end(server.path());
    connect(front_end);
    ASSERT_TRUE(front_end.set_writeback(0));
  }
  RunningServer server(disk_);
  FrontEnd front_end(server.path());
  connect(front_end);
  EXPECT_EQ(front_end.config().wce, 0);
  EXPECT_EQ(driver_.run(VIRTIO_BLK_T_OUT, 0, 512), VIRTIO_BLK_S_OK);
  EXPECT_EQ(disk_.stable_writes, 1U);
}

TEST_F(ReconnectTest, ARecordThatCantBeIsRefused) {
  die(0, 0, 0);
  const uint16_t version = 7;
  ASSERT_EQ(pwrite(file_.get(), &version, sizeof version, 8), 2);
  RunningServer server(disk_);
  FrontEnd front_end(server.path());
  front_end.negotiate();
  ASSERT_TRUE(front_end.set_inflight(file_, 1, ring_size));
  ASSERT_TRUE(front_end.share(memory_));
  EXPECT_FALSE(front_end.start(0, ring_));
}

TEST_F(ReconnectTest, ANewFileComesFromTheBackEnd) {
  RunningServer server(disk_);
  FrontEnd front_end(server.path());
  front_end.negotiate();
  const FileDescriptor made = front_end.get_inflight(1, ring_size);
  ASSERT_TRUE(made.valid());
  EXPECT_TRUE(front_end.set_inflight(made, 1, ring_size));
  // It can't be made shorter.
  EXPECT_NE(ftruncate(made.get(), 0), 0);
}

} // namespace
} // namespace lockvet::runtime::vhost_user
