// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Markers written into text: where they go, in which order, and what becomes of the lines.

#include "analyzer/infer/marker_edits.h"

#include <gtest/gtest.h>

namespace lockvet::infer {
namespace {

const Spelling kCoroutine = {"coroutine_fn", Position::Name, 0};
const Spelling kReader = {"GRAPH_RDLOCK", Position::Name, 4};
const Spelling kRequires = {"REQUIRES(mu)", Position::End, 3};
const Spelling kStatement = {"MARK();", Position::Body, 2};
const std::vector<Spelling> kWords = {kCoroutine, kReader};

/// Puts markers on the declaration whose name `^` marks.
std::string edited(std::string text, std::vector<Spelling> markers,
                   const std::string& name = "name") {
  const size_t at = text.find('^');
  text.erase(at, 1);
  DeclarationEdit edit;
  edit.line = static_cast<uint32_t>(1 + std::count(text.begin(), text.begin() + at, '\n'));
  const size_t line = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
  edit.column = static_cast<uint32_t>(line == std::string::npos ? at + 1 : at - line);
  edit.name = name;
  edit.markers = std::move(markers);
  return applyEdits(text, {edit}, kWords);
}

TEST(MarkerEdits, GoInFrontOfTheName) {
  EXPECT_EQ(edited("int ^name(void);\n", {kCoroutine}), "int coroutine_fn name(void);\n");
  EXPECT_EQ(edited("int\n^name(void);\n", {kCoroutine}), "int coroutine_fn\nname(void);\n");
  EXPECT_EQ(edited("char *^name(void);\n", {kCoroutine}), "char * coroutine_fn name(void);\n");
  EXPECT_EQ(edited("int (*^name)(void);\n", {kCoroutine}), "int coroutine_fn (*name)(void);\n");
  EXPECT_EQ(edited("int A::^name() {}\n", {kCoroutine}), "int coroutine_fn A::name() {}\n");
}

TEST(MarkerEdits, StandInTheirOrder) {
  EXPECT_EQ(edited("int ^name(void);", {kReader, kCoroutine}),
            "int coroutine_fn GRAPH_RDLOCK name(void);");
  EXPECT_EQ(edited("int GRAPH_RDLOCK ^name(void);", {kCoroutine}),
            "int coroutine_fn GRAPH_RDLOCK name(void);");
  EXPECT_EQ(edited("int GRAPH_RDLOCK\n^name(void);", {kCoroutine}),
            "int coroutine_fn GRAPH_RDLOCK\nname(void);");
  EXPECT_EQ(edited("int coroutine_fn ^name(void);", {kReader}),
            "int coroutine_fn GRAPH_RDLOCK name(void);");
}

TEST(MarkerEdits, GoBehindTheParameters) {
  EXPECT_EQ(edited("int ^name() const;", {kRequires, kCoroutine}),
            "int coroutine_fn name() const REQUIRES(mu);");
  const std::string start =
      "  int first_word_of_many ^name(int a_parameter_with_a_long_name, int b)";
  EXPECT_EQ(edited(start + " const override;", {kRequires}),
            "  int first_word_of_many name(int a_parameter_with_a_long_name, int b) const\n"
            "      REQUIRES(mu) override;");
}

TEST(MarkerEdits, GoIntoBodies) {
  EXPECT_EQ(edited("int ^name(void)\n{\n  return 1;\n}\n", {kStatement}),
            "int name(void)\n{\n  MARK();\n  return 1;\n}\n");
  EXPECT_EQ(edited("int ^name(void) { return 1; }", {kStatement}),
            "int name(void) { MARK(); return 1; }");
  EXPECT_EQ(edited("void ^name(void)\n{\n}\n", {kStatement}),
            "void name(void)\n{\n    MARK();\n}\n");
  EXPECT_EQ(edited("void ^name(int a) ATTRIBUTE(a)\n{\n\tcall();\n}\n", {kStatement, kReader}),
            "void GRAPH_RDLOCK name(int a) ATTRIBUTE(a)\n{\n\tMARK();\n\tcall();\n}\n");
}

TEST(MarkerEdits, GoBehindDeclarationsOfBodies) {
  auto inBody = [](const std::string& declarations, const std::string& rest) {
    const std::string head = "int name(void)\n{\n";
    EXPECT_EQ(edited("int ^name(void)\n{\n" + declarations + rest, {kStatement}),
              head + declarations + "  MARK();\n" + rest);
  };
  inBody("  Type *one = get(), **two;\n  int three; /* says */\n", "\n  call();\n}\n");
  inBody("  g_autoptr(Type) one = NULL;\n  struct S s = {\n    .a = 1,\n  };\n", "  s.a = 2;\n}\n");
  inBody("  GUARD();\n  Type one[2];\n", "  GUARD();\n  one[0] = 1;\n}\n");
  inBody("  Type (*pointer)(void) = get;\n  /* why */\n  const Type *two;\n",
         "  /* what */\n  *two = 1;\n}\n");
  inBody("", "  one * two();\n}\n");
  inBody("", "  LIST_FOREACH(one, two) call(one);\n  int late;\n}\n");
  inBody("", "  return one;\n}\n");
}

TEST(MarkerEdits, LeaveDeclarationsWithoutABodyAlone) {
  EXPECT_EQ(edited("int ^name(void);\nint f(void) { return 0; }\n", {kStatement}),
            "int name(void);\nint f(void) { return 0; }\n");
  EXPECT_EQ(edited("A::^name() : a_(1) {}\n", {kStatement}), "A::name() : a_(1) {}\n");
}

TEST(MarkerEdits, KeepParametersBelowEachOther) {
  EXPECT_EQ(edited("int ^name(int a,\n         int b);\n", {kCoroutine}),
            "int coroutine_fn name(int a,\n                      int b);\n");
  EXPECT_EQ(edited("int ^name(int a,\n    int b);\n", {kCoroutine}),
            "int coroutine_fn name(int a,\n    int b);\n")
      << "what was not below is left alone";
  EXPECT_EQ(edited("int ^name(int a,\n\t int b);\n", {kCoroutine}),
            "int coroutine_fn name(int a,\n\t int b);\n")
      << "nor is what is set with tabs touched";
}

TEST(MarkerEdits, BreakLinesThatGetTooLong) {
  const std::string a(60, 'a');
  EXPECT_EQ(edited("int ^name(int " + a + ",\n         int b);", {kCoroutine}),
            "int coroutine_fn\nname(int " + a + ",\n     int b);");
  EXPECT_EQ(edited("  int ^name(int " + a + ");", {kCoroutine}),
            "  int coroutine_fn name(int " + a + ");")
      << "in a class nobody breaks them there";
  // A file that has many long lines has another limit.
  const std::string b(90, 'b');
  std::string wide;
  for (int line = 0; line < 10; ++line)
    wide += "int " + b + ";\n";
  EXPECT_EQ(edited(wide + "int ^name(int " + a + ");", {kCoroutine}),
            wide + "int coroutine_fn name(int " + a + ");");
}

TEST(MarkerEdits, LeaveWhatIsNotThere) {
  EXPECT_EQ(edited("int ^other(void);", {kCoroutine}), "int other(void);");
  EXPECT_EQ(edited("MACRO(^name)", {kCoroutine}), "MACRO(name)");
  DeclarationEdit beyond{7, 3, "name", {kCoroutine}};
  EXPECT_EQ(applyEdits("int name;\n", {beyond}, kWords), "int name;\n");
}

TEST(MarkerEdits, SeveralInOneFileKeepTheirPlaces) {
  const std::string text = "int one(void);\nint two(void); int three(void);\n";
  const std::vector<DeclarationEdit> edits = {{1, 5, "one", {kCoroutine}},
                                              {2, 20, "three", {kReader}},
                                              {2, 5, "two", {kCoroutine, kReader}}};
  EXPECT_EQ(applyEdits(text, edits, kWords),
            "int coroutine_fn one(void);\n"
            "int coroutine_fn GRAPH_RDLOCK two(void); int GRAPH_RDLOCK three(void);\n");
}

} // namespace
} // namespace lockvet::infer
