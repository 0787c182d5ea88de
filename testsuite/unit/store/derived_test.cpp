// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows that the linker and `check` write.

#include "testsuite/unit/store/fixture.h"

namespace lockvet::store {
namespace {

using Derived = test::StoreTest;

TEST_F(Derived, OnlyTheDifferenceIsWritten) {
  Store store = openForIndexing();
  llvm::cantFail(store.begin());
  DerivedChange change = llvm::cantFail(store.writeSlotTargets({{3, 1}, {1, 2}, {1, 1}, {3, 1}}));
  EXPECT_EQ(change.inserted, 3u);
  change = llvm::cantFail(store.writeSlotTargets({{1, 2}, {1, 1}, {3, 2}}));
  EXPECT_EQ(change.inserted, 1u);
  EXPECT_EQ(change.deleted, 1u);
  change = llvm::cantFail(store.writeVirtualTargets({{1, 2}}));
  EXPECT_EQ(change.inserted, 1u);
  llvm::cantFail(store.commit());

  std::vector<SlotTarget> targets;
  llvm::cantFail(
      store.reader().forEachSlotTarget([&](const SlotTarget& row) { targets.push_back(row); }));
  EXPECT_EQ(targets, (std::vector<SlotTarget>{{1, 1}, {1, 2}, {3, 2}}));
}

TEST_F(Derived, FindingsReplaceTheLastOnes) {
  {
    Store store = openForIndexing();
  }
  Store store = llvm::cantFail(Store::openForFindings(path_));
  Finding finding;
  finding.rule = "coroutine-call";
  finding.severity = "error";
  finding.message = "calls \"f\"";
  finding.line = 7;
  finding.witness = {{.function = "main", .file = "/a\xff.c", .line = 3, .reason = "calls f()"}};
  llvm::cantFail(store.writeFindings({finding, finding}));
  llvm::cantFail(store.writeFindings({finding}));
  EXPECT_EQ(query("SELECT rule, severity, message, line FROM finding"),
            std::vector<std::string>{"coroutine-call|error|calls \"f\"|7"});
  EXPECT_EQ(query("SELECT json_extract(witness, '$[0].function'), json_extract(witness, "
                  "'$[0].line') FROM finding"),
            std::vector<std::string>{"main|3"});
}

TEST_F(Derived, FindingsCanBeWrittenWhileAnIndexerHasTheLock) {
  Store indexer = openForIndexing();
  Store store = llvm::cantFail(Store::openForFindings(path_));
  llvm::cantFail(store.writeFindings({}));
}

} // namespace
} // namespace lockvet::store
