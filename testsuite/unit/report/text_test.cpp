// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "samples.h"

#include <cstdlib>
#include <gtest/gtest.h>

namespace lockvet::report {
namespace {

TEST(Text, FindingWitnessAndFix) {
  EXPECT_EQ(
      rendered({sampleFinding()}, sampleOptions(Format::Text)),
      R"(block/io.c:3:2: error: 'start' calls coroutine_fn 'read_all' outside a coroutine [coroutine-call]
    3 |         read_all(disk);
      |         ^
main.c:7:3: note: calls start()
    7 |   start();
      |   ^
block/io.c:3:2: note: calls read_all(), a coroutine_fn
    3 |         read_all(disk);
      |         ^
include/io.h:1:1: note: insert 'coroutine_fn' here
    1 | void start(void);
      | ^
      | coroutine_fn
1 error
)");
}

TEST(Text, FixOnTheLineOfTheFinding) {
  auto finding = sampleFinding();
  finding.witness.clear();
  finding.fixes = {{finding.file, 3, 2, "co_await "}};
  EXPECT_EQ(
      rendered({finding}, sampleOptions(Format::Text)),
      R"(block/io.c:3:2: error: 'start' calls coroutine_fn 'read_all' outside a coroutine [coroutine-call]
    3 |         read_all(disk);
      |         ^
      |         co_await
1 error
)");
}

TEST(Text, NothingToSay) {
  EXPECT_EQ(rendered({}, sampleOptions(Format::Text)), "no findings\n");
  Options options = sampleOptions(Format::Text);
  options.summary = false;
  EXPECT_EQ(rendered({}, options), "");
}

TEST(Text, MissingSourcesAndPlaces) {
  auto finding = plainFinding("r", 9);
  finding.file = "/gone/a.c";
  auto placeless = plainFinding("r", 0);
  placeless.column = 0;
  placeless.file = "";
  EXPECT_EQ(rendered({finding, placeless}, sampleOptions(Format::Text)),
            "lockvet: warning: a message [r]\n"
            "/gone/a.c:9:1: warning: a message [r]\n"
            "2 warnings\n");
}

TEST(Text, LineBeyondTheFile) {
  auto finding = sampleFinding();
  finding.line = 999;
  finding.witness.clear();
  finding.fixes.clear();
  EXPECT_EQ(llvm::StringRef(rendered({finding}, sampleOptions(Format::Text))).count('\n'), 2U);
}

TEST(Text, SortedByPlace) {
  const std::string text =
      rendered({plainFinding("b", 9), plainFinding("z", 1), plainFinding("a", 9)},
               sampleOptions(Format::Text));
  EXPECT_LT(text.find("[z]"), text.find("[a]"));
  EXPECT_LT(text.find("[a]"), text.find("[b]"));
}

TEST(Text, SummaryCountsWhatIsAccepted) {
  std::vector<Entry> entries = entriesOf(
      {plainFinding("r", 1), plainFinding("r", 2), plainFinding("r", 3), plainFinding("r", 4)});
  entries[0].finding.severity = rules::Severity::Note;
  entries[1].in_baseline = true;
  entries[2].suppressed = Suppressed{"because", true};
  entries[3].finding.severity = rules::Severity::Error;
  std::string text;
  llvm::raw_string_ostream stream(text);
  SourceCache sources;
  render(entries, sampleOptions(Format::Text), sources, stream);
  EXPECT_TRUE(llvm::StringRef(text).ends_with("1 error, 1 note; 1 in the baseline, 1 suppressed\n"))
      << text;
  EXPECT_EQ(text.find("a.c:2"), std::string::npos);
  EXPECT_EQ(text.find("a.c:3"), std::string::npos);
  EXPECT_TRUE(tallyOf(entries).anyNew());
}

TEST(Text, Colour) {
  Options options = sampleOptions(Format::Text);
  EXPECT_EQ(rendered({sampleFinding()}, options).find('\x1b'), std::string::npos);
  options.colour = Colour::Auto; // a string is no terminal
  EXPECT_EQ(rendered({sampleFinding()}, options).find('\x1b'), std::string::npos);
  options.colour = Colour::Always;
  const std::string text = rendered({sampleFinding()}, options);
  EXPECT_NE(text.find("\x1b[0;1;31merror: "), std::string::npos) << text;
  EXPECT_NE(text.find("\x1b[0;1;36mnote: "), std::string::npos) << text;
  EXPECT_NE(text.find("\x1b[0;1;32m^"), std::string::npos) << text;
}

TEST(Text, HostileWordsStayOnTheirLine) {
  auto finding = plainFinding("r\x1b[2J", 1);
  finding.message = "a\nforged.c:1:1: error: b\x1b[31m\xff";
  finding.file = "/tree/a\nb.c";
  finding.witness = {{"f", "/tree/x\r.c", 1, 1, "reason\x07"}};
  finding.fixes = {{"/tree/a\nb.c", 1, 1, "x\ny"}};
  SourceCache sources;
  sources.add("/tree/a\nb.c", std::string(1'000'000, '\x1b') + "\n");
  const std::string text = rendered({finding}, sampleOptions(Format::Text), std::move(sources));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(text.find("\nforged"), std::string::npos);
  EXPECT_LT(text.size(), 1000U);
}

} // namespace
} // namespace lockvet::report
