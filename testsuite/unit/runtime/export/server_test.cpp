// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A server and clients over sockets: every command does what it says, and several connections at
// once do as well.

#include "gated_device.h"
#include "nbd_client.h"
#include "running_server.h"
#include "runtime/export/memory_device.h"
#include "runtime/export/nbd/server.h"

#include <random>
#include <set>

namespace lockvet::runtime::nbd {
namespace {

constexpr uint64_t disk_bytes = 8 << 20;

class ServerTest : public testing::TestWithParam<AioContext::Backend> {
protected:
  void SetUp() override {
    disk_ = std::move(*MemoryDevice::create(disk_bytes));
    ASSERT_EQ(exports_.add({"disk", "", disk_.get()}), "");
    ASSERT_EQ(exports_.add({"constant", "", disk_.get(), true}), "");
    ASSERT_EQ(exports_.add({"gated", "", &gated_}), "");
  }

  std::unique_ptr<MemoryDevice> disk_;
  GatedDevice gated_{true};
  ExportList exports_;
};

INSTANTIATE_TEST_SUITE_P(Backends, ServerTest,
                         testing::Values(AioContext::Backend::io_uring, AioContext::Backend::epoll),
                         [](const auto& info) {
                           return info.param == AioContext::Backend::epoll ? "epoll" : "io_uring";
                         });

Text random_text(size_t bytes, unsigned seed) {
  std::mt19937 random(seed);
  Text text(bytes, '\0');
  for (char& byte : text)
    byte = static_cast<char>(random());
  return text;
}

TEST_P(ServerTest, ReadsWhatWasWritten) {
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("disk", true);
  unsigned seed = 0;
  // From one byte to more than a block of the receive buffer holds.
  for (const size_t bytes : {1UL, 511UL, 4096UL, 65536UL, 262'116UL, 262'144UL, 3'000'000UL}) {
    const Text data = random_text(bytes, ++seed);
    EXPECT_EQ(client.write(bytes, data), 0U);
    EXPECT_TRUE(client.read(bytes, static_cast<uint32_t>(bytes)) == data);
  }
}

TEST_P(ServerTest, ZeroesTrimsAndStatus) {
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("disk", true);
  EXPECT_EQ(client.write(0, Text(65536, 'x')), 0U);
  EXPECT_EQ(client.ask(Command::write_zeroes, 8192, 4096).error, 0U);
  EXPECT_EQ(client.ask(Command::trim, 16384, 4096).error, 0U);
  EXPECT_EQ(client.ask(Command::flush, 0, 0).error, 0U);
  EXPECT_EQ(client.read(8192, 8192), Text(4096, '\0') + Text(4096, 'x'));
  const Answer status = client.ask(Command::block_status, 4096, 12288);
  EXPECT_EQ(status.type, Chunk::block_status);
  EXPECT_EQ(status.payload.substr(4),
            big(4096, 4) + big(0, 4) + big(4096, 4) + big(3, 4) + big(4096, 4) + big(0, 4));
  EXPECT_EQ(
      client.ask(Command::block_status, 65536, 1 << 20, "", command_req_one).payload.substr(4),
      big(4096, 4) + big(3, 4));
}

TEST_P(ServerTest, SimpleRepliesAreAsGood) {
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("disk", false);
  EXPECT_EQ(client.write(512, "hello"), 0U);
  EXPECT_EQ(client.ask(Command::read, 511, 7).error, 0U);
  EXPECT_EQ(client.receive(7), Text("\0hello\0", 7));
  EXPECT_EQ(client.ask(Command::read, disk_bytes, 7).error, 22U);
  EXPECT_EQ(client.ask(Command::read, 0, 0).error, 0U);
  EXPECT_EQ(client.ask(Command::block_status, 0, 512).error, 22U);
  EXPECT_EQ(client.ask(Command::flush, 0, 0).error, 0U);
}

TEST_P(ServerTest, EmptyRequestsAreDone) {
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("gated", true);
  EXPECT_EQ(client.ask(Command::read, 0, 0).type, Chunk::none);
  EXPECT_EQ(client.write(0, ""), 0U);
  EXPECT_EQ(client.ask(Command::write_zeroes, 0, 0).error, 0U);
  EXPECT_EQ(client.ask(Command::trim, 0, 0).error, 0U);
  EXPECT_EQ(gated_.come(), 0U);
}

TEST_P(ServerTest, ARefusalIsNoEnd) {
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("constant", true);
  // Its data are read all the same, and nothing else is.
  EXPECT_EQ(client.write(0, Text(100'000, 'x')), 1U);
  EXPECT_EQ(client.ask(Command::trim, 0, 512).error, 1U);
  EXPECT_EQ(client.ask(Command::cache, 0, 512).error, 22U);
  EXPECT_EQ(client.ask(static_cast<Command>(99), 0, 512).error, 22U);
  EXPECT_EQ(client.ask(Command::read, 0, (32 << 20) + 1).error, 75U);
  EXPECT_EQ(client.read(0, 512), Text(512, '\0'));
}

TEST_P(ServerTest, FlagsComeToTheDevice) {
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("gated", true);
  EXPECT_EQ(client.write(0, "x", command_fua), 0U);
  EXPECT_TRUE(gated_.last_flags().force_unit_access);
  EXPECT_EQ(client.write(0, "x"), 0U);
  EXPECT_FALSE(gated_.last_flags().force_unit_access);
  EXPECT_EQ(client.ask(Command::write_zeroes, 0, 512, "", command_no_hole).error, 0U);
  EXPECT_FALSE(gated_.last_flags().may_unmap);
  EXPECT_EQ(client.ask(Command::write_zeroes, 0, 512, "", command_fast_zero).error, 0U);
  EXPECT_TRUE(gated_.last_flags().may_unmap);
  EXPECT_TRUE(gated_.last_flags().only_if_fast);
}

TEST_P(ServerTest, ErrorsOfTheDeviceComeBack) {
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("gated", true);
  gated_.fail(std::make_error_code(std::errc::no_space_on_device));
  const Answer answer = client.ask(Command::write, 0, 1, "x");
  EXPECT_EQ(answer.error, 28U);
  EXPECT_EQ(answer.payload.substr(6), "the device is full");
  EXPECT_EQ(client.ask(Command::read, 0, 512).error, 28U);
  EXPECT_EQ(client.ask(Command::block_status, 0, 512).error, 28U);
  // Said of what has to be fast only, and of a hint not at all.
  gated_.fail(std::make_error_code(std::errc::not_supported));
  EXPECT_EQ(client.ask(Command::write_zeroes, 0, 512, "", command_fast_zero).error, 95U);
  EXPECT_EQ(client.ask(Command::write_zeroes, 0, 512).error, 5U);
  EXPECT_EQ(client.ask(Command::trim, 0, 512).error, 0U);
}

// A device in splinters is not asked without an end: what it has said by then is a reply.
TEST_P(ServerTest, ALongStatusIsCut) {
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("gated", true);
  const Answer status = client.ask(Command::block_status, 0, 0xffff'fe00);
  EXPECT_EQ(status.payload.substr(4), big(512 * 1024, 4) + big(0, 4));
}

TEST_P(ServerTest, ManyAtOnceAreAllAnswered) {
  // Also if there may be fewer in flight than the client wants.
  for (const unsigned most : {2U, 128U}) {
    ServerOptions options;
    options.transmission.most_requests = most;
    RunningServer server(exports_, GetParam(), options);
    Client client(server.path());
    client.negotiate("disk", true);
    Text sent;
    for (uint64_t index = 0; index < 500; ++index) {
      sent += index % 2 == 0 ? request(Command::write, index, index * 512, 512) + Text(512, 'w')
                             : request(Command::read, index, 4096 * (index % 7), 4096);
    }
    std::thread sender([&] { EXPECT_TRUE(client.send(sent)); });
    std::set<uint64_t> cookies;
    for (unsigned index = 0; index < 500; ++index) {
      const Answer answer = client.reply();
      EXPECT_EQ(answer.error, 0U);
      EXPECT_EQ(answer.payload.size(), answer.cookie % 2 == 0 ? 0U : 8U + 4096U);
      cookies.insert(answer.cookie);
    }
    sender.join();
    EXPECT_EQ(cookies.size(), 500U);
  }
}

TEST_P(ServerTest, MemoryForDataHasALimit) {
  ServerOptions options;
  options.transmission.most_bytes = 1 << 20;
  RunningServer server(exports_, GetParam(), options);
  GatedDevice& gated = gated_;
  Client client(server.path());
  client.negotiate("disk", true);
  // One alone may be larger.
  EXPECT_EQ(client.read(0, 4 << 20).size(), 4U << 20);
  Client waiting(server.path());
  waiting.negotiate("gated", true);
  waiting.send(request(Command::read, 1, 0, 1 << 20) + request(Command::read, 2, 0, 1));
  EXPECT_EQ(waiting.reply().cookie, 1U);
  EXPECT_EQ(waiting.reply().cookie, 2U);
  EXPECT_EQ(gated.come(), 2U);
}

TEST_P(ServerTest, SeveralConnectionsShareADevice) {
  RunningServer server(exports_, GetParam(), {}, 2);
  std::vector<std::thread> threads;
  for (unsigned index = 0; index < 4; ++index) {
    threads.emplace_back([&, index] {
      Client client(server.path());
      client.negotiate("disk", true);
      const uint64_t base = index * (disk_bytes / 4);
      for (unsigned round = 0; round < 50; ++round) {
        const Text data = random_text(8192, index * 1000 + round);
        EXPECT_EQ(client.write(base + round * 8192, data), 0U);
        EXPECT_TRUE(client.read(base + round * 8192, 8192) == data);
      }
      EXPECT_EQ(client.ask(Command::flush, 0, 0).error, 0U);
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  Client client(server.path());
  client.negotiate("disk", true);
  for (unsigned index = 0; index < 4; ++index)
    EXPECT_TRUE(client.read(index * (disk_bytes / 4) + 49 * 8192, 8192) ==
                random_text(8192, index * 1000 + 49));
}

TEST_P(ServerTest, ServesOverTcp) {
  RunningServer server(exports_, GetParam(), {}, 1, true);
  Client client(server.port());
  client.negotiate("disk", true);
  EXPECT_EQ(client.write(0, Text(100'000, 't')), 0U);
  EXPECT_EQ(client.read(0, 100'000), Text(100'000, 't'));
}

} // namespace
} // namespace lockvet::runtime::nbd
