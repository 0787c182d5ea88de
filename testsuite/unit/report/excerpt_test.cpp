// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/excerpt.h"
#include "llvm/Support/Unicode.h"

#include <gtest/gtest.h>

namespace lockvet::report {
namespace {

TEST(Excerpt, PlainLine) {
  const Excerpt e = excerptOf("int x = f();", 9, 80);
  EXPECT_EQ(e.text, "int x = f();");
  EXPECT_EQ(e.caret, 8U);
}

TEST(Excerpt, TabsReachTheNextStop) {
  const Excerpt e = excerptOf("\tif (x)\tf();", 9, 80);
  EXPECT_EQ(e.text, "        if (x)  f();");
  EXPECT_EQ(e.caret, 16U);
  EXPECT_EQ(excerptOf("\tf();", 2, 80).caret, 8U);
  EXPECT_EQ(excerptOf("\tf();", 1, 80).caret, 0U);
}

TEST(Excerpt, WideAndCombiningCharacters) {
  // Two ideographs of three bytes and two columns each.
  EXPECT_EQ(excerptOf("漢字f();", 7, 80).caret, 4U);
  EXPECT_EQ(excerptOf("e\xCC\x81 f();", 5, 80).caret, 2U);
}

TEST(Excerpt, PlaceInsideOfACharacterIsThatCharacter) {
  EXPECT_EQ(excerptOf("漢字", 2, 80).caret, 0U);
  EXPECT_EQ(excerptOf("漢字", 5, 80).caret, 2U);
}

TEST(Excerpt, BytesThatAreNoTextAreShown) {
  const Excerpt e = excerptOf("a\xff\x1b f();", 5, 80);
  EXPECT_EQ(e.text, "a<FF><1B> f();");
  EXPECT_EQ(e.caret, 10U);
}

TEST(Excerpt, PastTheEndIsTheEnd) {
  EXPECT_EQ(excerptOf("abc", 99, 80).caret, 3U);
  EXPECT_EQ(excerptOf("", 1, 80).caret, 0U);
  EXPECT_EQ(excerptOf("", 0, 80).text, "");
}

/// The character above the caret and whether the text fits.
void expectCaretAt(const std::string& line, size_t place, unsigned width) {
  const Excerpt e = excerptOf(line, place + 1, width);
  EXPECT_LE(llvm::sys::unicode::columnWidthUTF8(e.text), int(width)) << place;
  ASSERT_LT(e.caret, e.text.size()) << place;
  EXPECT_EQ(e.text[e.caret], line[place]) << place << ": " << e.text;
}

TEST(Excerpt, LongLinesAreClippedAroundThePlace) {
  std::string line;
  for (int i = 0; i < 1000; ++i)
    line += static_cast<char>('a' + i % 26);
  for (size_t place = 0; place < line.size(); ++place)
    for (const unsigned width : {20U, 21U, 60U, 120U})
      expectCaretAt(line, place, width);
  const Excerpt middle = excerptOf(line, 500, 40);
  EXPECT_TRUE(llvm::StringRef(middle.text).starts_with("..."));
  EXPECT_TRUE(llvm::StringRef(middle.text).ends_with("..."));
  EXPECT_FALSE(llvm::StringRef(excerptOf(line, 1, 40).text).starts_with("..."));
  EXPECT_FALSE(llvm::StringRef(excerptOf(line, 1000, 40).text).ends_with("..."));
}

TEST(Excerpt, HugeLines) {
  std::string line(50'000'000, 'x');
  line[25'000'000] = 'Y';
  const Excerpt e = excerptOf(line, 25'000'001, 80);
  EXPECT_EQ(e.text[e.caret], 'Y');
  EXPECT_EQ(e.text.size(), 80U);
  const std::string wide(1'000'000, '\xff');
  EXPECT_LE(excerptOf(wide, 500'000, 80).text.size(), 80U);
  const std::string tabs(1'000'000, '\t');
  EXPECT_LE(excerptOf(tabs, 500'000, 80).text.size(), 80U);
}

TEST(Excerpt, WidthOfNothingStillShowsThePlace) {
  expectCaretAt("abcdefghijklmnopqrstuvwxyz", 13, 20);
}

} // namespace
} // namespace lockvet::report
