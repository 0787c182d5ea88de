// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/source_cache.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

namespace lockvet::report {
namespace {

TEST(SourceCache, Lines) {
  SourceCache sources;
  sources.add("a.c", "one\r\n\nthree");
  EXPECT_EQ(sources.line("a.c", 1), "one");
  EXPECT_EQ(sources.line("a.c", 2), "");
  EXPECT_EQ(sources.line("a.c", 3), "three");
  EXPECT_EQ(sources.line("a.c", 0), std::nullopt);
  EXPECT_EQ(sources.line("a.c", 4), std::nullopt);
}

TEST(SourceCache, ReadsFiles) {
  llvm::SmallString<128> path;
  int descriptor = -1;
  ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("lockvet", "c", descriptor, path));
  {
    llvm::raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
    stream << "int x;\nint y;\n";
  }
  SourceCache sources;
  EXPECT_EQ(sources.line(path, 2), "int y;");
  EXPECT_EQ(sources.line(path, 3), std::nullopt);
  llvm::sys::fs::remove(path);
  EXPECT_EQ(sources.line(path, 1), "int x;"); // read once
}

TEST(SourceCache, WhatIsNoFileHasNoLines) {
  SourceCache sources;
  EXPECT_EQ(sources.line("/nonexistent/a.c", 1), std::nullopt);
  EXPECT_EQ(sources.line("/", 1), std::nullopt);
  EXPECT_EQ(sources.line("/dev/zero", 1), std::nullopt);
  EXPECT_EQ(sources.line("", 1), std::nullopt);
}

TEST(SourceCache, ColumnsInCharacters) {
  SourceCache sources;
  sources.add("a.c", "\tä漢x\xff!\n");
  EXPECT_EQ(sources.characterColumn("a.c", 1, 1), 1U);
  EXPECT_EQ(sources.characterColumn("a.c", 1, 2), 2U);
  EXPECT_EQ(sources.characterColumn("a.c", 1, 4), 3U);
  EXPECT_EQ(sources.characterColumn("a.c", 1, 7), 4U);
  EXPECT_EQ(sources.characterColumn("a.c", 1, 9), 6U);
  EXPECT_EQ(sources.characterColumn("a.c", 1, 99), 99U);
  EXPECT_EQ(sources.characterColumn("a.c", 2, 3), 3U);
}

} // namespace
} // namespace lockvet::report
