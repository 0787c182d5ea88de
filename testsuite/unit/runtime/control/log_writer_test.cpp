// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lines that are written by a thread of their own: who says them does not wait for who reads them.

#include "runtime/aio/file_descriptor.h"
#include "runtime/control/log_writer.h"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <optional>
#include <sstream>
#include <unistd.h>

namespace lockvet::runtime::control {
namespace {

std::string tell_dropped(uint64_t dropped) {
  return "dropped " + std::to_string(dropped) + "\n";
}

class LogWriterTest : public testing::Test {
protected:
  LogWriterTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    from_ = FileDescriptor(ends[0]);
    to_ = FileDescriptor(ends[1]);
  }

  void read_some() {
    std::array<char, 4096> buffer{};
    const ssize_t size = read(from_.get(), buffer.data(), buffer.size());
    ASSERT_GT(size, 0);
    text_.append(buffer.data(), static_cast<size_t>(size));
  }

  // Lines that were read, and those that were told to be missing.
  uint64_t accounted() const {
    uint64_t number = 0;
    std::istringstream lines(text_);
    // What comes after the last end of a line is no line yet.
    for (std::string line; std::getline(lines, line) && !lines.eof();)
      number += line.starts_with("dropped ") ? std::stoull(line.substr(8)) : 1;
    return number;
  }

  FileDescriptor from_;
  FileDescriptor to_;
  std::string text_;
};

TEST_F(LogWriterTest, WritesLinesInTheirOrder) {
  std::string expected;
  {
    LogWriter writer(to_.get(), {}, tell_dropped);
    for (int number = 0; number < 100; ++number) {
      const std::string line = "line " + std::to_string(number) + "\n";
      expected += line;
      writer.put(line);
    }
  }
  while (text_.size() < expected.size())
    read_some();
  EXPECT_EQ(text_, expected);
}

TEST_F(LogWriterTest, DropsLinesThatNobodyReadsAndTellsHowMany) {
  std::optional<LogWriter> writer;
  writer.emplace(to_.get(), LogWriter::Limits{.most_bytes = 8192}, tell_dropped);
  const std::string line(99, 'x');
  // Far more than a pipe and the limit.
  constexpr uint64_t lines = 20000;
  for (uint64_t number = 0; number < lines; ++number)
    writer->put(line + "\n");
  while (accounted() < lines)
    read_some();
  EXPECT_EQ(accounted(), lines);
  EXPECT_NE(text_.find("dropped "), std::string::npos);
  writer->put("again\n");
  writer.reset();
  while (text_.find("again\n") == std::string::npos)
    read_some();
}

TEST_F(LogWriterTest, ItsEndDoesNotWaitForever) {
  LogWriter writer(to_.get(), {.most_bytes = 1 << 20, .patience = std::chrono::milliseconds(10)},
                   tell_dropped);
  for (int number = 0; number < 10000; ++number)
    writer.put("who reads this?\n");
}

TEST_F(LogWriterTest, WhoIsGoneIsNotWaitedFor) {
  from_ = FileDescriptor();
  LogWriter writer(to_.get(), {}, tell_dropped);
  for (int number = 0; number < 100; ++number)
    writer.put("nobody is there\n");
}

} // namespace
} // namespace lockvet::runtime::control
