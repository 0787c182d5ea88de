// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What has to be parsed again after what kind of change.

#include "analyzer/facts/serialize.h"
#include "analyzer/index/change_detection.h"
#include "analyzer/store/file_stamp.h"
#include "testsuite/unit/index/temporary_tree.h"

#include <fcntl.h>
#include <optional>
#include <sys/stat.h>

namespace lockvet::index {
namespace {

class ChangeDetection : public test::TemporaryTree {
protected:
  void SetUp() override {
    write("a.c", "a");
    write("b.c", "b");
    write("h.h", "h");
    commands_ = {command("a.c", 1), command("b.c", 2)};
    store_.emplace(llvm::cantFail(store::Store::openForIndexing(path("lockvet.db"))));
    put(1, "a.c", {"a.c", "h.h"});
    put(2, "b.c", {"b.c"});
  }

  CompileCommand command(const std::string& name, uint64_t identity) const {
    return {.identity = {identity, 0},
            .directory = directory_,
            .file = path(name),
            .arguments = {"clang", name}};
  }

  void put(uint64_t identity, const std::string& name, const std::vector<std::string>& inputs,
           facts::UnitStatus status = facts::UnitStatus::Parsed, const std::string& reason = "") {
    facts::UnitFacts unit;
    unit.status = status;
    unit.reason = reason;
    for (const std::string& input : inputs) {
      const store::FileStamp stamp = *store::stampOf(path(input).c_str());
      // Each file's content is its name without the extension.
      unit.inputs.push_back({.path = path(input),
                             .content = facts::hashOf(input.substr(0, input.find('.'))),
                             .size = stamp.size,
                             .mtime_ns = stamp.mtime_ns});
    }
    llvm::cantFail(store_->begin());
    llvm::cantFail(store_
                       ->putUnit({.command = {identity, 0},
                                  .directory = directory_,
                                  .file = path(name),
                                  .limits = 1},
                                 unit)
                       .takeError());
    llvm::cantFail(store_->commit());
  }

  Plan plan(PlanOptions options = {}) {
    options.limits = options.limits == 0 ? 1 : options.limits;
    return llvm::cantFail(makePlan(*store_, commands_, options));
  }

  std::vector<size_t> parsed(PlanOptions options = {}) {
    std::vector<size_t> commands;
    for (const PlannedUnit& unit : plan(options).parse)
      commands.push_back(unit.command);
    return commands;
  }

  std::vector<CompileCommand> commands_;
  std::optional<store::Store> store_;
};

using Indices = std::vector<size_t>;

TEST_F(ChangeDetection, NothingChangedNothingToDo) {
  const Plan plan = this->plan();
  EXPECT_TRUE(plan.parse.empty());
  EXPECT_TRUE(plan.remove.empty());
  EXPECT_TRUE(plan.touched.empty());
  EXPECT_EQ(plan.up_to_date, 2u);
}

TEST_F(ChangeDetection, AHeaderIsReadByItsReaders) {
  write("h.h", "H");
  EXPECT_EQ(parsed(), Indices{0});
}

TEST_F(ChangeDetection, ASourceIsReadByItself) {
  write("b.c", "longer");
  EXPECT_EQ(parsed(), Indices{1});
}

TEST_F(ChangeDetection, TheSameContentAtAnotherTimeIsNoChange) {
  write("h.h", "h", /*age=*/50);
  const Plan plan = this->plan();
  EXPECT_TRUE(plan.parse.empty());
  ASSERT_EQ(plan.touched.size(), 1u);
}

TEST_F(ChangeDetection, AFreshStampIsNotTrusted) {
  // Written in the same instant as before, so that size and time cannot tell.
  write("b.c", "b", /*age=*/0);
  put(2, "b.c", {"b.c"});
  const store::FileStamp before = *store::stampOf(path("b.c").c_str());
  write("b.c", "x", /*age=*/0);
  const timespec same[2] = {{before.mtime_ns / 1000000000, before.mtime_ns % 1000000000},
                            {before.mtime_ns / 1000000000, before.mtime_ns % 1000000000}};
  utimensat(AT_FDCWD, path("b.c").c_str(), same, 0);
  EXPECT_EQ(parsed(), Indices{1});
}

TEST_F(ChangeDetection, AMissingFileIsAChange) {
  remove("h.h");
  EXPECT_EQ(parsed(), Indices{0});
}

TEST_F(ChangeDetection, AnotherCommandIsAnotherUnit) {
  commands_[0].identity = {77, 0};
  const Plan plan = this->plan();
  ASSERT_EQ(plan.parse.size(), 1u);
  ASSERT_EQ(plan.remove.size(), 1u);
  EXPECT_EQ(plan.remove[0], (facts::Hash{1, 0}));
}

TEST_F(ChangeDetection, AUnitThatIsNotAskedForLeaves) {
  commands_.pop_back();
  EXPECT_EQ(plan().remove, (std::vector<facts::Hash>{{2, 0}}));
}

TEST_F(ChangeDetection, AFilterChoosesWhatIsParsedAndNotWhatStays) {
  write("h.h", "H");
  write("b.c", "B");
  llvm::Regex filter("b\\.c$");
  const Plan plan = this->plan({.filter = &filter});
  ASSERT_EQ(plan.parse.size(), 1u);
  EXPECT_EQ(plan.parse[0].command, 1u);
  EXPECT_EQ(plan.filtered_out, 1u);
  EXPECT_TRUE(plan.remove.empty());
}

TEST_F(ChangeDetection, AFailureIsTriedAgainWhenThereIsReasonTo) {
  put(2, "b.c", {"b.c"}, facts::UnitStatus::Crashed, "its parse crashed");
  EXPECT_TRUE(parsed().empty());
  ASSERT_EQ(plan().failures.size(), 1u);
  EXPECT_EQ(plan().failures[0].reason, "its parse crashed");
  EXPECT_EQ(parsed({.retry_failed = true}), Indices{1});
  EXPECT_EQ(parsed({.limits = 2}), Indices{1});

  put(2, "b.c", {"b.c"}, facts::UnitStatus::ParseErrors, "unknown type name 'x'");
  EXPECT_TRUE(parsed().empty());
  EXPECT_TRUE(parsed({.limits = 2}).empty());
  put(2, "b.c", {"b.c"}, facts::UnitStatus::ParseErrors, "'x.h' file not found");
  EXPECT_EQ(parsed(), Indices{1});
}

TEST_F(ChangeDetection, AUnitToParseKnowsWhatItReadLast) {
  write("h.h", "H");
  const Plan plan = this->plan();
  ASSERT_EQ(plan.parse.size(), 1u);
  ASSERT_EQ(plan.parse[0].last_inputs.size(), 2u);
}

} // namespace
} // namespace lockvet::index
