// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/query/error.h"
#include "vrc/query/parser.h"

#include <gtest/gtest.h>

namespace lockvet::query {
namespace {

/// The tree in prefix form: "(and b (not c))".
std::string print(const NodeSpec& spec) {
  static const char* const names[] = {"name",    "regex",   "label",       "file",
                                      "all",     "not",     "and",         "or",
                                      "callers", "callees", "all_callers", "all_callees"};
  std::string text = names[static_cast<size_t>(spec.kind)];
  switch (spec.kind) {
  case NodeSpec::Kind::All:
    return "all";
  case NodeSpec::Kind::Name:
    return spec.text;
  case NodeSpec::Kind::Regex:
    return "/" + spec.text + "/";
  case NodeSpec::Kind::Label:
    return "#" + spec.text;
  case NodeSpec::Kind::File:
    return "file:" + spec.text;
  default:
    for (const NodeSpec& operand : spec.operands)
      text += " " + print(operand);
    return "(" + text + ")";
  }
}

std::string print(const PathExpression& path) {
  static const char* const names[] = {"", "seq", "alt", "star", "plus", "opt"};
  if (path.kind == PathExpression::Kind::Nodes)
    return print(path.spec);
  std::string text = names[static_cast<size_t>(path.kind)];
  for (const PathExpression& operand : path.operands)
    text += " " + print(operand);
  return "(" + text + ")";
}

/// "OFFSET: message"
std::string print(llvm::Error error) {
  std::string text;
  llvm::handleAllErrors(std::move(error), [&](const QueryError& query) {
    text = std::to_string(query.offset()) + ": " + query.text();
  });
  return text;
}

std::string spec(llvm::StringRef text) {
  auto parsed = parseNodeSpec(text);
  return parsed ? print(*parsed) : print(parsed.takeError());
}

std::string path(llvm::StringRef text) {
  auto parsed = parsePath(text);
  return parsed ? print(*parsed) : print(parsed.takeError());
}

TEST(Parser, namesOutsideBrackets) {
  EXPECT_EQ(spec("main"), "main");
  EXPECT_EQ(spec("  main\t"), "main");
  EXPECT_EQ(spec("bdrv_co.part.0"), "bdrv_co.part.0");
  EXPECT_EQ(spec("BlockDriver::bdrv_open"), "BlockDriver::bdrv_open");
  EXPECT_EQ(spec("io::File::~File"), "io::File::~File");
  EXPECT_EQ(spec("Locked<int>::set"), "Locked<int>::set");
  EXPECT_EQ(spec(R"("Struct::field")"), "Struct::field");
  EXPECT_EQ(spec(R"("a \"b\" \\ c")"), R"(a "b" \ c)");
  EXPECT_EQ(spec("/^bdrv_co_/"), "/^bdrv_co_/");
  EXPECT_EQ(spec(R"(/a\/b\d[/]/)"), "9: ']' is not expected here");
  EXPECT_EQ(spec(R"(/a\/b\d/)"), R"(/a/b\d/)");
  EXPECT_EQ(spec("a \"b\" /c/"), "(or a b /c/)");
  EXPECT_EQ(spec("[]"), "all");
  EXPECT_EQ(spec("[ ]"), "all");
}

TEST(Parser, labelsInsideBrackets) {
  EXPECT_EQ(spec("[coroutine_fn]"), "#coroutine_fn");
  EXPECT_EQ(spec("[a,b]"), "(and #a #b)");
  EXPECT_EQ(spec("[a|b]"), "(or #a #b)");
  EXPECT_EQ(spec("[a,b|c,!d]"), "(or (and #a #b) (and #c (not #d)))");
  EXPECT_EQ(spec("[ a , [ b | c ] ]"), "(and #a (or #b #c))");
  EXPECT_EQ(spec(R"([a,"main",/x,y|z]/])"), "(and #a main /x,y|z]/)");
  EXPECT_EQ(spec("[a,[]]"), "(and #a all)");
  EXPECT_EQ(spec("[requires:this->lock]"), "#requires:this->lock");
  EXPECT_EQ(spec("[excludes:!mu, x]"), "(and #excludes:!mu #x)");
  EXPECT_EQ(spec("[file:block/*.c]"), "file:block/*.c");
  EXPECT_EQ(spec("[coroutine_fn,file:block/*.c]"), "(and #coroutine_fn file:block/*.c)");
}

TEST(Parser, negationBindsTighterThanSteps) {
  EXPECT_EQ(spec("!main"), "(not main)");
  EXPECT_EQ(spec("!!main"), "main");
  EXPECT_EQ(spec("! main"), "(not main)");
  EXPECT_EQ(spec("[!co:callees]"), "(callees (not #co))");
  EXPECT_EQ(spec("!main:callers"), "(callers (not main))");
  EXPECT_EQ(spec("![a:callers]"), "(not (callers #a))");
  EXPECT_EQ(spec("f:callers:all_callees"), "(all_callees (callers f))");
  EXPECT_EQ(spec("a::b:callers"), "(callers a::b)");
  EXPECT_EQ(spec("\"f\":all_callers"), "(all_callers f)");
  EXPECT_EQ(spec("/f/:callees g"), "(or (callees /f/) g)");
  // The longest query of the older tool's own tests.
  EXPECT_EQ(spec("[!coroutine_fn,coroutine_fn:callees,![!coroutine_fn:callees]]"),
            "(and (not #coroutine_fn) (callees #coroutine_fn) (not (callees (not "
            "#coroutine_fn))))");
}

TEST(Parser, paths) {
  EXPECT_EQ(path("main"), "main");
  EXPECT_EQ(path("main f"), "(seq main f)");
  EXPECT_EQ(path("main ... f"), "(seq main (star all) f)");
  EXPECT_EQ(path("[a] [!b]* [c]"), "(seq #a (star (not #b)) #c)");
  EXPECT_EQ(path("[a][b]"), "(seq #a #b)");
  EXPECT_EQ(path("a|b c|d"), "(alt a (seq b c) d)");
  EXPECT_EQ(path("a (b|c) d"), "(seq a (alt b c) d)");
  EXPECT_EQ(path("a (b ( c | ... ) )* d"), "(seq a (star (seq b (alt c (star all)))) d)");
  EXPECT_EQ(path("a+ b? (c)*"), "(seq (plus a) (opt b) (star c))");
  EXPECT_EQ(path("(...)"), "(star all)");
  EXPECT_EQ(path("a|...|b"), "(alt a (star all) b)");
  EXPECT_EQ(path("a:callees* b"), "(seq (star (callees a)) b)");
  EXPECT_EQ(path("[no_coroutine_fn,!coroutine_mixed_fn]"),
            "(and #no_coroutine_fn (not #coroutine_mixed_fn))");
}

TEST(Parser, anOperatorOfAnOperatorIsOneOfThem) {
  EXPECT_EQ(path("a**"), "(star a)");
  EXPECT_EQ(path("a+*"), "(star a)");
  EXPECT_EQ(path("a?+"), "(star a)");
  EXPECT_EQ(path("a*?"), "(star a)");
  EXPECT_EQ(path("a++"), "(plus a)");
  EXPECT_EQ(path("a??"), "(opt a)");
}

TEST(Parser, errorsSayWhere) {
  EXPECT_EQ(spec(""), "0: expected a function");
  EXPECT_EQ(spec("a )"), "2: ')' is not expected here");
  EXPECT_EQ(spec("a:callrs"), "1: expected callers, callees, all_callers or all_callees after ':'");
  EXPECT_EQ(spec("[a"), "0: this '[' has no ']'");
  EXPECT_EQ(spec("[a b]"), "3: expected ',', '|' or ']' before 'b'");
  EXPECT_EQ(spec("[a,]"), "3: ']' is not expected here");
  EXPECT_EQ(spec("x \"y"), "2: this '\"' has no end");
  EXPECT_EQ(spec("x /y"), "2: this '/' has no end");
  EXPECT_EQ(spec("x !"), "3: the query ends where a function or '[' is expected");
  EXPECT_EQ(spec("main...f"), "4: '...' stands between blanks");
  EXPECT_EQ(path(""), "0: the path ends where a function is expected");
  EXPECT_EQ(path("a |"), "3: the path ends where a function is expected");
  EXPECT_EQ(path("a | | b"), "4: expected a function before '|'");
  EXPECT_EQ(path("(a"), "0: this '(' has no ')'");
  EXPECT_EQ(path("a ()"), "3: expected a function before ')'");
  EXPECT_EQ(path("a) b"), "1: ')' without '('");
  EXPECT_EQ(path("* a"), "0: '*' is not expected here");
  EXPECT_EQ(path("main...f"), "4: '...' stands between blanks");
  EXPECT_EQ(path(llvm::StringRef("a\0b", 3)), std::string("1: '\0' is not expected here", 27));
}

TEST(Parser, depthIsLimited) {
  const std::string many(100000, '[');
  EXPECT_EQ(spec(many), "200: the query is nested too deep");
  EXPECT_EQ(path(std::string(100000, '(')), "200: the path is nested too deep");
  EXPECT_EQ(path("a" + std::string(1000000, '*')), "(star a)");
  EXPECT_EQ(spec(std::string(1000001, '!') + "a"), "(not a)");
  std::string steps = "a";
  for (int step = 0; step < 100000; ++step)
    steps += ":callers";
  EXPECT_EQ(spec(steps), "1601: the query is nested too deep");
  EXPECT_EQ(spec(std::string(150, '[') + "a" + std::string(150, ']')), "#a");
}

} // namespace
} // namespace lockvet::query
