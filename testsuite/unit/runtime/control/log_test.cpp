// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/log.h"

#include <gtest/gtest.h>

namespace lockvet::runtime::control {
namespace {

class LogTest : public testing::Test {
protected:
  void say(unsigned times, const std::string& source) {
    for (unsigned number = 0; number < times; ++number)
      log_(Log::Level::info, source, "hello");
  }

  std::vector<std::string> lines_;
  Clock::time_point now_;
  Log log_{[this](std::string_view line) { lines_.emplace_back(line); }, [this] { return now_; }};
};

TEST_F(LogTest, ALineIsALineWhateverIsInIt) {
  log_(Log::Level::warning, "nbd", "a \"name\" with\na break and \\");
  ASSERT_EQ(lines_.size(), 1);
  EXPECT_EQ(lines_[0],
            "level=warning source=nbd message=\"a \\\"name\\\" with\\x0aa break and \\\\\"\n");
}

TEST_F(LogTest, NoSourceCanFloodIt) {
  say(1000, "nbd");
  EXPECT_EQ(lines_.size(), Log::most_lines);
  // Others have their own share.
  say(2, "qmp");
  EXPECT_EQ(lines_.size(), Log::most_lines + 2);
}

TEST_F(LogTest, WhatWasLeftOutIsToldLater) {
  say(Log::most_lines + 5, "nbd");
  lines_.clear();
  now_ += Log::interval;
  say(1, "nbd");
  ASSERT_EQ(lines_.size(), 2);
  EXPECT_EQ(lines_[0], "level=warning source=nbd message=\"5 messages were left out\"\n");
  EXPECT_EQ(lines_[1], "level=info source=nbd message=\"hello\"\n");
}

} // namespace
} // namespace lockvet::runtime::control
