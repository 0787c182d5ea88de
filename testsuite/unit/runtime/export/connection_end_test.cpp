// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How connections end: by the client, in the middle of anything, by what a hostile one does, and by
// the server's stop. Nothing in flight is lost, nothing waits for ever, and no more is said than
// one line a connection.

#include "gated_device.h"
#include "nbd_client.h"
#include "running_server.h"
#include "runtime/export/memory_device.h"

#include <deque>

namespace lockvet::runtime::nbd {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

// In one piece, so that the socket has room for them.
Text many_reads(unsigned count) {
  Text text;
  for (uint64_t index = 0; index < count; ++index)
    text += request(Command::read, index, 0, 1 << 20);
  return text;
}

class ConnectionEndTest : public testing::TestWithParam<AioContext::Backend> {
protected:
  void SetUp() override {
    disk_ = std::move(*MemoryDevice::create(1 << 20));
    ASSERT_EQ(exports_.add({"disk", "", disk_.get()}), "");
    ASSERT_EQ(exports_.add({"gated", "", &gated_}), "");
  }

  // What a client that does this to a session is told of in the log.
  template <typename Does> Lines log_of(Does does, ServerOptions options = {}) {
    RunningServer server(exports_, GetParam(), options);
    Client client(server.path());
    client.negotiate("disk", true);
    does(client);
    EXPECT_TRUE(client.at_end());
    server.wait_for_no_connections();
    return server.log();
  }

  std::unique_ptr<MemoryDevice> disk_;
  GatedDevice gated_{false};
  ExportList exports_;
};

INSTANTIATE_TEST_SUITE_P(Backends, ConnectionEndTest,
                         testing::Values(AioContext::Backend::io_uring, AioContext::Backend::epoll),
                         [](const auto& info) {
                           return info.param == AioContext::Backend::epoll ? "epoll" : "io_uring";
                         });

// --- by the client -------------------------------------------------------------------------------

TEST_P(ConnectionEndTest, AFarewellWaitsForWhatIsInFlight) {
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("gated", true);
  client.send(request(Command::write, 1, 0, 1) + "x" + request(Command::read, 2, 0, 512) +
              request(Command::disconnect, 3, 0, 0));
  gated_.wait_for(2);
  gated_.open();
  EXPECT_EQ(client.reply().error, 0U);
  EXPECT_EQ(client.reply().error, 0U);
  EXPECT_TRUE(client.at_end());
  server.wait_for_no_connections();
  EXPECT_EQ(server.log(), Lines{});
}

TEST_P(ConnectionEndTest, HalfAnEndIsAnsweredAsWell) {
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("gated", true);
  client.send(request(Command::flush, 1, 0, 0));
  client.send_end();
  gated_.wait_for(1);
  gated_.open();
  EXPECT_EQ(client.reply().error, 0U);
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(server.log(), Lines{});
}

// Sixty-four reads, and the socket closed: another server is known to abort.
TEST_P(ConnectionEndTest, ASocketThatIsClosedWithRequestsInFlight) {
  RunningServer server(exports_, GetParam());
  for (int round = 0; round < 5; ++round) {
    Client client(server.path());
    client.negotiate("gated", true);
    for (uint64_t index = 0; index < 64; ++index)
      client.send(request(Command::read, index, 0, 65536));
    gated_.wait_for(64 * (round + 1));
    client.close();
    gated_.open();
  }
  server.wait_for_no_connections();
  EXPECT_EQ(server.log(), Lines{});
}

// Its replies have no room in the socket, so that there is never more than one in flight.
TEST_P(ConnectionEndTest, WhatNobodyWaitsForIsNotRead) {
  GatedDevice device(true);
  ASSERT_EQ(exports_.add({"open", "", &device}), "");
  RunningServer server(exports_, GetParam(), {.transmission = {.most_bytes = 1 << 20}});
  Client client(server.path());
  client.negotiate("open", true);
  client.send(many_reads(100));
  device.wait_for(1);
  client.close();
  server.wait_for_no_connections();
  EXPECT_LE(device.come(), 3U);
  EXPECT_EQ(server.log(), Lines{});
}

TEST_P(ConnectionEndTest, AClientThatComesAndGoes) {
  RunningServer server(exports_, GetParam());
  for (int round = 0; round < 20; ++round)
    Client client(server.path());
  Client client(server.path());
  client.receive(18);
  client.send(client_flags() + option(Option::abort));
  EXPECT_EQ(client.receive(20), big(option_reply_magic, 8) + big(2, 4) + big(1, 4) + big(0, 4));
  EXPECT_TRUE(client.at_end());
  server.wait_for_no_connections();
  EXPECT_EQ(server.log(), Lines{});
}

// --- by hostile ones -----------------------------------------------------------------------------

TEST_P(ConnectionEndTest, AWrongMagicEndsIt) {
  EXPECT_EQ(log_of([](Client& client) { client.send(Text(28, 'x')); }),
            Lines{"connection closed: a request does not begin with NBD_REQUEST_MAGIC"});
}

TEST_P(ConnectionEndTest, AnAbsurdWriteEndsIt) {
  EXPECT_EQ(log_of([](Client& client) { client.send(request(Command::write, 1, 0, 0xffff'ffff)); }),
            Lines{"connection closed: a write announces 4294967295 bytes; 33554432 is the limit"});
}

TEST_P(ConnectionEndTest, AWriteBeyondTheLimitIsSkippedOver) {
  ServerOptions options;
  options.negotiation.most_payload_bytes = 4096;
  EXPECT_EQ(log_of(
                [](Client& client) {
                  EXPECT_EQ(client.write(0, Text(300'000, 'x')), 22U);
                  EXPECT_EQ(client.read(0, 512), Text(512, '\0'));
                  client.send(request(Command::disconnect, 1, 0, 0));
                },
                options),
            Lines{});
}

TEST_P(ConnectionEndTest, ARequestThatIsCutOff) {
  EXPECT_EQ(log_of([](Client& client) {
              client.send(request(Command::read, 1, 0, 512).substr(0, 27));
              client.send_end();
            }),
            Lines{"connection closed: the stream ends within the header of a request"});
  EXPECT_EQ(log_of([](Client& client) {
              client.send(request(Command::write, 1, 0, 512) + "only this");
              client.send_end();
            }),
            Lines{"connection closed: the stream ends within the data of a write"});
}

TEST_P(ConnectionEndTest, WhatIsInFlightIsAnsweredBeforeAnError) {
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("gated", true);
  client.send(request(Command::write, 1, 0, 1) + "x" + Text(28, '?'));
  gated_.wait_for(1);
  gated_.open();
  EXPECT_EQ(client.reply().cookie, 1U);
  EXPECT_TRUE(client.at_end());
}

TEST_P(ConnectionEndTest, ANegotiationHasATimeLimit) {
  ServerOptions options;
  options.negotiation_time = 100ms;
  RunningServer server(exports_, GetParam(), options);
  {
    Client idle(server.path());
    EXPECT_EQ(idle.receive(18).size(), 18U);
    EXPECT_TRUE(idle.at_end());
  }
  {
    // One that keeps asking has the same.
    Client busy(server.path());
    busy.receive(18);
    busy.send(client_flags());
    while (busy.send(option(Option::list)) && busy.receive(20).size() == 20) {
    }
  }
  server.wait_for_no_connections();
  EXPECT_EQ(server.log(), (Lines{"connection closed: the negotiation has taken too long",
                                 "connection closed: the negotiation has taken too long"}));
}

TEST_P(ConnectionEndTest, TheLimitEndsWithTheNegotiation) {
  ServerOptions options;
  options.negotiation_time = 1s;
  RunningServer server(exports_, GetParam(), options);
  Client client(server.path());
  client.negotiate("disk", true);
  // Another's time is over, and so would this one's be.
  Client idle(server.path());
  idle.receive(18);
  EXPECT_TRUE(idle.at_end());
  EXPECT_EQ(client.read(0, 512).size(), 512U);
}

TEST_P(ConnectionEndTest, ABadNegotiationEndsWithALine) {
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.receive(18);
  client.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(client.at_end());
  server.wait_for_no_connections();
  ASSERT_EQ(server.log().size(), 1U);
  EXPECT_EQ(server.log()[0].substr(0, 30), "connection closed: the client ");
}

// One that asks and does not read costs its limits, and another is served meanwhile.
TEST_P(ConnectionEndTest, AClientThatDoesNotReadHindersNobody) {
  RunningServer server(exports_, GetParam());
  Client greedy(server.path());
  greedy.negotiate("disk", true);
  greedy.send(many_reads(1000));
  Client other(server.path());
  other.negotiate("disk", true);
  EXPECT_EQ(other.read(0, 4096).size(), 4096U);
  greedy.close();
}

TEST_P(ConnectionEndTest, ConnectionsHaveALimit) {
  ServerOptions options;
  options.most_connections = 2;
  RunningServer server(exports_, GetParam(), options);
  Client first(server.path());
  first.negotiate("disk", true);
  Client second(server.path());
  second.negotiate("disk", true);
  for (int round = 0; round < 3; ++round) {
    Client third(server.path());
    EXPECT_TRUE(third.at_end());
  }
  EXPECT_EQ(server.log(), Lines{"a connection is refused: there are 2 already"});
  first.close();
  while (server.connections() == 2)
    std::this_thread::yield();
  Client fourth(server.path());
  fourth.negotiate("disk", true);
}

// However many come and say nothing, who does is served.
TEST_P(ConnectionEndTest, AClientThatSaysNothingMakesRoom) {
  ServerOptions options;
  options.most_connections = 3;
  RunningServer server(exports_, GetParam(), options, 2);
  Client served(server.path());
  served.negotiate("disk", true);
  std::deque<Client> silent;
  for (int count = 0; count < 50; ++count) {
    silent.emplace_back(server.path());
    EXPECT_EQ(silent.back().receive(18).size(), 18U);
  }
  EXPECT_TRUE(silent.front().at_end());
  Client other(server.path());
  other.negotiate("disk", true);
  EXPECT_EQ(other.read(0, 512).size(), 512U);
  EXPECT_EQ(served.read(0, 512).size(), 512U);
  silent.clear();
  server.stop();
  EXPECT_EQ(server.log(),
            Lines{"a client that negotiates is cut off for another: there are 3 already"});
}

TEST_P(ConnectionEndTest, WhoHoldsMemoryForNothingLosesIt) {
  ServerOptions options;
  options.transmission.most_own_bytes = 0;
  options.most_shared_bytes = 1 << 20;
  options.patience = 300ms;
  RunningServer server(exports_, GetParam(), options, 2);
  Client other(server.path());
  other.negotiate("disk", true);
  // One that does not send what it has announced, and one that does not read what it has asked for.
  for (const Text& asked : {request(Command::write, 1, 0, 1 << 20), many_reads(1)}) {
    Client greedy(server.path());
    greedy.negotiate("disk", true);
    greedy.send(asked);
    while (server.connections() > 1)
      ASSERT_EQ(other.read(0, 1 << 20).size(), 1U << 20);
  }
  EXPECT_EQ(server.log(), Lines(2, "connection closed: the client holds memory that others wait "
                                   "for, and neither sends nor reads"));
}

// What waits for the device is not the client's fault, however long it takes.
TEST_P(ConnectionEndTest, WhoWaitsForTheDeviceKeepsItsMemory) {
  ServerOptions options;
  options.transmission.most_own_bytes = 0;
  options.most_shared_bytes = 1 << 20;
  options.patience = 300ms;
  RunningServer server(exports_, GetParam(), options, 2);
  Client waiting(server.path());
  waiting.negotiate("gated", true);
  waiting.send(request(Command::read, 1, 0, 1 << 20));
  gated_.wait_for(1);
  Client other(server.path());
  other.negotiate("disk", true);
  other.send(request(Command::read, 2, 0, 1 << 20));
  // The other looks for its turn many times beyond the patience.
  std::this_thread::sleep_for(500ms);
  gated_.open();
  EXPECT_EQ(waiting.reply().payload.size(), (1U << 20) + 8);
  EXPECT_EQ(other.reply().payload.size(), (1U << 20) + 8);
}

// --- by the server -------------------------------------------------------------------------------

TEST_P(ConnectionEndTest, AStopCompletesWhatIsInFlight) {
  RunningServer server(exports_, GetParam(), {}, 2);
  Client first(server.path());
  Client second(server.path());
  for (Client* client : {&first, &second}) {
    client->negotiate("gated", true);
    client->send(request(Command::write, 1, 0, 1) + "x" + request(Command::flush, 2, 0, 0));
  }
  gated_.wait_for(4);
  server.request_stop();
  gated_.open();
  server.stop();
  for (Client* client : {&first, &second}) {
    EXPECT_EQ(client->reply().error, 0U);
    EXPECT_EQ(client->reply().error, 0U);
    EXPECT_TRUE(client->at_end());
  }
  EXPECT_EQ(server.log(), Lines{});
}

TEST_P(ConnectionEndTest, AStopEndsThoseThatOnlyWait) {
  RunningServer server(exports_, GetParam());
  Client negotiating(server.path());
  negotiating.receive(18);
  Client idle(server.path());
  idle.negotiate("disk", true);
  server.stop();
  EXPECT_TRUE(negotiating.at_end());
  EXPECT_TRUE(idle.at_end());
  EXPECT_EQ(server.log(), Lines{});
}

TEST_P(ConnectionEndTest, AStopDoesNotWaitForPeersThatDoNotRead) {
  ServerOptions options;
  options.shutdown_time = 30ms;
  RunningServer server(exports_, GetParam(), options);
  Client greedy(server.path());
  greedy.negotiate("disk", true);
  greedy.send(many_reads(200));
  Client other(server.path());
  other.negotiate("disk", true);
  server.stop();
  EXPECT_TRUE(other.at_end());
}

// Whatever was read and not begun is refused by its own error.
TEST_P(ConnectionEndTest, WhatComesAfterAStopIsRefused) {
  ServerOptions options;
  options.transmission.most_requests = 1;
  RunningServer server(exports_, GetParam(), options);
  Client client(server.path());
  client.negotiate("gated", true);
  client.send(request(Command::flush, 1, 0, 0) + request(Command::flush, 2, 0, 0));
  gated_.wait_for(1);
  server.request_stop();
  // Until the connection knows of it, which shows by the socket not taking any more.
  while (client.send("x"))
    std::this_thread::yield();
  gated_.open();
  EXPECT_EQ(client.reply().error, 0U);
  const Answer second = client.reply();
  EXPECT_EQ(second.cookie, 2U);
  EXPECT_EQ(second.error, 108U);
  EXPECT_TRUE(client.at_end());
}

} // namespace
} // namespace lockvet::runtime::nbd
