// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/baseline.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "samples.h"

#include <gtest/gtest.h>

namespace lockvet::report {
namespace {

const std::string kA(32, 'a'), kB(32, 'b'), kC(32, 'c');

std::string errorOf(llvm::StringRef text) {
  auto baseline = Baseline::parse(text, "base.json");
  return baseline ? "no error" : llvm::toString(baseline.takeError());
}

TEST(Baseline, OneFindingALine) {
  const auto entries =
      entriesOf({plainFinding("z", 1, kA), plainFinding("a", 2, kB), plainFinding("z", 3, kA)});
  EXPECT_EQ(Baseline::of(entries).str(), "{\n"
                                         " \"version\": 1,\n"
                                         " \"findings\": [\n"
                                         "  {\"fingerprint\":\"" +
                                             kB +
                                             "\",\"rule\":\"a\",\"function\":\"f\",\"count\":1},\n"
                                             "  {\"fingerprint\":\"" +
                                             kA +
                                             "\",\"rule\":\"z\",\"function\":\"f\",\"count\":2}\n"
                                             " ]\n"
                                             "}\n");
}

TEST(Baseline, RoundTrip) {
  for (auto findings :
       {std::vector<rules::Finding>{}, {plainFinding("r\xff", 1, kA), plainFinding("s", 1, kB)}}) {
    const std::string text = Baseline::of(entriesOf(findings)).str();
    auto again = Baseline::parse(text, "x");
    ASSERT_TRUE(bool(again)) << llvm::toString(again.takeError());
    EXPECT_EQ(again->str(), text);
  }
}

TEST(Baseline, MarksAsManyAsItKnows) {
  const Baseline baseline = Baseline::of(
      entriesOf({plainFinding("r", 1, kA), plainFinding("r", 2, kA), plainFinding("r", 1, kC)}));
  auto entries = entriesOf({plainFinding("r", 30, kA), plainFinding("r", 10, kA),
                            plainFinding("r", 20, kA), plainFinding("r", 5, kB)});
  EXPECT_EQ(baseline.mark(entries), 1U); // kC is gone
  EXPECT_FALSE(entries[0].in_baseline);  // the third of two
  EXPECT_TRUE(entries[1].in_baseline);
  EXPECT_TRUE(entries[2].in_baseline);
  EXPECT_FALSE(entries[3].in_baseline);
  EXPECT_EQ(tallyOf(entries).warnings, 2U);
  EXPECT_EQ(tallyOf(entries).in_baseline, 2U);
}

TEST(Baseline, SuppressedFindingsAreNoPartOfIt) {
  auto entries = entriesOf({plainFinding("r", 1, kA), plainFinding("r", 2, kA)});
  entries[0].suppressed = Suppressed{"x", true};
  const Baseline baseline = Baseline::of(entries);
  EXPECT_EQ(baseline.known().at(kA).count, 1U);
  EXPECT_EQ(baseline.mark(entries), 0U);
  EXPECT_FALSE(entries[0].in_baseline);
  EXPECT_TRUE(entries[1].in_baseline);
}

TEST(Baseline, KnownFindingsStayInANewOne) {
  auto entries = entriesOf({plainFinding("r", 1, kA)});
  entries[0].in_baseline = true;
  EXPECT_EQ(Baseline::of(entries).known().size(), 1U);
}

TEST(Baseline, LinesThatAMergeDoubledCountOnce) {
  const std::string line = "{\"fingerprint\":\"" + kA + "\",\"count\":2}";
  auto baseline = Baseline::parse("{\"version\":1,\"findings\":[" + line + "," + line + "]}", "x");
  ASSERT_TRUE(bool(baseline));
  EXPECT_EQ(baseline->known().at(kA).count, 2U);
}

TEST(Baseline, DamageIsSaid) {
  auto expect = [](llvm::StringRef text, llvm::StringRef why) {
    const std::string error = errorOf(text);
    EXPECT_NE(error.find(why), std::string::npos) << text.take_front(80).str() << ": " << error;
    EXPECT_NE(error.find("base.json"), std::string::npos) << error;
    EXPECT_NE(error.find("--write-baseline"), std::string::npos) << error;
  };
  auto finding = [](const std::string& body) {
    return "{\"version\":1,\"findings\":[" + body + "]}";
  };
  expect("", "is damaged");
  expect("{\"version\":1,\"findings\":[{\"finge", "is damaged");
  expect("[]", "lacks 'version' or 'findings'");
  expect("{\"version\":1}", "lacks 'version' or 'findings'");
  expect("{\"version\":2,\"findings\":[]}", "is of version 2");
  expect(finding("1"), "finding 1 of it is not an object");
  expect(finding("{\"fingerprint\":\"xyz\",\"count\":1}"), "no 'fingerprint' of 32");
  expect(finding("{\"fingerprint\":\"" + kA + "\"}"), "no positive 'count'");
  expect(finding("{\"fingerprint\":\"" + kA + "\",\"count\":0}"), "no positive 'count'");
  expect(finding("{\"fingerprint\":\"" + kA + "\",\"count\":1e30}"), "no positive 'count'");
  expect(std::string(1'000'000, '['), "nests too deep");
  expect("<<<<<<< HEAD\n", "is damaged");
}

TEST(Baseline, Files) {
  llvm::SmallString<128> directory;
  ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("lockvet-baseline", directory));
  const std::string path = directory.str().str() + "/base.json";
  const Baseline baseline = Baseline::of(entriesOf({plainFinding("r", 1, kA)}));
  EXPECT_EQ(llvm::toString(baseline.write(path)), "");
  auto again = Baseline::read(path);
  ASSERT_TRUE(bool(again));
  EXPECT_EQ(again->str(), baseline.str());
  EXPECT_NE(llvm::toString(Baseline::read(path + "x").takeError()).find("cannot read"),
            std::string::npos);
  EXPECT_NE(llvm::toString(Baseline::read(directory).takeError()).find("it is a folder"),
            std::string::npos);
  EXPECT_NE(llvm::toString(baseline.write(path + "/no/x")).find("cannot write the baseline"),
            std::string::npos);
  llvm::sys::fs::remove_directories(directory);
}

} // namespace
} // namespace lockvet::report
