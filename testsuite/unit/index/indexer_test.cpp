// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whole runs over a small tree, with a worker whose extraction is a fake.

#include "analyzer/index/indexer.h"
#include "analyzer/index/worker.h"
#include "testsuite/unit/index/temporary_tree.h"

#include <cstdlib>
#include <unistd.h>

namespace lockvet::index {
namespace {

using Rows = std::vector<std::string>;

class IndexRun : public test::TemporaryTree {
protected:
  void SetUp() override {
    write("a.c", "a\n#include " + path("h.h") + "\n");
    write("b.c", "b\n#include " + path("h.h") + "\n");
    write("c.c", "c\n");
    write("h.h", "h\n");
    writeDatabase({{"a.c", ""}, {"b.c", ""}, {"c.c", ""}});
    options_.compilation_database = directory_;
    options_.store = path("lockvet.db");
    options_.jobs = 2;
    options_.progress = ProgressMode::None;
    options_.worker_program = FAKE_WORKER;
  }
  ~IndexRun() override { unsetenv(kFaultVariable); }

  IndexSummary run() {
    return llvm::cantFail(runIndex(
        options_,
        [&](store::Store&) {
          ++links_;
          return llvm::Error::success();
        },
        llvm::nulls()));
  }

  Rows functions() { return query("SELECT name FROM function ORDER BY name"); }

  IndexOptions options_;
  int links_ = 0;
};

TEST_F(IndexRun, ParsesAllAndThenNothing) {
  IndexSummary summary = run();
  EXPECT_EQ(summary.units, 3u);
  EXPECT_EQ(summary.parsed, 3u);
  EXPECT_EQ(functions(), (Rows{"a", "b", "c", "h"}));
  EXPECT_EQ(links_, 1);

  summary = run();
  EXPECT_EQ(summary.parsed, 0u);
  EXPECT_EQ(summary.up_to_date, 3u);
  EXPECT_EQ(links_, 1) << "nothing changed, nothing to link";
}

TEST_F(IndexRun, AHeaderEditParsesItsReaders) {
  run();
  write("h.h", "h2\n", /*age=*/50);
  EXPECT_EQ(run().parsed, 2u);
  EXPECT_EQ(functions(), (Rows{"a", "b", "c", "h2"}));
  EXPECT_EQ(links_, 2);
}

TEST_F(IndexRun, ATouchParsesNothingAndIsRememberedAsNoChange) {
  run();
  write("h.h", "h\n", /*age=*/50);
  EXPECT_EQ(run().parsed, 0u);
  const Rows times = query("SELECT mtime_ns FROM file WHERE path LIKE '%h.h'");
  write("h.h", "h\n", /*age=*/40);
  EXPECT_EQ(run().parsed, 0u);
  EXPECT_NE(query("SELECT mtime_ns FROM file WHERE path LIKE '%h.h'"), times);
}

TEST_F(IndexRun, AUnitThatLeavesTakesItsFactsAlong) {
  run();
  writeDatabase({{"a.c", ""}, {"b.c", ""}});
  const IndexSummary summary = run();
  EXPECT_EQ(summary.removed, 1u);
  EXPECT_EQ(functions(), (Rows{"a", "b", "h"}));
  EXPECT_EQ(links_, 2);
}

TEST_F(IndexRun, OtherFlagsAreAnotherUnit) {
  run();
  writeDatabase({{"a.c", "-DX"}, {"b.c", ""}, {"c.c", ""}});
  const IndexSummary summary = run();
  EXPECT_EQ(summary.parsed, 1u);
  EXPECT_EQ(summary.removed, 1u);
  EXPECT_EQ(functions(), (Rows{"a", "b", "c", "h"}));
}

TEST_F(IndexRun, AFailureIsReportedAndKeptUntilItsInputsChange) {
  setenv(kFaultVariable, "crash:b.c", 1);
  IndexSummary summary = run();
  ASSERT_EQ(summary.failed.size(), 1u);
  EXPECT_EQ(summary.failed[0].file, path("b.c"));
  EXPECT_EQ(functions(), (Rows{"a", "c", "h"}));
  EXPECT_EQ(query("SELECT status FROM unit WHERE file LIKE '%b.c'"), Rows{"crashed"});

  unsetenv(kFaultVariable);
  summary = run();
  EXPECT_EQ(summary.parsed, 0u);
  EXPECT_EQ(summary.failed.size(), 1u) << "still reported";

  options_.limits.seconds += 1;
  EXPECT_EQ(run().parsed, 1u);
  EXPECT_EQ(functions(), (Rows{"a", "b", "c", "h"}));
}

TEST_F(IndexRun, AUnitThatStartsToCrashIsTriedAgainWhenAHeaderChanges) {
  run();
  setenv(kFaultVariable, "crash:b.c", 1);
  write("b.c", "b3\n#include " + path("h.h") + "\n", /*age=*/50);
  EXPECT_EQ(run().failed.size(), 1u);
  EXPECT_EQ(functions(), (Rows{"a", "c", "h"})) << "nothing is kept of a crashed unit";
  unsetenv(kFaultVariable);
  write("h.h", "h3\n", /*age=*/50);
  EXPECT_EQ(run().parsed, 2u);
  EXPECT_EQ(functions(), (Rows{"a", "b3", "c", "h3"}));
}

TEST_F(IndexRun, FactsThatCannotBeReadCostTheirUnit) {
  writeDatabase({{"a.c", ""}, {"b.c", "-DGARBLED"}});
  const IndexSummary summary = run();
  ASSERT_EQ(summary.failed.size(), 1u);
  EXPECT_NE(summary.failed[0].reason.find("facts that cannot be read"), std::string::npos);
  EXPECT_EQ(functions(), (Rows{"a", "h"}));
}

TEST_F(IndexRun, AGeneratedFileThatIsMissingIsReportedAndParsedOnceItIsThere) {
  writeDatabase({{"a.c", ""}, {"gen.c", ""}});
  IndexSummary summary = run();
  ASSERT_EQ(summary.failed.size(), 1u);
  EXPECT_EQ(summary.failed[0].status, facts::UnitStatus::BadCommand);
  EXPECT_NE(summary.failed[0].reason.find("build first"), std::string::npos);
  write("gen.c", "gen\n");
  summary = run();
  EXPECT_TRUE(summary.failed.empty());
  EXPECT_EQ(functions(), (Rows{"a", "gen", "h"}));
}

TEST_F(IndexRun, AMissingHeaderIsLookedForEachTime) {
  write("c.c", "#include " + path("late.h") + "\n");
  EXPECT_EQ(run().failed.size(), 1u);
  EXPECT_EQ(run().parsed, 1u);
  write("late.h", "late\n");
  EXPECT_TRUE(run().failed.empty());
  EXPECT_EQ(functions(), (Rows{"a", "b", "h", "late"}));
}

TEST_F(IndexRun, AFilterLeavesTheRestForLater) {
  options_.filter = "/[ab]\\.c$";
  IndexSummary summary = run();
  EXPECT_EQ(summary.parsed, 2u);
  EXPECT_EQ(summary.filtered_out, 1u);
  summary = run();
  EXPECT_EQ(summary.up_to_date, 2u);
  EXPECT_EQ(summary.filtered_out, 1u);
  options_.filter.clear();
  EXPECT_EQ(run().parsed, 1u);
}

TEST_F(IndexRun, ABadFilterIsAnErrorBeforeAnythingIsWritten) {
  options_.filter = "(";
  auto summary =
      runIndex(options_, [](store::Store&) { return llvm::Error::success(); }, llvm::nulls());
  EXPECT_NE(llvm::toString(summary.takeError()).find("is no regular expression"),
            std::string::npos);
  EXPECT_NE(access(options_.store.c_str(), F_OK), 0);
}

TEST_F(IndexRun, AFailedLinkIsDoneAgain) {
  auto failed = runIndex(
      options_, [](store::Store&) { return llvm::createStringError("no link today"); },
      llvm::nulls());
  EXPECT_EQ(llvm::toString(failed.takeError()), "no link today");
  const IndexSummary summary = run();
  EXPECT_EQ(summary.parsed, 0u) << "what was parsed is kept";
  EXPECT_EQ(links_, 1);
}

} // namespace
} // namespace lockvet::index
