// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Several front ends at once: one uses the device, the others may ask and wait, and those that say
// nothing keep nobody out.

#include "front_end.h"
#include "recording_device.h"
#include "running_server.h"

#include <sys/socket.h>

namespace lockvet::runtime::vhost_user {
namespace {

using Lines = std::vector<std::string>;

class FrontEndsTest : public testing::Test {
protected:
  // Whether one request of a front end that owns the device succeeds.
  bool is_served(FrontEnd& front_end) {
    TestMemory memory(2 << 20);
    if (!front_end.share(memory))
      return false;
    DriverRing ring(memory, 16, true);
    if (!front_end.start(0, ring))
      return false;
    BlockDriver driver(memory, ring, 1);
    const bool done = driver.run(VIRTIO_BLK_T_IN, 0, 512) == VIRTIO_BLK_S_OK;
    front_end.stop(0);
    return done;
  }

  // The device is the front end's when this returns.
  static bool own(FrontEnd& front_end) {
    front_end.negotiate();
    return front_end.set_writeback(1);
  }

  RecordingDevice disk_{1 << 20};
};

TEST_F(FrontEndsTest, WhoDoesNotIntroduceItselfIsCutOff) {
  RunningServer server(disk_, {.introduction_time = std::chrono::seconds(2)});
  FrontEnd owner(server.path());
  ASSERT_TRUE(own(owner));
  {
    FrontEnd silent(server.path());
    FrontEnd slow(server.path());
    ASSERT_EQ(::send(slow.fd(), "half", 4, 0), 4);
    FrontEnd curious(server.path());
    (void)curious.ask(RequestType::get_features);
    EXPECT_TRUE(silent.is_cut_off());
    EXPECT_TRUE(slow.is_cut_off());
    EXPECT_TRUE(curious.is_cut_off());
  }
  EXPECT_TRUE(is_served(owner));
  server.stop();
  EXPECT_EQ(server.log(), Lines(3, "front end cut off: it has not introduced itself in time"));
}

TEST_F(FrontEndsTest, OthersAskAndWaitForTheirTurn) {
  RunningServer server(disk_);
  auto owner = std::make_unique<FrontEnd>(server.path());
  ASSERT_TRUE(own(*owner));
  EXPECT_TRUE(server.server().connected());
  FrontEnd second(server.path());
  EXPECT_EQ(second.ask(RequestType::get_queue_num), 1U);
  EXPECT_EQ(second.config().capacity, (1U << 20) / 512);
  second.send(RequestType::set_owner, std::span<const std::byte>(), {});
  second.send(RequestType::get_queue_num, std::span<const std::byte>(), {});
  EXPECT_TRUE(is_served(*owner));
  // Nothing of what the second has sent since then is answered yet.
  char byte = 0;
  EXPECT_EQ(::recv(second.fd(), &byte, 1, MSG_DONTWAIT), -1);
  owner.reset();
  ASSERT_TRUE(second.receive().has_value());
  ASSERT_TRUE(own(second));
  EXPECT_TRUE(is_served(second));
  server.stop();
  EXPECT_EQ(server.log(), Lines());
}

TEST_F(FrontEndsTest, WhoHasWaitedLongestMakesRoom) {
  RunningServer server(disk_, {.most_front_ends = 3});
  FrontEnd owner(server.path());
  ASSERT_TRUE(own(owner));
  std::deque<FrontEnd> waiting;
  for (int count = 0; count < 20; ++count) {
    waiting.emplace_back(server.path());
    if (count % 2 == 0)
      waiting.back().send(RequestType::set_owner, std::span<const std::byte>(), {});
    EXPECT_TRUE(count < 2 || waiting[static_cast<size_t>(count) - 2].is_cut_off());
  }
  EXPECT_TRUE(is_served(owner));
  server.stop();
  EXPECT_EQ(server.log(),
            Lines{"a front end that waits is cut off for another: there are 3 already"});
}

TEST_F(FrontEndsTest, AStopEndsThoseThatWait) {
  RunningServer server(disk_);
  FrontEnd owner(server.path());
  ASSERT_TRUE(own(owner));
  FrontEnd waiting(server.path());
  (void)waiting.ask(RequestType::get_features);
  waiting.send(RequestType::set_owner, std::span<const std::byte>(), {});
  FrontEnd silent(server.path());
  (void)silent.ask(RequestType::get_features);
  server.stop();
  EXPECT_TRUE(waiting.is_cut_off());
  EXPECT_TRUE(silent.is_cut_off());
  EXPECT_EQ(server.log(), Lines());
}

} // namespace
} // namespace lockvet::runtime::vhost_user
