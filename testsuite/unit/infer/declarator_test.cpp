// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finding the way in declarations as people write them: `^` marks the name.

#include "analyzer/infer/declarator.h"

#include <gtest/gtest.h>

namespace lockvet::infer {
namespace {

/// A text with the marks taken out, and the declarator at the first mark.
struct Marked {
  explicit Marked(std::string source, llvm::StringRef name) {
    at = source.find('^');
    text = source.erase(at, 1);
    declarator = Declarator::find(text, at, name);
  }
  std::string text;
  size_t at = 0;
  std::optional<Declarator> declarator;

  std::string front() const { return text.substr(declarator->front(), 4); }
  std::string behind() const { return text.substr(declarator->behindParameters().value(), 4); }
};

TEST(Declarator, StandsInFrontOfTheNameAndWhatBelongsToIt) {
  EXPECT_EQ(Marked("static int ^name(void);", "name").front(), "name");
  EXPECT_EQ(Marked("char *^name(void);", "name").front(), "name");
  EXPECT_EQ(Marked("int File::^name() {}", "name").front(), "File");
  EXPECT_EQ(Marked("int a::List<b::c<d>>::^name() {}", "name").front(), "a::L");
  EXPECT_EQ(Marked("int (*^name)(void);", "name").front(), "(*na");
  EXPECT_EQ(Marked("int (*const ^name)(void);", "name").front(), "(*co");
  EXPECT_EQ(Marked("Callback *^name;", "name").front(), "name");
}

TEST(Declarator, IsNotFoundWhereTheNameDoesNotStand) {
  EXPECT_FALSE(Marked("int ^other(void);", "name").declarator);
  EXPECT_FALSE(Marked("int ^names(void);", "name").declarator) << "a longer name";
  EXPECT_FALSE(Marked("int re^name(void);", "name").declarator) << "the end of another name";
  EXPECT_FALSE(Marked("FUNCTION(^name) {}", "name").declarator) << "what a macro writes";
  EXPECT_FALSE(Declarator::find("int", 3, "name")) << "behind the end";
  EXPECT_FALSE(Declarator::find("int", 9, "name")) << "far behind the end";
}

TEST(Declarator, KnowsWhatFollowsTheParameters) {
  EXPECT_EQ(Marked("int ^name(int (*a)(int), char b) /**/;", "name").behind(), " /**");
  EXPECT_EQ(Marked("int ^name() const noexcept override;", "name").behind(), " ove");
  EXPECT_EQ(Marked("int ^name() && noexcept(noexcept(f())) = 0;", "name").behind(), " = 0");
  EXPECT_EQ(Marked("int ^name() constant;", "name").behind(), " con");
  EXPECT_EQ(Marked("int (*^name)(char);", "name").behind(), ";");
  EXPECT_EQ(Marked("int (*^name[4])(char);", "name").behind(), ";");
  EXPECT_EQ(Marked("Callback *^name;", "name").behind(), ";");
  EXPECT_EQ(Marked("int ^name(char c = ')', const char *s = \")\") {", "name").behind(), " {");
  EXPECT_FALSE(Marked("int ^name(char", "name").declarator->behindParameters()) << "never closed";
}

std::string parameter(const char* source, unsigned index) {
  std::optional<Declarator::Parameter> found = Marked(source, "name").declarator->parameter(index);
  return found ? found->name + (found->is_pointer ? " points" : "") : "none";
}

TEST(Declarator, NamesParameters) {
  constexpr const char* kSource =
      "int ^name(struct Disk *disk, std::map<int, char> & all, int sizes[2], /* a, b */ bool c = 1,"
      " int, void (*back)(int))";
  EXPECT_EQ(parameter(kSource, 0), "disk points");
  EXPECT_EQ(parameter(kSource, 1), "all");
  EXPECT_EQ(parameter(kSource, 2), "sizes");
  EXPECT_EQ(parameter(kSource, 3), "c");
  EXPECT_EQ(parameter(kSource, 4), "none") << "it has a type only";
  EXPECT_EQ(parameter(kSource, 5), "none") << "its name is inside";
  EXPECT_EQ(parameter(kSource, 6), "none") << "there is no such parameter";
  EXPECT_EQ(parameter("int ^name();", 0), "none");
}

} // namespace
} // namespace lockvet::infer
