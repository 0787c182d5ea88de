// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Front ends and guests that do what they must not: they get nothing for it, and the next is
// served.

#include "../gated_device.h"
#include "front_end.h"
#include "recording_device.h"
#include "running_server.h"

#include <cstring>
#include <fcntl.h>
#include <random>
#include <sys/eventfd.h>
#include <sys/socket.h>

namespace lockvet::runtime::vhost_user {
namespace {

class HostileTest : public testing::Test {
protected:
  // That a front end which does all right is served.
  void expect_service() {
    FrontEnd front_end(server_.path());
    front_end.negotiate();
    TestMemory memory(2 << 20);
    ASSERT_TRUE(front_end.share(memory));
    DriverRing ring(memory, 16, true);
    ASSERT_TRUE(front_end.start(0, ring));
    BlockDriver driver(memory, ring, 1);
    EXPECT_EQ(driver.run(VIRTIO_BLK_T_OUT, 0, 512), VIRTIO_BLK_S_OK);
  }
  // What was said of those before it, without the common beginning.
  std::vector<std::string> complaints() {
    expect_service();
    server_.stop();
    return server_.log();
  }

  RecordingDevice disk_{1 << 20};
  TestMemory memory_{4 << 20};
  RunningServer server_{disk_, {.queues = 2}};
};

using Lines = std::vector<std::string>;

TEST_F(HostileTest, WhatIsNoMessageEndsTheConnection) {
  {
    FrontEnd front_end(server_.path());
    const std::string garbage(64, 'g');
    ASSERT_EQ(::send(front_end.fd(), garbage.data(), garbage.size(), 0), 64);
    EXPECT_TRUE(front_end.is_cut_off());
  }
  {
    FrontEnd front_end(server_.path());
    const MessageHeader header{.request = 1, .flags = version, .size = 1U << 30};
    ASSERT_EQ(::send(front_end.fd(), &header, sizeof header, 0),
              static_cast<ssize_t>(sizeof header));
    EXPECT_TRUE(front_end.is_cut_off());
  }
  {
    FrontEnd front_end(server_.path());
    ASSERT_EQ(::send(front_end.fd(), "half", 4, 0), 4);
  }
  {
    FrontEnd front_end(server_.path());
    front_end.send(RequestType{99}, std::span<const std::byte>(), {});
    EXPECT_TRUE(front_end.is_cut_off());
  }
  EXPECT_EQ(complaints(),
            (Lines{"front end cut off: a message is not of version 1",
                   "front end cut off: a message announces 1073741824 bytes; 4096 is the limit",
                   "front end cut off: the stream ends within a message",
                   "front end cut off: there is no message 99"}));
}

TEST_F(HostileTest, DescriptorsThatNobodyWantsAreClosed) {
  const auto open_descriptors = [] {
    unsigned count = 0;
    for (int fd = 0; fd < 1000; ++fd)
      count += fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    return count;
  };
  const unsigned before = open_descriptors();
  {
    FrontEnd front_end(server_.path());
    const std::vector<int> many(8, memory_.fd());
    front_end.send(RequestType::set_owner, std::span<const std::byte>(), many);
    (void)front_end.ask(RequestType::get_features);
    // More than a message may have.
    const std::vector<int> too_many(20, memory_.fd());
    front_end.send(RequestType::set_owner, std::span<const std::byte>(), too_many);
    EXPECT_TRUE(front_end.is_cut_off());
  }
  // They are closed a moment after the connection is.
  for (int patience = 0; patience < 10'000 && open_descriptors() != before; ++patience)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(HostileTest, MistakesAreAcknowledgedAsSuch) {
  FrontEnd front_end(server_.path());
  front_end.negotiate();
  EXPECT_FALSE(front_end.set(RequestType::set_features, uint64_t{1} << 63));
  EXPECT_FALSE(front_end.set(RequestType::set_vring_num, RingState{2, 16}));
  const uint64_t number = 0;
  const FileDescriptor no_eventfd(open("/dev/null", O_RDWR | O_CLOEXEC));
  const int passed = no_eventfd.get();
  EXPECT_FALSE(front_end.set(RequestType::set_vring_kick, number, {&passed, 1}));
  EXPECT_FALSE(front_end.set(RequestType::set_vring_kick, number));
  EXPECT_FALSE(front_end.set(RequestType::set_vring_kick, uint64_t{0x100}));
  const struct {
    MemoryTableHead head;
    RegionDescription region;
  } table{{2, 0}, {0, 1 << 20, 0, 0}};
  const int fd = memory_.fd();
  EXPECT_FALSE(front_end.set(RequestType::set_mem_table, table, {&fd, 1}));
  EXPECT_FALSE(front_end.set_writeback(7));
  const InflightDescription inflight{1 << 20, 0, 60000, 60000, 0};
  EXPECT_FALSE(front_end.set(RequestType::set_inflight_fd, inflight, {&fd, 1}));
  // A ring that is nowhere waits until there is memory.
  DriverRing ring(memory_, 16, true);
  ASSERT_TRUE(front_end.start(0, ring));
  ASSERT_TRUE(front_end.share(memory_));
  ASSERT_TRUE(front_end.start(0, ring));
  EXPECT_FALSE(front_end.set(RequestType::set_vring_num, RingState{0, 32}));
  BlockDriver driver(memory_, ring, 1);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, 0, 512), VIRTIO_BLK_S_OK);
}

TEST_F(HostileTest, ARingThatIsBrokenLeavesTheOtherAlone) {
  {
    FrontEnd front_end(server_.path());
    front_end.negotiate();
    ASSERT_TRUE(front_end.share(memory_));
    DriverRing broken(memory_, 16, true);
    DriverRing whole(memory_, 16, true);
    ASSERT_TRUE(front_end.start(0, broken));
    ASSERT_TRUE(front_end.start(1, whole));
    // A chain without an end.
    broken.descriptor(0) = {TestMemory::guest_base, 16, VRING_DESC_F_NEXT, 0};
    broken.available_ring().ring[0] = 0;
    std::atomic_ref(broken.available_ring().idx).store(uint16_t{1});
    for (int again = 0; again < 3; ++again)
      broken.kick();
    EXPECT_TRUE(broken.has_error());
    BlockDriver driver(memory_, whole, 1);
    EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, 0, 512), VIRTIO_BLK_S_OK);
    EXPECT_EQ(front_end.stop(0), 0);
    EXPECT_EQ(broken.used_index(), 0);
  }
  EXPECT_EQ(complaints(),
            (Lines{"queue 0 can't go on: a chain has more descriptors than its ring"}));
}

TEST_F(HostileTest, WhatIsNoRequestBreaksTheRing) {
  FrontEnd front_end(server_.path());
  front_end.negotiate();
  ASSERT_TRUE(front_end.share(memory_));
  DriverRing ring(memory_, 16, true);
  ASSERT_TRUE(front_end.start(0, ring));
  const uint64_t place = memory_.reserve(4096);
  const std::vector<Segment> no_status{{place, 16, false}};
  ASSERT_TRUE(ring.add(no_status).has_value());
  if (ring.publish())
    ring.kick();
  EXPECT_TRUE(ring.has_error());
}

TEST_F(HostileTest, ABufferThatIsInFlightIsNotTakenAgain) {
  GatedDevice gated(false);
  RunningServer server(gated, {.queues = 1});
  FrontEnd front_end(server.path());
  front_end.negotiate();
  ASSERT_TRUE(front_end.share(memory_));
  DriverRing ring(memory_, 16, false);
  ASSERT_TRUE(front_end.start(0, ring));
  BlockDriver driver(memory_, ring, 1);
  ASSERT_TRUE(driver.add(0, VIRTIO_BLK_T_IN, 0, 512));
  driver.submit();
  gated.wait_for(1);
  const uint16_t head = ring.available_ring().ring[0];
  std::atomic_ref(ring.available_ring().ring[1]).store(head);
  std::atomic_ref(ring.available_ring().idx).store(uint16_t{2});
  ring.kick();
  EXPECT_TRUE(ring.has_error());
  gated.open();
  EXPECT_EQ(front_end.stop(0), 2);
  EXPECT_EQ(ring.used_index(), 1);
}

TEST_F(HostileTest, MemoryThatCantBeSealedIsRefusedIfThatIsWanted) {
  RunningServer server(disk_, {.memory = SharedMapping::Policy::sealed_only});
  FrontEnd front_end(server.path());
  front_end.negotiate();
  const TestMemory unsealable(1 << 20, false);
  EXPECT_FALSE(front_end.share(unsealable));
  EXPECT_TRUE(front_end.share(memory_));
}

} // namespace
} // namespace lockvet::runtime::vhost_user
