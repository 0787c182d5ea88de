// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lines of sources in a page: those around a place, once, and never too many.

#include "llvm/Support/FileSystem.h"
#include "vrc/output/sources.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace lockvet::output {
namespace {

class SourcesTest : public testing::Test {
protected:
  SourcesTest() { llvm::sys::fs::createUniqueDirectory("lockvet-sources", folder_); }
  ~SourcesTest() override { llvm::sys::fs::remove_directories(folder_); }

  std::string path(const std::string& name) const { return (folder_ + "/" + name).str(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  std::string lines() const {
    std::string text;
    llvm::raw_string_ostream out(text);
    llvm::json::OStream json(out);
    sources_.writeLines(json);
    json.flush();
    return text;
  }

  llvm::SmallString<128> folder_;
  Sources sources_;
};

TEST_F(SourcesTest, linesAroundPlacesStandOnce) {
  const uint32_t file = sources_.file(write("a.c", "1\n2\r\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12"));
  sources_.addLines(file, 1);
  sources_.addLines(file, 2);
  EXPECT_EQ(lines(), R"([[[1,"1","2","3","4","5"]]])");
  sources_.addLines(file, 12);
  EXPECT_EQ(lines(), R"([[[1,"1","2","3","4","5"],[9,"9","10","11","12"]]])");
  EXPECT_FALSE(sources_.isCut());
}

TEST_F(SourcesTest, aFileThatCannotBeReadHasNone) {
  ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
  for (const std::string& file :
       {path("missing.c"), path("fifo"), std::string("/dev/zero"), path("")})
    sources_.addLines(sources_.file(file), 1);
  EXPECT_EQ(lines(), "[[],[],[],[]]");
}

TEST_F(SourcesTest, aLineBeyondTheFileHasNone) {
  const uint32_t file = sources_.file(write("a.c", "1\n"));
  sources_.addLines(file, 0);
  sources_.addLines(file, 2);
  sources_.addLines(file, UINT32_MAX);
  EXPECT_EQ(lines(), "[[]]");
}

TEST_F(SourcesTest, longLinesAreCutAndBytesBecomeUtf8) {
  const uint32_t file = sources_.file(write("a.c", std::string(10000, 'x') + "\n\xff\n"));
  sources_.addLines(file, 1);
  EXPECT_EQ(lines(), "[[[1,\"" + std::string(kWidestLine, 'x') + "\",\"\xef\xbf\xbd\"]]]");
}

TEST_F(SourcesTest, thereIsALimitToAll) {
  std::string text;
  for (int line = 0; line < 100000; ++line)
    text += std::string(90, line % 2 ? '\x01' : '<') + "\n";
  const uint32_t file = sources_.file(write("a.c", text));
  for (uint32_t line = 1; line <= 100000; ++line)
    sources_.addLines(file, line);
  EXPECT_LE(lines().size(), kMostSourceBytes + 100);
  EXPECT_GT(lines().size(), kMostSourceBytes / 4);
  EXPECT_TRUE(sources_.isCut());
}

TEST_F(SourcesTest, pathsBelowADirectoryAreRelative) {
  sources_.file("/tree/a.c");
  EXPECT_EQ(sources_.file("/treetop/b.c"), 1U);
  EXPECT_EQ(sources_.file("/tree/a.c"), 0U);
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::json::OStream json(out);
  sources_.writePaths(json, "/tree");
  json.flush();
  EXPECT_EQ(text, R"(["a.c","/treetop/b.c"])");
}

} // namespace
} // namespace lockvet::output
