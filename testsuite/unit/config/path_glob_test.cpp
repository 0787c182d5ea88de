// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/path_glob.h"

#include <gtest/gtest.h>

namespace lockvet::config {
namespace {

bool matches(llvm::StringRef pattern, llvm::StringRef path) {
  auto glob = PathGlob::create(pattern);
  EXPECT_TRUE(bool(glob)) << llvm::toString(glob.takeError());
  return glob && glob->matches(path);
}

std::string errorOf(llvm::StringRef pattern) {
  auto glob = PathGlob::create(pattern);
  return glob ? "" : llvm::toString(glob.takeError());
}

TEST(PathGlob, StarStopsAtASlash) {
  EXPECT_TRUE(matches("block/*.c", "block/io.c"));
  EXPECT_FALSE(matches("block/*.c", "block/export/io.c"));
  EXPECT_FALSE(matches("*.c", "block/io.c"));
  EXPECT_FALSE(matches("block/*.c", "block/io.cc"));
}

TEST(PathGlob, TwoStarsDoNot) {
  EXPECT_TRUE(matches("block/**", "block/export/io.c"));
  EXPECT_TRUE(matches("**/io.c", "block/export/io.c"));
  EXPECT_TRUE(matches("**/io.c", "io.c"));
  EXPECT_FALSE(matches("**/io.c", "block/aio.c"));
  EXPECT_TRUE(matches("a/**/b", "a/b"));
  EXPECT_TRUE(matches("a/**/b", "a/x/y/b"));
  EXPECT_FALSE(matches("a/**/b", "ab"));
  EXPECT_TRUE(matches("**", "anything/at/all"));
}

TEST(PathGlob, FinalSlashMeansEverythingBelow) {
  EXPECT_TRUE(matches("tests/", "tests/unit/a.c"));
  EXPECT_FALSE(matches("tests/", "tests.c"));
}

TEST(PathGlob, Classes) {
  EXPECT_TRUE(matches("v[0-9].c", "v3.c"));
  EXPECT_FALSE(matches("v[0-9].c", "vx.c"));
  EXPECT_TRUE(matches("v[!0-9].c", "vx.c"));
  EXPECT_FALSE(matches("v[!0-9]c", "v/c"));
  EXPECT_FALSE(matches("v[!a-]c", "v-c"));
  EXPECT_FALSE(matches("v[!a-]c", "v/c"));
  EXPECT_TRUE(matches("v[]]c", "v]c"));
  EXPECT_TRUE(matches("?.c", "a.c"));
  EXPECT_FALSE(matches("a?c", "a/c"));
}

TEST(PathGlob, EveryOtherCharacterIsItself) {
  EXPECT_TRUE(matches("a+(b).{c}|$^", "a+(b).{c}|$^"));
  EXPECT_FALSE(matches("a.c", "abc"));
  EXPECT_TRUE(matches("a\\b", "a\\b"));
}

TEST(PathGlob, RefusesWhatItCannotMean) {
  EXPECT_NE(errorOf("").find("is empty"), std::string::npos);
  EXPECT_NE(errorOf("a[b").find("no ']' closes"), std::string::npos);
  EXPECT_NE(errorOf("a[b/c]").find("no ']' closes"), std::string::npos);
  EXPECT_NE(errorOf("[z-a]").find("is not understood"), std::string::npos);
  EXPECT_NE(errorOf(std::string(5000, '*')).find("longer"), std::string::npos);
}

TEST(PathGlob, ManyStarsStayFast) {
  std::string pattern;
  for (int i = 0; i < 100; ++i)
    pattern += "a*";
  EXPECT_FALSE(matches(pattern + "b", std::string(3000, 'a')));
}

} // namespace
} // namespace lockvet::config
