// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coverage as it is added up, printed, kept and read back.

#include "analyzer/infer/coverage.h"

#include <gtest/gtest.h>

namespace lockvet::infer {
namespace {

const Coverage kCoverage = {{".", {1, 0, 0, 1, 0}},
                            {"block", {3, 4, 1, 2, 2}},
                            {"block/export", {1, 1, 0, 0, 0}},
                            {"/build/gen", {0, 1, 0, 0, 0}}};

TEST(Coverage, CountsFoldersInTheirAncestors) {
  const Coverage top = upTo(kCoverage, 1);
  ASSERT_EQ(top.size(), 3U);
  EXPECT_EQ(top.at("block").marked, 4U);
  EXPECT_EQ(top.at("block").all(), 12U);
  EXPECT_EQ(top.at("/build").inferred, 1U);
  EXPECT_EQ(totalOf(top).all(), totalOf(kCoverage).all());
  EXPECT_EQ(upTo(kCoverage, 2).size(), kCoverage.size());
}

TEST(Coverage, SaysWhatHasChanged) {
  Coverage now = kCoverage;
  now["block"].marked += 2;
  now["block"].unknown -= 2;
  now.erase(".");
  std::string text;
  llvm::raw_string_ostream stream(text);
  printCoverage(now, &kCoverage, stream);
  EXPECT_NE(text.find("5 (+2)"), std::string::npos) << text;
  EXPECT_NE(text.find("0 (-2)"), std::string::npos) << text;
  EXPECT_NE(text.find("0 (-1)"), std::string::npos) << "a folder that is gone: " << text;
  EXPECT_EQ(text.find("3 (+3)"), std::string::npos) << text;
}

TEST(Coverage, IsReadBackAsItWasWritten) {
  llvm::Expected<Coverage> read = parseCoverage(coverageJson(kCoverage, nullptr), "c.json");
  ASSERT_TRUE(static_cast<bool>(read)) << llvm::toString(read.takeError());
  EXPECT_EQ(coverageJson(*read, nullptr), coverageJson(kCoverage, nullptr));
}

std::string errorOf(llvm::StringRef text) {
  llvm::Expected<Coverage> read = parseCoverage(text, "c.json");
  return read ? "no error" : llvm::toString(read.takeError());
}

TEST(Coverage, SaysWhatIsWrongWithAFile) {
  EXPECT_NE(errorOf("{").find("'c.json' is no coverage of lockvet: it is no JSON"),
            std::string::npos);
  EXPECT_NE(errorOf("[]").find("it lacks 'folders'"), std::string::npos);
  EXPECT_NE(errorOf("{\"version\": 9, \"folders\": {}}").find("another version"),
            std::string::npos);
  EXPECT_NE(errorOf("{\"version\": 1, \"folders\": {\"a\": {\"marked\": -1}}}")
                .find("no number 'marked'"),
            std::string::npos);
}

} // namespace
} // namespace lockvet::infer
