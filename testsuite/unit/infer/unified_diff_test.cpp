// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/unified_diff.h"

#include <gtest/gtest.h>

namespace lockvet::infer {
namespace {

TEST(UnifiedDiff, OfEqualTextsIsEmpty) {
  EXPECT_EQ(unifiedDiff("a.c", "x\n", "x\n"), "");
  EXPECT_EQ(unifiedDiff("a.c", "", ""), "");
}

TEST(UnifiedDiff, HasContextAndRanges) {
  EXPECT_EQ(unifiedDiff("d/a.c", "1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nfive\nand\n6\n7\n8\n"),
            "--- a/d/a.c\n+++ b/d/a.c\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+and\n 6\n 7\n 8\n");
}

TEST(UnifiedDiff, MakesOneHunkOfWhatIsNearAndTwoOfWhatIsFar) {
  const std::string near = unifiedDiff("a", "a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n");
  EXPECT_EQ(near, "--- a/a\n+++ b/a\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
  const std::string far =
      unifiedDiff("a", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n");
  EXPECT_EQ(far, "--- a/a\n+++ b/a\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
                 "@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

TEST(UnifiedDiff, KnowsTextsWithoutLines) {
  EXPECT_EQ(unifiedDiff("a", "", "x\n"), "--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+x\n");
  EXPECT_EQ(unifiedDiff("a", "x\n", ""), "--- a/a\n+++ b/a\n@@ -1 +0,0 @@\n-x\n");
  EXPECT_EQ(unifiedDiff("a", "x", "y\n"), "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n"
                                          "\\ No newline at end of file\n+y\n");
}

} // namespace
} // namespace lockvet::infer
