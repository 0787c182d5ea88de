// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/source_text.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

namespace lockvet::rules {
namespace {

class SourceTextTest : public testing::Test {
protected:
  void write(llvm::StringRef text) {
    int descriptor = -1;
    ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("lockvet", "c", descriptor, path_));
    llvm::raw_fd_ostream(descriptor, /*shouldClose=*/true) << text;
  }
  void TearDown() override { llvm::sys::fs::remove(path_); }

  llvm::SmallString<128> path_;
  SourceText text_;
};

TEST_F(SourceTextTest, CommentOnTheLineOrAbove) {
  write("int a; // why\n"
        "/* Why,\n"
        "   and more. */\n"
        "static int\n"
        "b(void);\n"
        "int c;\n"
        "\n"
        "// Not of d.\n"
        "\n"
        "int d;\n");
  EXPECT_TRUE(text_.isCommented(path_, 1));
  EXPECT_TRUE(text_.isCommented(path_, 4));
  EXPECT_TRUE(text_.isCommented(path_, 5));
  EXPECT_FALSE(text_.isCommented(path_, 6));
  EXPECT_FALSE(text_.isCommented(path_, 10));
}

TEST_F(SourceTextTest, OtherCodeInBetween) {
  write("// Of f.\n"
        "void f(void) {\n"
        "  g();\n"
        "}\n"
        "void h(void);\n"
        "#define X\n"
        "int x;\n");
  EXPECT_FALSE(text_.isCommented(path_, 3));
  EXPECT_FALSE(text_.isCommented(path_, 5));
  EXPECT_FALSE(text_.isCommented(path_, 7));
}

TEST_F(SourceTextTest, NamesInABody) {
  write("int f(int a) {\n"
        "  if (a) { use(counter); }\n"
        "  return 0;\n"
        "}\n"
        "int counter_of(void) { return 1; } int other;\n");
  llvm::StringSet<> counter, other;
  counter.insert("counter");
  other.insert("other");
  EXPECT_TRUE(text_.bodyMentions(path_, 1, counter));
  EXPECT_FALSE(text_.bodyMentions(path_, 1, other));
  EXPECT_FALSE(text_.bodyMentions(path_, 5, counter)); // a part of a word is none
  EXPECT_FALSE(text_.bodyMentions(path_, 5, other));   // it stands behind the body
}

TEST_F(SourceTextTest, WhatIsGoneSaysNothing) {
  write("int f(void) {\n");
  llvm::StringSet<> names;
  names.insert("x");
  EXPECT_TRUE(text_.isCommented("/there/is/no/such/file.c", 1));
  EXPECT_TRUE(text_.bodyMentions("/there/is/no/such/file.c", 1, names));
  EXPECT_TRUE(text_.isCommented(path_, 7));
  EXPECT_TRUE(text_.bodyMentions(path_, 1, names)); // no end of the body
}

} // namespace
} // namespace lockvet::rules
