// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/suppressions.h"
#include "samples.h"

#include <gtest/gtest.h>

namespace lockvet::report {
namespace {

/// Suppresses in /tree/a.c with this text; the function of every finding is defined at line 2.
std::vector<Entry> suppressed(llvm::StringRef text, std::vector<rules::Finding> findings,
                              const config::Config& config = {}) {
  SourceCache sources;
  sources.add("/tree/a.c", text);
  std::vector<Entry> entries = entriesOf(std::move(findings));
  const llvm::StringRef rules[] = {"r", "s", "coroutine-call", kSuppressionRule};
  auto definition = [](const rules::Finding&) -> std::optional<DefinitionPlace> {
    return DefinitionPlace{"/tree/a.c", 2};
  };
  EXPECT_EQ(llvm::toString(suppress(entries, config, rules, definition, sources)), "");
  return entries;
}

config::Config pathConfig(std::string path, std::vector<std::string> rules) {
  config::Config config;
  config.directory = "/tree";
  config.suppressions = {{std::move(path), std::move(rules), "not ours"}};
  return config;
}

TEST(Suppress, OnTheLine) {
  const auto entries = suppressed("\n\n\nf(); // lockvet: allow(r) why\n", {plainFinding("r", 4)});
  ASSERT_EQ(entries.size(), 1U);
  ASSERT_TRUE(entries[0].suppressed);
  EXPECT_EQ(entries[0].suppressed->reason, "why");
  EXPECT_TRUE(entries[0].suppressed->in_source);
}

TEST(Suppress, OnTheLineAbove) {
  EXPECT_TRUE(
      suppressed("\n\n\n// lockvet: allow(r) why\nf();\n", {plainFinding("r", 5)})[0].suppressed);
}

TEST(Suppress, ACommentBehindTheLineAboveIsAboutThatLine) {
  EXPECT_FALSE(suppressed("\n\n\ng(); // lockvet: allow(r) why\nf();\n", {plainFinding("r", 5)})[0]
                   .suppressed);
}

TEST(Suppress, TwoLinesAboveIsTooFar) {
  EXPECT_FALSE(
      suppressed("\n\n\n// lockvet: allow(r) why\n\nf();\n", {plainFinding("r", 6)})[0].suppressed);
}

TEST(Suppress, AtTheDefinition) {
  EXPECT_TRUE(suppressed("\nvoid f(void) // lockvet: allow(r) why\n{\n\n\n g();\n",
                         {plainFinding("r", 6)})[0]
                  .suppressed);
  EXPECT_TRUE(suppressed("// lockvet: allow(r) why\nvoid f(void)\n{\n\n\n g();\n",
                         {plainFinding("r", 6)})[0]
                  .suppressed);
}

TEST(Suppress, OnlyTheRulesThatAreNamed) {
  const auto entries = suppressed("\n\n\nf(); // lockvet: allow(s, coroutine-call) why\n",
                                  {plainFinding("r", 4), plainFinding("s", 4)});
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_FALSE(entries[0].suppressed);
  EXPECT_TRUE(entries[1].suppressed);
}

TEST(Suppress, AMissingReasonIsReportedInstead) {
  const auto entries =
      suppressed("\n\n\nf(); // lockvet: allow(r)\n", {plainFinding("r", 4), plainFinding("r", 4)});
  ASSERT_EQ(entries.size(), 3U); // once for one comment
  EXPECT_TRUE(entries[0].suppressed);
  const rules::Finding& problem = entries[2].finding;
  EXPECT_EQ(problem.rule, "suppression-reason");
  EXPECT_EQ(problem.line, 4U);
  EXPECT_EQ(problem.column, 9U);
  EXPECT_EQ(problem.fingerprint.size(), 32U);
  EXPECT_NE(problem.message.find("'r' is suppressed without a reason"), std::string::npos);
  EXPECT_TRUE(entries[2].isNew());
}

TEST(Suppress, AnUnknownRuleIsReportedAndAllowsNothing) {
  const auto entries =
      suppressed("\n\n\nf(); // lockvet: allow(corotine-call) why\n", {plainFinding("r", 4)});
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_FALSE(entries[0].suppressed);
  EXPECT_EQ(entries[1].finding.message,
            "no rule is called 'corotine-call' (did you mean 'coroutine-call'?)");
}

TEST(Suppress, AMalformedCommentIsReported) {
  const auto entries = suppressed("\n\n\nf(); // lockvet: allow r\n", {plainFinding("r", 4)});
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_FALSE(entries[0].suppressed);
  EXPECT_NE(entries[1].finding.message.find("suppresses nothing"), std::string::npos);
}

TEST(Suppress, FingerprintOfAProblemSurvivesMoves) {
  const auto here = suppressed("\n\n\nf(); // lockvet: allow(r)\n", {plainFinding("r", 4)});
  const auto there = suppressed("\n\n\n\n\nf(); // lockvet: allow(r)\n", {plainFinding("r", 6)});
  const auto other = suppressed("\n\n\nf(); // lockvet: allow(s)\n", {plainFinding("s", 4)});
  EXPECT_EQ(here[1].finding.fingerprint, there[1].finding.fingerprint);
  EXPECT_NE(here[1].finding.fingerprint, other[1].finding.fingerprint);
}

TEST(Suppress, ByPath) {
  const auto entry = [](const config::Config& config) {
    return suppressed("", {plainFinding("r", 4)}, config)[0].suppressed;
  };
  const auto found = entry(pathConfig("*.c", {"r"}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->reason, "not ours");
  EXPECT_FALSE(found->in_source);
  EXPECT_TRUE(entry(pathConfig("**", {})));
  EXPECT_FALSE(entry(pathConfig("*.c", {"s"})));
  EXPECT_FALSE(entry(pathConfig("sub/**", {"r"})));
  config::Config elsewhere = pathConfig("**", {});
  elsewhere.directory = "/other";
  EXPECT_FALSE(entry(elsewhere));
}

TEST(Suppress, APathMayCoverProblemsToo) {
  const auto entries = suppressed("\n\n\nf(); // lockvet: allow(r)\n", {plainFinding("r", 4)},
                                  pathConfig("a.c", {"suppression-reason"}));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_FALSE(entries[1].isNew());
}

TEST(Suppress, ABadPatternIsAnError) {
  std::vector<Entry> entries;
  SourceCache sources;
  const auto none = [](const rules::Finding&) -> std::optional<DefinitionPlace> { return {}; };
  EXPECT_NE(llvm::toString(suppress(entries, pathConfig("[", {}), {}, none, sources)), "");
}

TEST(Suppress, MissingFilesAreNoError) {
  auto finding = plainFinding("r", 4);
  finding.file = "/gone.c";
  finding.line = 0;
  EXPECT_FALSE(suppressed("", {finding})[0].suppressed);
}

} // namespace
} // namespace lockvet::report
