// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coroutines that have their loop's ring read and write files, and what they say without one.

#include "runtime/aio/co_file.h"
#include "runtime/aio/file_descriptor.h"
#include "runtime/aio/piece_progress.h"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/mman.h>

namespace lockvet::runtime {
namespace {

iovec piece_of(std::string& text) {
  return {text.data(), text.size()};
}

class CoFileTest : public testing::Test {
protected:
  template <typename Body> void in_coroutine(AioContext::Backend backend, Body body) {
    auto context = AioContext::create({.backend = backend});
    ASSERT_TRUE(context.has_value()) << context.error().message();
    AioContext& home = **context;
    ASSERT_TRUE(Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
      home.assert_home();
      body(home);
    }));
    home.stop();
    home.assert_home();
    home.loop();
  }

  const FileDescriptor file_{memfd_create("test", MFD_CLOEXEC)};
};

TEST_F(CoFileTest, ReadsWhatItWrites) {
  in_coroutine(AioContext::Backend::io_uring,
               [&](AioContext& home) LV_COROUTINE_FN LV_REQUIRES_CONTEXT(home) {
                 std::string first = "hello ";
                 std::string second = "world";
                 const std::array<iovec, 2> pieces = {piece_of(first), piece_of(second)};
                 EXPECT_EQ(co_write_at(home, file_.get(), pieces, 3, 0), 11U);
                 const std::array<iovec, 1> one = {piece_of(second)};
                 EXPECT_EQ(co_write_at(home, file_.get(), one, 0, RWF_DSYNC), 5U);
                 std::string found(20, '-');
                 const std::array<iovec, 1> all = {piece_of(found)};
                 EXPECT_EQ(co_read_at(home, file_.get(), all, 2), 12U);
                 EXPECT_EQ(found, "rldllo world--------");
                 EXPECT_EQ(co_read_at(home, file_.get(), all, 14), 0U);
               });
}

TEST_F(CoFileTest, SaysWhatTheKernelSays) {
  in_coroutine(AioContext::Backend::io_uring,
               [&](AioContext& home) LV_COROUTINE_FN LV_REQUIRES_CONTEXT(home) {
                 std::string text(10, '-');
                 const std::array<iovec, 1> pieces = {piece_of(text)};
                 EXPECT_EQ(co_read_at(home, -1, pieces, 0).error(), std::errc::bad_file_descriptor);
                 EXPECT_EQ(co_write_at(home, -1, pieces, 0, 0).error(),
                           std::errc::bad_file_descriptor);
               });
}

TEST_F(CoFileTest, NeedsARing) {
  in_coroutine(AioContext::Backend::epoll,
               [&](AioContext& home) LV_COROUTINE_FN LV_REQUIRES_CONTEXT(home) {
                 std::string text(10, '-');
                 const std::array<iovec, 1> pieces = {piece_of(text)};
                 EXPECT_EQ(co_read_at(home, file_.get(), pieces, 0).error(),
                           std::errc::function_not_supported);
                 EXPECT_EQ(co_write_at(home, file_.get(), pieces, 0, 0).error(),
                           std::errc::function_not_supported);
               });
}

// Wherever the kernel stops: within a piece, between two, and at the end.
TEST(PieceProgress, GoesOnFromAnywhere) {
  for (size_t done = 0; done <= 9; ++done) {
    std::string first = "abc";
    std::string empty;
    std::string second = "defghi";
    const std::array<iovec, 3> pieces = {piece_of(first), piece_of(empty), piece_of(second)};
    PieceProgress progress(pieces);
    progress.add(done);
    EXPECT_EQ(progress.bytes(), done);
    EXPECT_EQ(progress.complete(), done == 9);
    std::string left;
    while (!progress.complete()) {
      const iovec next = progress.next().front();
      left.append(static_cast<const char*>(next.iov_base), next.iov_len);
      progress.add(next.iov_len);
    }
    EXPECT_EQ(left, std::string("abcdefghi").substr(done));
    PieceProgress ended(pieces);
    ended.add(done);
    ended.fill_with_zeroes();
    EXPECT_EQ(first + second,
              std::string("abcdefghi").substr(0, done) + std::string(9 - done, '\0'));
  }
}

} // namespace
} // namespace lockvet::runtime
