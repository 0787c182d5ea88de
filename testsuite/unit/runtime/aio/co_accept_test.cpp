// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A coroutine that waits for connections: it gets each, ends when it is told to, and says what is
// wrong where the process has no descriptor left.

#include "runtime/aio/co_accept.h"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace lockvet::runtime {
namespace {

class CoAcceptTest : public testing::Test {
protected:
  CoAcceptTest()
      : context_(std::move(*AioContext::create())),
        socket_(std::move(*ListeningSocket::at_port("127.0.0.1", 0))) {}

  FileDescriptor connect_to() const {
    FileDescriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(socket_.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    return client;
  }
  template <typename Body> void spawn(Body body) {
    ASSERT_TRUE(Coroutine::spawn(*context_, std::move(body)));
  }
  void run() {
    context_->stop();
    context_->assert_home();
    context_->loop();
  }

  std::unique_ptr<AioContext> context_;
  ListeningSocket socket_;
};

TEST_F(CoAcceptTest, GetsWhoConnectsUntilItIsToStop) {
  Cancellation stop;
  unsigned accepted = 0;
  spawn([&]() LV_COROUTINE_FN {
    context_->assert_home();
    while (auto client = co_accept(*context_, socket_, stop))
      if (++accepted == 3)
        stop.request();
    EXPECT_TRUE(stop.requested());
  });
  const std::array clients = {connect_to(), connect_to(), connect_to()};
  run();
  EXPECT_EQ(accepted, clients.size());
}

TEST_F(CoAcceptTest, SaysThatThereIsNoDescriptorLeft) {
  Cancellation stop;
  const FileDescriptor client = connect_to();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  spawn([&]() LV_COROUTINE_FN {
    context_->assert_home();
    // The next descriptor would be beyond it.
    const FileDescriptor next(dup(socket_.fd()));
    const rlimit none{static_cast<rlim_t>(next.get()) + 1, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    const auto refused = co_accept(*context_, socket_, stop);
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), std::errc::too_many_files_open);
    EXPECT_TRUE(co_accept(*context_, socket_, stop));
  });
  run();
}

} // namespace
} // namespace lockvet::runtime
