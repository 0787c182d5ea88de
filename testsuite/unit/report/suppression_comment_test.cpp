// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/suppression_comment.h"

#include <gtest/gtest.h>

namespace lockvet::report {
namespace {

using Names = std::vector<std::string>;

AllowComment good(llvm::StringRef line) {
  auto comment = allowCommentIn(line);
  EXPECT_TRUE(comment.has_value()) << line.str();
  if (!comment)
    return {};
  EXPECT_EQ(comment->mistake, "") << line.str();
  return *comment;
}

TEST(AllowComment, Plain) {
  const AllowComment c = good("  f(); // lockvet: allow(coroutine-call) it never suspends here");
  EXPECT_EQ(c.rules, Names{"coroutine-call"});
  EXPECT_EQ(c.reason, "it never suspends here");
  EXPECT_EQ(c.column, 11U);
  EXPECT_FALSE(c.alone);
}

TEST(AllowComment, Shapes) {
  EXPECT_EQ(good("/* lockvet: allow(a) why */ f();").reason, "why");
  EXPECT_EQ(good("f(/* x */ /* lockvet: allow(a) why */);").reason, "why");
  EXPECT_EQ(good("//lockvet:allow( a ,b-c )why").rules, (Names{"a", "b-c"}));
  EXPECT_EQ(good("/// lockvet: allow(a) why").reason, "why");
  EXPECT_EQ(good("///< lockvet: allow(a) why").reason, "why");
  EXPECT_EQ(good("/** lockvet: allow(a) why */").reason, "why");
  EXPECT_EQ(good("// see above // lockvet: allow(a) why").reason, "why");
  EXPECT_EQ(good("/* lockvet: allow(a) why").reason, "why");
  EXPECT_EQ(good("// lockvet: allow (a): why").reason, "why");
  EXPECT_EQ(good("// lockvet: allow(a) - ohne Gefahr, größer").reason, "ohne Gefahr, größer");
}

TEST(AllowComment, Alone) {
  EXPECT_TRUE(good("\t // lockvet: allow(a) why").alone);
  EXPECT_FALSE(good("} // lockvet: allow(a) why").alone);
}

TEST(AllowComment, LiteralsBeforeTheComment) {
  EXPECT_EQ(good("f(\"//\", '\"', '\\'', \"\\\"\"); // lockvet: allow(a) why").reason, "why");
  EXPECT_EQ(good("f(1'000'000); // lockvet: allow(a) why").reason, "why");
}

TEST(AllowComment, NoReason) {
  EXPECT_EQ(good("// lockvet: allow(a)").reason, "");
  EXPECT_EQ(good("// lockvet: allow(a) ---").reason, "");
  EXPECT_EQ(good("/* lockvet: allow(a) */ because;").reason, "");
}

TEST(AllowComment, Silent) {
  for (const char* line :
       {"", "f();", "// nothing", "f(\"// lockvet: allow(a) why\");",
        "f('\"'); char* s = \"/* lockvet: allow(a) why */\";", "lockvet: allow(a) why",
        "// use lockvet: allow(a) why", "/* a */ lockvet: allow(a) why", "a / lockvet: b",
        "\"unclosed // lockvet: allow(a) why"})
    EXPECT_FALSE(allowCommentIn(line).has_value()) << line;
}

TEST(AllowComment, Mistakes) {
  for (const char* line : {"// lockvet: ignore", "// lockvet:", "// lockvet: allow",
                           "// lockvet: allow a", "// lockvet: allow(a", "// lockvet: allow()",
                           "// lockvet: allow(a,) why", "// lockvet: allowed"}) {
    auto comment = allowCommentIn(line);
    ASSERT_TRUE(comment.has_value()) << line;
    EXPECT_NE(comment->mistake, "") << line;
  }
}

TEST(AllowComment, Hostile) {
  EXPECT_FALSE(allowCommentIn(std::string(100'000'000, '/') + "lockvet:").has_value());
  EXPECT_FALSE(allowCommentIn("/*").has_value());
  EXPECT_FALSE(allowCommentIn("lockvet: /").has_value());
  std::string many;
  while (many.size() < 60'000)
    many += "/**/";
  EXPECT_TRUE(allowCommentIn(many + "// lockvet: allow(a) why").has_value());
}

} // namespace
} // namespace lockvet::report
