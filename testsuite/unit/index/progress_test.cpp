// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/progress.h"

#include <gtest/gtest.h>

namespace lockvet::index {
namespace {

TEST(DescribeProgress, SaysRateAndRest) {
  EXPECT_EQ(describeProgress({.total = 100, .done = 50, .failed = 0}, 2),
            "50/100 units, 25/s, 2s left");
  EXPECT_EQ(describeProgress({.total = 1000, .done = 10, .failed = 3}, 10),
            "10/1000 units, 1.0/s, 16m30s left, 3 failed");
  EXPECT_EQ(describeProgress({.total = 7, .done = 0, .failed = 0}, 0), "0/7 units");
  EXPECT_EQ(describeProgress({.total = 7, .done = 7, .failed = 0}, 1), "7/7 units, 7.0/s");
}

class ProgressLines : public ::testing::Test {
protected:
  std::string show(ProgressMode mode, size_t total) {
    std::string text;
    llvm::raw_string_ostream out(text);
    {
      const auto start = Progress::Clock::now();
      Progress progress(mode, out, start);
      for (size_t done = 1; done <= total; ++done)
        progress.update({.total = total, .done = done, .failed = 0},
                        start + std::chrono::milliseconds(10 * done));
    }
    return text;
  }
};

TEST_F(ProgressLines, PlainIsALineEachFivePerCent) {
  const std::string text = show(ProgressMode::Plain, 1000);
  EXPECT_EQ(llvm::StringRef(text).count('\n'), 20u);
  EXPECT_EQ(llvm::StringRef(text).count('\r'), 0u);
  EXPECT_NE(text.find("index: 1000/1000 units"), std::string::npos);
}

TEST_F(ProgressLines, AutoIsPlainWhereThereIsNoTerminal) {
  EXPECT_EQ(show(ProgressMode::Auto, 100), show(ProgressMode::Plain, 100));
}

TEST_F(ProgressLines, LiveIsOneLineThatIsErased) {
  const std::string text = show(ProgressMode::Live, 100);
  EXPECT_EQ(llvm::StringRef(text).count('\n'), 0u);
  EXPECT_TRUE(llvm::StringRef(text).ends_with("\r\x1b[K"));
}

TEST_F(ProgressLines, NoneIsNothing) {
  EXPECT_EQ(show(ProgressMode::None, 100), "");
}

} // namespace
} // namespace lockvet::index
