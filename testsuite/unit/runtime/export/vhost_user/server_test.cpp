// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A vhost-user server and front ends over sockets and shared memory: what guests ask for is done,
// by queues of several threads at once, and the device is what its configuration says.

#include "../gated_device.h"
#include "front_end.h"
#include "recording_device.h"
#include "running_server.h"

#include <cstring>
#include <poll.h>
#include <sys/socket.h>

namespace lockvet::runtime::vhost_user {
namespace {

constexpr uint64_t disk_bytes = 16 << 20;
constexpr uint64_t memory_bytes = 16 << 20;

constexpr uint64_t bit(unsigned number) {
  return uint64_t{1} << number;
}

class VhostUserServerTest : public testing::TestWithParam<AioContext::Backend> {
protected:
  RecordingDevice disk_{disk_bytes};
  TestMemory memory_{memory_bytes};
};

INSTANTIATE_TEST_SUITE_P(Backends, VhostUserServerTest,
                         testing::Values(AioContext::Backend::io_uring, AioContext::Backend::epoll),
                         [](const auto& info) {
                           return info.param == AioContext::Backend::epoll ? "epoll" : "io_uring";
                         });

TEST_P(VhostUserServerTest, ReadsWhatWasWritten) {
  RunningServer server(disk_, {}, 1, GetParam());
  FrontEnd front_end(server.path());
  front_end.negotiate();
  ASSERT_TRUE(front_end.share(memory_));
  DriverRing ring(memory_, 128, true);
  ASSERT_TRUE(front_end.start(0, ring));
  BlockDriver driver(memory_, ring, 2);
  unsigned seed = 0;
  for (const bool indirect : {false, true}) {
    for (const unsigned pieces : {1U, 3U, 12U}) {
      for (const uint32_t bytes : {512U, 4096U, 65536U}) {
        ++seed;
        for (uint32_t at = 0; at < bytes; ++at)
          driver.data(0)[at] = static_cast<std::byte>(at * 7 + at / 512 + seed);
        std::vector<std::byte> written(driver.data(0), driver.data(0) + bytes);
        EXPECT_EQ(driver.run(VIRTIO_BLK_T_OUT, seed * 200, bytes, pieces, indirect),
                  VIRTIO_BLK_S_OK);
        EXPECT_EQ(driver.last_written(), 1U);
        std::memset(driver.data(0), 0, bytes);
        EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, seed * 200, bytes, pieces, indirect),
                  VIRTIO_BLK_S_OK);
        EXPECT_EQ(driver.last_written(), bytes + 1);
        EXPECT_EQ(std::memcmp(driver.data(0), written.data(), bytes), 0);
      }
    }
  }
  server.stop();
  EXPECT_TRUE(server.log().empty());
}

TEST_P(VhostUserServerTest, GoesRoundTheRingManyTimes) {
  RunningServer server(disk_, {}, 1, GetParam());
  for (const bool event_index : {true, false}) {
    FrontEnd front_end(server.path());
    front_end.negotiate(event_index ? 0 : bit(VIRTIO_RING_F_EVENT_IDX));
    ASSERT_TRUE(front_end.share(memory_));
    // The index of the ring itself goes round, too.
    DriverRing ring(memory_, 8, event_index);
    ASSERT_TRUE(front_end.start(0, ring));
    BlockDriver driver(memory_, ring, 2);
    for (unsigned request = 0; request < 70'000; request += 2) {
      ASSERT_TRUE(driver.add(0, VIRTIO_BLK_T_OUT, request % 1000, 512));
      ASSERT_TRUE(driver.add(1, VIRTIO_BLK_T_IN, request % 1000, 512));
      driver.submit();
      for (int answer = 0; answer < 2; ++answer)
        ASSERT_TRUE(driver.wait().has_value());
      ASSERT_EQ(driver.status(0) | driver.status(1), VIRTIO_BLK_S_OK);
    }
    EXPECT_EQ(front_end.stop(0), static_cast<uint16_t>(70'000));
  }
}

TEST_P(VhostUserServerTest, QueuesInSeveralThreadsServeOneDisk) {
  constexpr uint16_t queues = 4;
  RunningServer server(disk_, {.queues = queues}, 2, GetParam());
  FrontEnd front_end(server.path());
  front_end.negotiate();
  EXPECT_EQ(front_end.ask(RequestType::get_queue_num), queues);
  ASSERT_TRUE(front_end.share(memory_));
  std::deque<DriverRing> rings;
  std::deque<BlockDriver> drivers;
  constexpr unsigned depth = 16;
  for (uint16_t queue = 0; queue < queues; ++queue) {
    rings.emplace_back(memory_, 64, true);
    ASSERT_TRUE(front_end.start(queue, rings.back()));
    drivers.emplace_back(memory_, rings.back(), depth);
  }
  // Each guest's processor writes and reads back a part of the disk of its own.
  std::vector<std::thread> processors;
  std::atomic<unsigned> wrong = 0;
  for (uint16_t queue = 0; queue < queues; ++queue) {
    processors.emplace_back([&, queue] {
      BlockDriver& driver = drivers[queue];
      for (unsigned round = 0; round < 50; ++round) {
        for (const uint32_t type : {VIRTIO_BLK_T_OUT, VIRTIO_BLK_T_IN}) {
          for (unsigned slot = 0; slot < depth; ++slot) {
            const int value = static_cast<int>((round + slot + queue) % 251);
            std::memset(driver.data(slot), type == VIRTIO_BLK_T_OUT ? value : 255, 4096);
            const uint64_t sector = (uint64_t{queue} * depth + slot) * 8;
            wrong += driver.add(slot, type, sector, 4096, 1 + slot % 2) ? 0 : 1;
          }
          driver.submit();
          for (unsigned done = 0; done < depth; ++done) {
            const auto slot = driver.wait();
            if (!slot || driver.status(*slot) != VIRTIO_BLK_S_OK ||
                driver.data(*slot)[4095] != static_cast<std::byte>((round + *slot + queue) % 251))
              ++wrong;
          }
        }
      }
    });
  }
  for (std::thread& one : processors)
    one.join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(disk_.writes, 4U * 50 * depth);
}

TEST_P(VhostUserServerTest, EveryRequestDoesWhatItSays) {
  RunningServer server(disk_, {.serial = "a serial number"}, 1, GetParam());
  FrontEnd front_end(server.path());
  front_end.negotiate();
  ASSERT_TRUE(front_end.share(memory_));
  DriverRing ring(memory_, 64, true);
  ASSERT_TRUE(front_end.start(0, ring));
  BlockDriver driver(memory_, ring, 1);

  EXPECT_EQ(driver.run(VIRTIO_BLK_T_GET_ID, 0, VIRTIO_BLK_ID_BYTES), VIRTIO_BLK_S_OK);
  EXPECT_STREQ(reinterpret_cast<const char*>(driver.data(0)), "a serial number");
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_FLUSH, 0, 0), VIRTIO_BLK_S_OK);
  EXPECT_EQ(disk_.flushes, 1U);

  std::memset(driver.data(0), 'x', 65536);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_OUT, 0, 65536), VIRTIO_BLK_S_OK);
  virtio_blk_discard_write_zeroes ranges[2] = {
      {.sector = 8, .num_sectors = 8, .flags = 0},
      {.sector = 32, .num_sectors = 16, .flags = VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP}};
  std::memcpy(driver.data(0), ranges, sizeof ranges);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_WRITE_ZEROES, 0, sizeof ranges), VIRTIO_BLK_S_OK);
  EXPECT_EQ(disk_.zeroes, 2U);
  EXPECT_EQ(disk_.unmapping_zeroes, 1U);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, 0, 65536), VIRTIO_BLK_S_OK);
  EXPECT_EQ(driver.data(0)[8 * 512 - 1], std::byte{'x'});
  EXPECT_EQ(driver.data(0)[8 * 512], std::byte{0});
  EXPECT_EQ(driver.data(0)[16 * 512], std::byte{'x'});
  EXPECT_EQ(driver.data(0)[47 * 512], std::byte{0});

  // The flag is not for discards.
  std::memcpy(driver.data(0), ranges, sizeof ranges);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_DISCARD, 0, sizeof ranges), VIRTIO_BLK_S_UNSUPP);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_DISCARD, 0, sizeof ranges[0]), VIRTIO_BLK_S_OK);
  EXPECT_EQ(disk_.trims, 1U);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_SECURE_ERASE, 0, sizeof ranges[0]), VIRTIO_BLK_S_UNSUPP);
}

TEST_P(VhostUserServerTest, RefusesWhatIsNotThere) {
  RunningServer server(disk_, {}, 1, GetParam());
  FrontEnd front_end(server.path());
  front_end.negotiate();
  ASSERT_TRUE(front_end.share(memory_));
  DriverRing ring(memory_, 64, true);
  ASSERT_TRUE(front_end.start(0, ring));
  BlockDriver driver(memory_, ring, 1);
  constexpr uint64_t sectors = disk_bytes / 512;
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, sectors - 1, 512), VIRTIO_BLK_S_OK);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, sectors - 1, 1024), VIRTIO_BLK_S_IOERR);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_OUT, sectors, 512), VIRTIO_BLK_S_IOERR);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_OUT, UINT64_MAX, 512), VIRTIO_BLK_S_IOERR);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, 0, 511), VIRTIO_BLK_S_IOERR);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, 0, 0), VIRTIO_BLK_S_IOERR);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_DISCARD, 0, 15), VIRTIO_BLK_S_IOERR);
  const virtio_blk_discard_write_zeroes beyond{
      .sector = UINT64_MAX - 1, .num_sectors = 8, .flags = 0};
  std::memcpy(driver.data(0), &beyond, sizeof beyond);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_WRITE_ZEROES, 0, sizeof beyond), VIRTIO_BLK_S_IOERR);
  EXPECT_EQ(disk_.writes + disk_.zeroes + disk_.trims, 0U);
}

TEST_P(VhostUserServerTest, TheCacheIsWhatTheGuestIsTold) {
  RunningServer server(disk_, {}, 1, GetParam());
  FrontEnd front_end(server.path());
  front_end.negotiate();
  EXPECT_EQ(front_end.config().wce, 1);
  ASSERT_TRUE(front_end.share(memory_));
  DriverRing ring(memory_, 64, true);
  ASSERT_TRUE(front_end.start(0, ring));
  BlockDriver driver(memory_, ring, 1);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_OUT, 0, 512), VIRTIO_BLK_S_OK);
  EXPECT_EQ(disk_.stable_writes, 0U);

  EXPECT_TRUE(front_end.set_writeback(0));
  EXPECT_EQ(front_end.config().wce, 0);
  // What was written before is stable as well.
  EXPECT_EQ(disk_.flushes, 1U);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_OUT, 0, 512), VIRTIO_BLK_S_OK);
  EXPECT_EQ(disk_.stable_writes, 1U);

  EXPECT_TRUE(front_end.set_writeback(1));
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_OUT, 0, 512), VIRTIO_BLK_S_OK);
  EXPECT_EQ(disk_.stable_writes, 1U);
  EXPECT_FALSE(front_end.set_writeback(2));
}

TEST_P(VhostUserServerTest, AGuestThatCantFlushNeedNot) {
  RunningServer server(disk_, {}, 1, GetParam());
  FrontEnd front_end(server.path());
  front_end.negotiate(bit(VIRTIO_BLK_F_FLUSH) | bit(VIRTIO_BLK_F_CONFIG_WCE));
  ASSERT_TRUE(front_end.share(memory_));
  DriverRing ring(memory_, 64, true);
  ASSERT_TRUE(front_end.start(0, ring));
  BlockDriver driver(memory_, ring, 1);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_OUT, 0, 512), VIRTIO_BLK_S_OK);
  EXPECT_EQ(disk_.stable_writes, 1U);
}

TEST_P(VhostUserServerTest, AReadOnlyDiskTakesNoWrites) {
  RunningServer server(disk_, {.read_only = true}, 1, GetParam());
  FrontEnd front_end(server.path());
  front_end.negotiate();
  EXPECT_NE(front_end.features() & bit(VIRTIO_BLK_F_RO), 0U);
  EXPECT_EQ(front_end.features() & bit(VIRTIO_BLK_F_DISCARD), 0U);
  ASSERT_TRUE(front_end.share(memory_));
  DriverRing ring(memory_, 64, true);
  ASSERT_TRUE(front_end.start(0, ring));
  BlockDriver driver(memory_, ring, 1);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, 0, 512), VIRTIO_BLK_S_OK);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_OUT, 0, 512), VIRTIO_BLK_S_IOERR);
  const virtio_blk_discard_write_zeroes range{.sector = 0, .num_sectors = 8, .flags = 0};
  std::memcpy(driver.data(0), &range, sizeof range);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_WRITE_ZEROES, 0, sizeof range), VIRTIO_BLK_S_IOERR);
  EXPECT_EQ(disk_.writes + disk_.zeroes, 0U);
}

TEST_P(VhostUserServerTest, TheConfigurationDescribesTheDevice) {
  RecordingDevice disk(disk_bytes, {.minimum = 4096, .preferred = 65536});
  RunningServer server(disk, {.queues = 3, .queue_size = 256}, 1, GetParam());
  FrontEnd front_end(server.path());
  front_end.negotiate();
  const virtio_blk_config config = front_end.config();
  EXPECT_EQ(config.capacity, disk_bytes / 512);
  EXPECT_EQ(config.blk_size, 4096U);
  EXPECT_EQ(config.physical_block_exp, 4);
  EXPECT_EQ(config.num_queues, 3);
  EXPECT_EQ(config.seg_max, 254U);
  EXPECT_EQ(config.max_discard_seg, most_ranges);
  ASSERT_TRUE(front_end.share(memory_));
  DriverRing ring(memory_, 64, true);
  ASSERT_TRUE(front_end.start(0, ring));
  BlockDriver driver(memory_, ring, 1);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, 8, 4096), VIRTIO_BLK_S_OK);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, 4, 4096), VIRTIO_BLK_S_IOERR);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, 8, 512), VIRTIO_BLK_S_IOERR);
}

TEST_P(VhostUserServerTest, TellsOfANewSize) {
  RunningServer server(disk_, {}, 1, GetParam());
  FrontEnd front_end(server.path());
  front_end.negotiate();
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  const FileDescriptor ours(ends[0]);
  const FileDescriptor theirs(ends[1]);
  const int passed = theirs.get();
  EXPECT_EQ(front_end.acknowledged(RequestType::set_backend_req_fd, {}, {&passed, 1}), 0U);
  ASSERT_TRUE(front_end.share(memory_));
  DriverRing ring(memory_, 64, true);
  ASSERT_TRUE(front_end.start(0, ring));
  BlockDriver driver(memory_, ring, 1);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, disk_bytes / 512, 512), VIRTIO_BLK_S_IOERR);

  disk_.resize(2 * disk_bytes);
  server.server().size_changed();
  MessageHeader told = {};
  ASSERT_EQ(recv(ours.get(), &told, sizeof told, MSG_WAITALL), static_cast<ssize_t>(sizeof told));
  EXPECT_EQ(told.request, static_cast<uint32_t>(BackendRequestType::config_change));
  EXPECT_EQ(told.size, 0U);
  EXPECT_EQ(front_end.config().capacity, 2 * disk_bytes / 512);
  EXPECT_EQ(driver.run(VIRTIO_BLK_T_IN, disk_bytes / 512, 512), VIRTIO_BLK_S_OK);
}

TEST_P(VhostUserServerTest, AStopOfARingWaitsForItsRequests) {
  GatedDevice gated(false);
  RunningServer server(gated, {}, 1, GetParam());
  FrontEnd front_end(server.path());
  front_end.negotiate();
  ASSERT_TRUE(front_end.share(memory_));
  DriverRing ring(memory_, 64, true);
  ASSERT_TRUE(front_end.start(0, ring));
  BlockDriver driver(memory_, ring, 3);
  for (unsigned slot = 0; slot < 3; ++slot)
    ASSERT_TRUE(driver.add(slot, VIRTIO_BLK_T_IN, slot, 512));
  driver.submit();
  gated.wait_for(3);
  front_end.send(RequestType::get_vring_base, RingState{0, 0});
  pollfd answered{.fd = front_end.fd(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&answered, 1, 20), 0);
  gated.open();
  const auto reply = front_end.receive();
  ASSERT_TRUE(reply.has_value());
  // All were put back before the answer, and the ring goes on from where it was.
  EXPECT_EQ(ring.used_index(), 3);
  for (unsigned slot = 0; slot < 3; ++slot)
    ASSERT_TRUE(driver.completed().has_value());
  ASSERT_TRUE(driver.add(0, VIRTIO_BLK_T_IN, 0, 512));
  driver.submit();
  EXPECT_FALSE(ring.wait_for_call(20) && ring.used_index() > 3);
  ASSERT_TRUE(front_end.start(0, ring, 3));
  EXPECT_TRUE(driver.wait().has_value());
}

TEST_P(VhostUserServerTest, MemoryIsExchangedUnderRequests) {
  RunningServer server(disk_, {}, 1, GetParam());
  FrontEnd front_end(server.path());
  front_end.negotiate();
  ASSERT_TRUE(front_end.share(memory_));
  DriverRing ring(memory_, 64, true);
  ASSERT_TRUE(front_end.start(0, ring));
  BlockDriver driver(memory_, ring, 8);
  std::atomic<bool> exchanged = false;
  std::thread processor([&] {
    unsigned requests = 0;
    while (!exchanged || requests < 100) {
      ASSERT_EQ(driver.run(VIRTIO_BLK_T_OUT, requests % 1000, 4096), VIRTIO_BLK_S_OK);
      ++requests;
    }
  });
  // A region beside the first comes and goes.
  const TestMemory more(1 << 20);
  const SingleRegion region{.padding = 0,
                            .region = {.guest_address = 0x1'0000'0000,
                                       .size = more.size(),
                                       .user_address = 0x7e00'0000'0000,
                                       .mmap_offset = 0}};
  const int fd = more.fd();
  for (int round = 0; round < 20; ++round) {
    EXPECT_TRUE(front_end.set(RequestType::add_mem_reg, region, {&fd, 1}));
    EXPECT_FALSE(front_end.set(RequestType::add_mem_reg, region, {&fd, 1}));
    EXPECT_TRUE(front_end.set(RequestType::rem_mem_reg, region));
  }
  exchanged = true;
  processor.join();
}

TEST_P(VhostUserServerTest, OneFrontEndComesAfterTheOther) {
  RunningServer server(disk_, {}, 1, GetParam());
  for (uint16_t round = 0; round < 3; ++round) {
    FrontEnd front_end(server.path());
    front_end.negotiate();
    ASSERT_TRUE(front_end.share(memory_));
    DriverRing ring(memory_, 64, true);
    ASSERT_TRUE(front_end.start(0, ring));
    BlockDriver driver(memory_, ring, 1);
    EXPECT_EQ(driver.run(VIRTIO_BLK_T_OUT, 0, 512), VIRTIO_BLK_S_OK);
  }
  server.stop();
  EXPECT_TRUE(server.log().empty());
}

TEST_P(VhostUserServerTest, AStopCompletesWhatIsInFlight) {
  GatedDevice gated(false);
  auto server = std::make_unique<RunningServer>(gated, ServerOptions{}, 1, GetParam());
  FrontEnd front_end(server->path());
  front_end.negotiate();
  ASSERT_TRUE(front_end.share(memory_));
  DriverRing ring(memory_, 64, true);
  ASSERT_TRUE(front_end.start(0, ring));
  BlockDriver driver(memory_, ring, 1);
  ASSERT_TRUE(driver.add(0, VIRTIO_BLK_T_OUT, 0, 512));
  driver.submit();
  gated.wait_for(1);
  std::thread stopping([&] { server.reset(); });
  gated.open();
  stopping.join();
  EXPECT_EQ(ring.used_index(), 1);
  EXPECT_TRUE(front_end.is_cut_off());
}

} // namespace
} // namespace lockvet::runtime::vhost_user
