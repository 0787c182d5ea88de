// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/worker_protocol.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace lockvet::index {
namespace {

TEST(Job, ComesBack) {
  const Job job{
      .directory = "/b", .file = "/b/a.c", .arguments = {"cc", "", "-DX"}, .send_all = true};
  const Job after = llvm::cantFail(parseJob(serialize(job)));
  EXPECT_EQ(after.directory, job.directory);
  EXPECT_EQ(after.file, job.file);
  EXPECT_EQ(after.arguments, job.arguments);
  EXPECT_TRUE(after.send_all);
  auto damaged = parseJob(llvm::StringRef(serialize(job)).drop_back());
  EXPECT_FALSE(static_cast<bool>(damaged));
  llvm::consumeError(damaged.takeError());
}

class Frames : public ::testing::Test {
protected:
  Frames() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0); }
  ~Frames() override {
    close(ends_[0]);
    close(ends_[1]);
  }
  int ends_[2];
};

TEST_F(Frames, ComeWholeHoweverTheyArePut) {
  const std::string large(1 << 20, 'x');
  std::thread writer([&] {
    EXPECT_TRUE(writeFrame(ends_[0], ""));
    EXPECT_TRUE(writeFrame(ends_[0], large));
    EXPECT_TRUE(writeFrame(ends_[0], "end"));
    shutdown(ends_[0], SHUT_WR);
  });
  FrameBuffer buffer;
  std::vector<std::string> frames;
  bool is_open = true;
  while (is_open) {
    is_open = buffer.fill(ends_[1]);
    while (std::optional<std::string> frame = buffer.take())
      frames.push_back(*frame);
  }
  writer.join();
  EXPECT_EQ(frames, (std::vector<std::string>{"", large, "end"}));
}

TEST_F(Frames, ACutFrameIsNone) {
  EXPECT_EQ(send(ends_[0], "\x09\0\0\0half", 8, 0), 8);
  shutdown(ends_[0], SHUT_WR);
  EXPECT_EQ(readFrame(ends_[1]), std::nullopt);
}

} // namespace
} // namespace lockvet::index
