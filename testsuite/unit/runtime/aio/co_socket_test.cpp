// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coroutines at sockets: data arrive whole and in order, both directions wait at once, and a
// shutdown ends what waits.

#include "runtime/aio/co_socket.h"
#include "runtime/aio/file_descriptor.h"
#include "runtime/aio/io_thread.h"
#include "runtime/aio/listening_socket.h"
#include "runtime/coroutine/co_group.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <numeric>
#include <sys/socket.h>
#include <sys/un.h>

namespace lockvet::runtime {
namespace {

class CoSocketTest : public testing::TestWithParam<AioContext::Backend> {
protected:
  void SetUp() override {
    auto context = AioContext::create({.backend = GetParam()});
    ASSERT_TRUE(context.has_value()) << context.error().message();
    context_ = std::move(*context);
    std::array<int, 2> ends;
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    here_ = FileDescriptor(ends[0]);
    there_ = FileDescriptor(ends[1]);
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
  FileDescriptor here_;
  FileDescriptor there_;
};

INSTANTIATE_TEST_SUITE_P(Backends, CoSocketTest,
                         testing::Values(AioContext::Backend::io_uring, AioContext::Backend::epoll),
                         [](const auto& info) {
                           return info.param == AioContext::Backend::epoll ? "epoll" : "io_uring";
                         });

// More than a socket holds, in pieces of odd sizes, one of which is empty.
TEST_P(CoSocketTest, WhatIsSentArrives) {
  std::vector<std::byte> sent(3'000'000);
  for (size_t index = 0; index < sent.size(); ++index)
    sent[index] = static_cast<std::byte>(index * 7 / 3);
  std::vector<std::byte> received;
  spawn([&]() LV_COROUTINE_FN {
    context_->assert_home();
    std::vector<iovec> pieces;
    size_t at = 0;
    for (const size_t bytes : {1UL, 0UL, 999'999UL, 2UL, 1'999'998UL}) {
      pieces.push_back({sent.data() + at, bytes});
      at += bytes;
    }
    EXPECT_FALSE(co_send(*context_, here_.get(), pieces));
    shutdown(here_.get(), SHUT_WR);
  });
  spawn([&]() LV_COROUTINE_FN {
    context_->assert_home();
    std::vector<std::byte> buffer(100'000);
    while (true) {
      const auto bytes = co_receive(*context_, there_.get(), buffer);
      ASSERT_TRUE(bytes.has_value());
      if (*bytes == 0)
        break;
      received.insert(received.end(), buffer.begin(),
                      buffer.begin() + static_cast<std::ptrdiff_t>(*bytes));
    }
  });
  run();
  EXPECT_TRUE(received == sent);
}

TEST_P(CoSocketTest, MorePiecesThanOneCallTakes) {
  std::vector<char> bytes(5000);
  std::iota(bytes.begin(), bytes.end(), 0);
  spawn([&]() LV_COROUTINE_FN {
    context_->assert_home();
    std::vector<iovec> pieces;
    for (char& byte : bytes)
      pieces.push_back({&byte, 1});
    EXPECT_FALSE(co_send(*context_, here_.get(), pieces));
  });
  run();
  std::vector<char> received(bytes.size());
  ASSERT_EQ(recv(there_.get(), received.data(), received.size(), MSG_WAITALL), 5000);
  EXPECT_EQ(received, bytes);
}

// A sender that is stuck, a receiver that has nothing to receive, and the shutdown that ends both.
TEST_P(CoSocketTest, AShutdownEndsBoth) {
  int ended = 0;
  std::vector<std::byte> large(10'000'000);
  spawn([&]() LV_COROUTINE_FN {
    context_->assert_home();
    iovec piece{large.data(), large.size()};
    EXPECT_EQ(co_send(*context_, here_.get(), {&piece, 1}), std::errc::broken_pipe);
    ++ended;
  });
  spawn([&]() LV_COROUTINE_FN {
    context_->assert_home();
    std::array<std::byte, 10> buffer;
    const auto bytes = co_receive(*context_, here_.get(), buffer);
    EXPECT_TRUE(bytes.has_value() && *bytes == 0);
    ++ended;
  });
  // Last of the three, when the others wait.
  spawn([&]() LV_COROUTINE_FN { shutdown(here_.get(), SHUT_RDWR); });
  run();
  EXPECT_EQ(ended, 2);
}

TEST_P(CoSocketTest, APeerThatHasGoneIsAnError) {
  there_ = FileDescriptor();
  spawn([&]() LV_COROUTINE_FN {
    context_->assert_home();
    char byte = 0;
    iovec piece{&byte, 1};
    EXPECT_EQ(co_send(*context_, here_.get(), {&piece, 1}), std::errc::broken_pipe);
  });
  run();
}

// Turns between two threads, each of which waits for the other's.
TEST_P(CoSocketTest, ThreadsAnswerEachOther) {
  auto thread = IOThread::create("other", {.backend = GetParam()});
  ASSERT_TRUE(thread.has_value());
  AioContext& other = (*thread)->context();
  const auto turns = [](AioContext& context, int fd, unsigned first) LV_COROUTINE_FN {
    context.assert_home();
    unsigned number = first;
    iovec piece{&number, sizeof number};
    if (first == 0) {
      EXPECT_FALSE(co_send(context, fd, {&piece, 1}));
    }
    while (true) {
      const auto bytes =
          co_receive(context, fd, {reinterpret_cast<std::byte*>(&number), sizeof number});
      if (!bytes || *bytes == 0 || number == 2000)
        break;
      ++number;
      piece = {&number, sizeof number};
      EXPECT_FALSE(co_send(context, fd, {&piece, 1}));
    }
    shutdown(fd, SHUT_RDWR);
    return number;
  };
  unsigned last = 0;
  ASSERT_TRUE(Coroutine::spawn(other, [&]() LV_COROUTINE_FN { turns(other, there_.get(), 1); }));
  spawn([&]() LV_COROUTINE_FN { last = turns(*context_, here_.get(), 0); });
  run();
  thread->reset();
  EXPECT_EQ(last, 2000U);
}

// --- listening -----------------------------------------------------------------------------------

class ListeningSocketTest : public testing::Test {
protected:
  std::string path_ = testing::TempDir() + "/listening_socket_test." + std::to_string(getpid());
};

bool connects(const std::string& path) {
  const FileDescriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

TEST_F(ListeningSocketTest, APathGoesWithItsSocket) {
  {
    const auto socket = ListeningSocket::at_path(path_);
    ASSERT_TRUE(socket.has_value()) << socket.error();
    EXPECT_TRUE(connects(path_));
  }
  EXPECT_NE(access(path_.c_str(), F_OK), 0);
}

TEST_F(ListeningSocketTest, APathInUseIsLeftAlone) {
  const auto socket = ListeningSocket::at_path(path_);
  ASSERT_TRUE(socket.has_value());
  const auto second = ListeningSocket::at_path(path_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error(), "can't listen at '" + path_ + "': Address already in use");
  EXPECT_TRUE(connects(path_));
}

TEST_F(ListeningSocketTest, APathThatWasLeftBehindIsReplaced) {
  {
    const FileDescriptor dead(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(bind(dead.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  const auto socket = ListeningSocket::at_path(path_);
  EXPECT_TRUE(socket.has_value());
  EXPECT_TRUE(connects(path_));
}

TEST_F(ListeningSocketTest, AFileAtThePathIsLeftAlone) {
  FILE* const file = fopen(path_.c_str(), "w");
  ASSERT_NE(file, nullptr);
  fclose(file);
  EXPECT_FALSE(ListeningSocket::at_path(path_).has_value());
  EXPECT_EQ(access(path_.c_str(), F_OK), 0);
  unlink(path_.c_str());
}

TEST_F(ListeningSocketTest, PathsThatAreTooLongAreRefused) {
  EXPECT_FALSE(ListeningSocket::at_path("").has_value());
  EXPECT_FALSE(ListeningSocket::at_path(std::string(108, 'x')).has_value());
}

TEST_F(ListeningSocketTest, PortsOfTcp) {
  const auto listening = ListeningSocket::at_port("127.0.0.1", 0);
  ASSERT_TRUE(listening.has_value()) << listening.error();
  EXPECT_NE(listening->port(), 0);
  const auto second = ListeningSocket::at_port("127.0.0.1", listening->port());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error(), "can't listen at 127.0.0.1 port " + std::to_string(listening->port()) +
                                ": Address already in use");
}

} // namespace
} // namespace lockvet::runtime
