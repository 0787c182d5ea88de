// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every way to write a wrong configuration that the parser knows, and the exact place and words of
// its answer: the message is all that a user sees.

#include "analyzer/config/config.h"
#include "llvm/ADT/STLExtras.h"

#include <gtest/gtest.h>

namespace lockvet::config {
namespace {

std::string errorOf(llvm::StringRef text) {
  auto config = parse(text, ".lockvet.yaml");
  return config ? "no error" : llvm::toString(config.takeError());
}

struct Case {
  const char* name;
  std::string text;
  std::string error; ///< the whole message without ".lockvet.yaml:" and "error: ", or its start
};

class ConfigError : public testing::TestWithParam<Case> {};

TEST_P(ConfigError, SaysWhereAndWhat) {
  const std::string found = errorOf(GetParam().text);
  const std::string& wanted = GetParam().error;
  const size_t space = wanted.find(' ');
  const std::string start =
      ".lockvet.yaml:" + wanted.substr(0, space) + ": error: " + wanted.substr(space + 1);
  EXPECT_EQ(found.substr(0, start.size()), start) << "in full: " << found;
  EXPECT_EQ(found.find('\n'), std::string::npos) << found;
}

const Case kMarkers[] = {
    {"MarkerWithoutName", "markers:\n- {spelling: A}\n", "2:3 this marker lacks the key 'marker'"},
    {"MarkerWithoutSpelling", "markers:\n- {marker: requires}\n",
     "2:3 this marker lacks the key 'spelling'"},
    {"UnknownMarker", "markers:\n- {marker: required, spelling: A}\n",
     "2:12 'required' is no marker"},
    {"UnknownPlaceOfMarker", "markers:\n- {marker: requires, spelling: A, place: front}\n",
     "2:42 'front' is no place"},
    {"LockAsStatement", "markers:\n- {marker: requires, spelling: A, place: body}\n",
     "2:42 'requires' is no statement"},
    {"UnknownDeclarations", "markers:\n- {marker: requires, spelling: A, on: headers}\n",
     "2:39 'headers' is no set of declarations"},
    {"LockOfCoroutineMarker", "markers:\n- {marker: coroutine_fn, spelling: A, lock: l}\n",
     "2:39 'coroutine_fn' is about no lock"},
    {"MarkerTwice",
     "markers:\n- {marker: requires, spelling: A}\n- {marker: requires, spelling: B}\n",
     "3:12 'requires' is spelled twice"}};
const Case kShape[] = {
    {"UnknownKey", "root: [a]\n", "1:1 unknown key 'root' (did you mean 'roots'?); allowed here: "},
    {"PathRuleWithoutRule", "paths:\n- {path: a b, message: m}\n",
     "2:3 this rule lacks the key 'rule'"},
    {"PathRuleThatIsOff", "paths:\n- {rule: a, path: a b, message: m, severity: off}\n",
     "2:46 a rule of your own that is off is better left out"},
    {"PathRuleWithBadId", "paths:\n- {rule: A b, path: a, message: m}\n",
     "2:10 'A b' is not the id of a rule"},
    {"PathRuleTwice",
     "paths:\n- {rule: a, path: a, message: m}\n- {rule: a, path: b, message: n}\n",
     "3:3 there are two rules 'a'"},
    {"UnknownKeyFarOff", "\n  zebra: 1\n", "2:3 unknown key 'zebra'; allowed here: profile, corou"},
    {"UnknownLabelKey", "labels:\n- lable: x\n",
     "2:3 unknown key 'lable' (did you mean 'label'?); allowed here: label, name, regex, macro"},
    {"UnknownSuppressionKey", "suppress:\n  - paths: x\n",
     "2:5 unknown key 'paths' (did you mean 'path'?); allowed here: path, rules, reason"},
    {"DuplicateKey", "roots: [a]\nroots: [b]\n", "2:1 the key 'roots' is given twice"},
    {"DuplicateRule", "rules:\n  x: off\n  x: error\n", "3:3 the key 'x' is given twice"},
    {"ListForMapping", "- a\n", "1:1 the configuration must be a mapping with the keys "},
    {"ScalarForMapping", "hello\n", "1:1 the configuration must be a mapping"},
    {"ScalarForList", "roots: main\n", "1:8 the value of 'roots' must be a list, not a string"},
    {"MappingForList", "roots: {a: b}\n", "1:8 the value of 'roots' must be a list, not a mappi"},
    {"ListForString", "roots: [[a]]\n", "1:9 an item of 'roots' must be a string, not a list"},
    {"MappingForString", "roots:\n - a: b\n", "2:4 an item of 'roots' must be a string, not a"},
    {"EmptyItem", "roots: ['']\n", "1:9 an item of 'roots' must not be empty"},
    {"MissingItem", "roots:\n  -\n", "2:3 an item of 'roots' must not be empty"},
    {"ListForRules", "rules: [a]\n", "1:8 the value of 'rules' must be a mapping, not a list"},
    {"KeyIsAList", "[a]: b\n", "1:1 a key must be a word, not a list"},
    {"Alias", "roots: &x [a]\nblocking: *x\n", "2:1 the value of 'blocking' must be a list, not"},
    {"TwoDocuments", "roots: [a]\n---\nroots: [b]\n", "2:1 the file must hold one YAML"},
    {"TwoMarkers", "# c\n---\n---\n", "3:1 the file must hold one YAML document only"},
    {"Unclosed", "roots: [a\n", "1:10 Could not find closing ]"},
    {"Garbage", "{a: b} c\n", "1:2 unknown key 'a'"},
    {"AfterTheMapping", "{roots: [a]} c\n", "1:14 the file must hold one mapping"},
    {"NotUtf8", "roots: [\"\xff\"]\n", "1:10 this byte is not UTF-8"},
    {"Nul", std::string("roots: [a]\n\0", 12), "2:1 a control character"},
    {"TwoLines", "roots: [\"a\\nb\"]\n", "1:9 an item of 'roots' must be one line of text"},
};

const Case kMeaning[] = {
    {"LabelMissing", "labels:\n- name: f\n", "2:3 this label rule lacks the key 'label'"},
    {"TargetMissing", "labels:\n- label: x\n", "2:3 this label rule says of no function"},
    {"TwoTargets", "labels:\n- label: x\n  name: f\n  regex: g\n",
     "4:3 a label rule has one of name, regex and macro; this one has 'name' and 'regex'"},
    {"BadLabel", "labels:\n- label: a b\n", "2:10 the label 'a b' must be a word"},
    {"BadMacro", "labels:\n- {label: x, macro: F()}\n", "2:21 the macro 'F()' is not the name"},
    {"BadRegex", "labels:\n- {label: x, regex: '('}\n",
     "2:21 the regex '(' is not a regular expression: parentheses not balanced"},
    {"HugeRegex", "labels:\n- {label: x, regex: '(((a{255}){255}){255}){255}'}\n",
     "2:21 the regex '(((a{255}){255}){255}){255}' repeats more than 10000 times"},
    {"LongRegex", "labels:\n- {label: x, regex: '" + std::string(2000, '(') + "'}\n",
     "2:21 the regex '((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((' is longer"},
    {"SameLabelTwice", "labels:\n- {label: x, name: f}\n- {name: f, label: x}\n",
     "3:20 the label 'x' is given to it twice"},
    {"Contradiction",
     "labels:\n- {label: coroutine_fn, name: f}\n"
     "- {label: no_coroutine_fn, name: f}\n",
     "3:11 the label 'no_coroutine_fn' contradicts 'coroutine_fn', which it is given above"},
    {"ContradictionMixed",
     "labels:\n- {label: coroutine_mixed_fn, macro: F}\n"
     "- {label: coroutine_fn, macro: F}\n",
     "3:11 the label 'coroutine_fn' contradicts 'coroutine_mixed_fn'"},
    {"BlockingBoth", "blocking: [f]\nnot_blocking: [g, f]\n",
     "2:19 'f' is in both blocking and not_blocking"},
    {"NotBlockingBoth", "not_blocking: [f]\nblocking: [f]\n", "2:12 'f' is in both blocking"},
    {"ListedTwice", "roots: [a, b, a]\n", "1:15 'a' is listed twice"},
    {"BadLevel", "rules: {coroutine-call: warn}\n", "1:25 'warn' is no level; allowed: off, note"},
    {"NearLevel", "rules: {coroutine-call: errors}\n",
     "1:25 'errors' is no level (did you mean 'error'?); allowed: off, note, warning, error"},
    {"NoLevel", "rules:\n  coroutine-call:\n", "2:3 the value of 'coroutine-call' must not be"},
    {"BadRule", "rules: {Coroutine Call: off}\n", "1:9 'Coroutine Call' is not the id of a rule"},
    {"NoReason", "suppress:\n- path: a\n", "2:3 this suppression lacks the key 'reason': say why"},
    {"EmptyReason", "suppress:\n- path: a\n  reason: ' '\n",
     "3:11 the value of 'reason' must not be empty"},
    {"NoPath", "suppress:\n- reason: a\n", "2:3 this suppression lacks the key 'path'"},
    {"BadPath", "suppress:\n- {path: 'a[', reason: x}\n", "2:10 the path pattern 'a[' has a '['"},
    {"AbsolutePath", "suppress:\n- {path: /a, reason: x}\n", "2:10 a path is relative to the"},
    {"NoRules", "suppress:\n- {path: a, rules: [], reason: x}\n", "2:20 'rules' is empty: name"},
    {"BadSuppressedRule", "suppress:\n- {path: a, rules: ['*'], reason: x}\n",
     "2:21 '*' is not the id of a rule"},
};

/// What GoogleTest prints where it names a case; bytes are the default.
void PrintTo(const Case& wrong, std::ostream* stream) {
  *stream << wrong.text;
}

std::string nameOf(const testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Shape, ConfigError, testing::ValuesIn(kShape), nameOf);
INSTANTIATE_TEST_SUITE_P(Markers, ConfigError, testing::ValuesIn(kMarkers), nameOf);
INSTANTIATE_TEST_SUITE_P(Meaning, ConfigError, testing::ValuesIn(kMeaning), nameOf);

TEST(ConfigHostile, WhatIsQuotedStaysOnOneLine) {
  for (const char* text : {"rules:\n  a: >\n\n   b\n  c\n", "rules: {\"a\\nb\": off}\n",
                           "\"a\\e[31mb\": x\n", "labels: [{label: \"a\\x07b\"}]\n"}) {
    const std::string error = errorOf(text);
    EXPECT_NE(error, "no error");
    EXPECT_TRUE(llvm::all_of(error, [](char c) { return c >= ' ' || c < 0; })) << error;
  }
}

// The size of the input must never become depth of the stack or time beyond reason.
TEST(ConfigHostile, DeepNesting) {
  for (const char* unit : {"[", "{", "- ", "? ", "[{", "a: ", "&a ", "!a "}) {
    std::string text;
    while (text.size() < 200'000)
      text += unit;
    EXPECT_NE(errorOf(text), "no error") << unit;
    EXPECT_NE(errorOf("roots: " + text), "no error") << unit;
    EXPECT_NE(errorOf("roots:\n - " + text), "no error") << unit;
  }
}

TEST(ConfigHostile, TooLarge) {
  EXPECT_NE(errorOf(std::string(1 << 20, '#')).find("larger than 256 KiB"), std::string::npos);
}

TEST(ConfigHostile, LongWordsAreCutInMessages) {
  EXPECT_LT(errorOf(std::string(1000, 'k') + ": x\n").size(), 400U);
  EXPECT_LT(errorOf("rules: {x: " + std::string(5000, 'k') + "}\n").size(), 400U);
}

} // namespace
} // namespace lockvet::config
