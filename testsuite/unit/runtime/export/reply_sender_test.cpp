// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Replies go together: over a socket that keeps messages apart one sees what was one send.

#include "runtime/aio/file_descriptor.h"
#include "runtime/export/nbd/reply_sender.h"

#include <array>
#include <gtest/gtest.h>
#include <sys/socket.h>

namespace lockvet::runtime::nbd {
namespace {

TEST(ReplySenderTest, WhatIsDoneInATurnGoesInOneSend) {
  auto context = std::move(*AioContext::create());
  std::array<int, 2> ends;
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
  SocketStream here{FileDescriptor(ends[0])};
  const FileDescriptor there(ends[1]);
  std::array<InFlight, 32> requests;
  unsigned sent = 0;
  ReplySender sender(*context, here,
                     {[](void* argument, InFlight&) { ++*static_cast<unsigned*>(argument); },
                      [](void*) {}, &sent});
  ASSERT_TRUE(Coroutine::spawn(*context, [&]() LV_COROUTINE_FN {
    sender.assert_home();
    sender.co_run();
  }));
  for (InFlight& request : requests) {
    ASSERT_TRUE(Coroutine::spawn(*context, [&]() LV_COROUTINE_FN {
      sender.assert_home();
      request.head.set_done(request.header);
      sender.queue(request);
    }));
  }
  ASSERT_TRUE(Coroutine::spawn(*context, [&]() LV_COROUTINE_FN {
    sender.assert_home();
    sender.finish();
  }));
  context->stop();
  context->assert_home();
  context->loop();
  std::array<char, 4096> buffer;
  EXPECT_EQ(recv(there.get(), buffer.data(), buffer.size(), MSG_DONTWAIT),
            static_cast<ssize_t>(32 * simple_reply_bytes));
  EXPECT_EQ(recv(there.get(), buffer.data(), buffer.size(), MSG_DONTWAIT), -1);
  EXPECT_EQ(sent, 32U);
}

} // namespace
} // namespace lockvet::runtime::nbd
