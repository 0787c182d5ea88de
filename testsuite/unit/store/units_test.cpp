// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Putting units in and reading their facts back.

#include "analyzer/facts/serialize.h"
#include "analyzer/store/id_set.h"
#include "analyzer/store/input_digest.h"
#include "testsuite/unit/facts/sample.h"
#include "testsuite/unit/store/fixture.h"

#include <algorithm>
#include <map>

namespace lockvet::store {
namespace {

using test::functionFragment;
using test::identity;
using test::put;
using test::unitOf;
using Units = test::StoreTest;

TEST_F(Units, AFragmentOfTwoUnitsIsStoredOnce) {
  Store store = openForIndexing();
  const facts::Fragment shared = functionFragment("/h.h", "shared", 3, {"callee"});
  put(store, identity(1, "/a.c"), unitOf("/a.c", {shared, functionFragment("/a.c", "a", 1)}));
  put(store, identity(2, "/b.c"), unitOf("/b.c", {shared, functionFragment("/b.c", "b", 1)}));
  EXPECT_EQ(query("SELECT count(*) FROM fragment"), std::vector<std::string>{"3"});
  EXPECT_EQ(query("SELECT caller, callee FROM call_edge"),
            std::vector<std::string>{"shared|callee"});
}

TEST_F(Units, AFragmentThatIsOnlyNamedMustBeKnown) {
  Store store = openForIndexing();
  facts::UnitFacts unit = unitOf("/a.c", {functionFragment("/a.c", "a", 1)});
  facts::UnitFacts named = unit;
  named.fragments[0].bytes.clear();

  llvm::cantFail(store.begin());
  EXPECT_EQ(llvm::cantFail(store.putUnit(identity(1, "/a.c"), named)),
            PutOutcome::MissingFragments);
  EXPECT_EQ(llvm::cantFail(store.putUnit(identity(1, "/a.c"), unit)), PutOutcome::Stored);
  EXPECT_EQ(llvm::cantFail(store.putUnit(identity(2, "/a.c"), named)), PutOutcome::Stored);
  llvm::cantFail(store.commit());
  EXPECT_EQ(query("SELECT count(*) FROM unit"), std::vector<std::string>{"2"});
}

TEST_F(Units, BytesThatAreNoFragmentAreAnError) {
  Store store = openForIndexing();
  facts::UnitFacts unit = unitOf("/a.c", {functionFragment("/a.c", "a", 1)});
  unit.fragments[0].bytes[0] ^= 1;
  llvm::cantFail(store.begin());
  llvm::Expected<PutOutcome> outcome = store.putUnit(identity(1, "/a.c"), unit);
  ASSERT_FALSE(static_cast<bool>(outcome));
  EXPECT_EQ(llvm::toString(outcome.takeError()), "a fragment's bytes do not have its hash");
  unit.fragments[0].hash = facts::hashOf(unit.fragments[0].bytes = "junk");
  outcome = store.putUnit(identity(1, "/a.c"), unit);
  ASSERT_FALSE(static_cast<bool>(outcome));
  llvm::consumeError(outcome.takeError());
  llvm::cantFail(store.commit());
  EXPECT_EQ(query("SELECT count(*) FROM unit"), std::vector<std::string>{"0"});
}

TEST_F(Units, EveryFactComesBack) {
  Store store = openForIndexing();
  const facts::Fragment fragment = facts::test::sampleFragment();
  put(store, identity(1, "/src/run.c"), unitOf("/src/run.c", {fragment}));
  Reader& reader = store.reader();

  std::map<std::string, Id> functions;
  llvm::cantFail(reader.forEachFunction([&](const FunctionRow& row) {
    functions[row.usr.str()] = row.id;
    if (row.usr == "c:@F@work") {
      EXPECT_TRUE(row.is_noreturn);
      EXPECT_TRUE(row.is_builtin);
      EXPECT_TRUE(row.is_pure);
      EXPECT_TRUE(row.is_implicit);
      EXPECT_EQ(llvm::cantFail(reader.text(row.type)), "void (int)");
    }
  }));
  ASSERT_EQ(functions.size(), 2u);
  const Id run = functions["c:run.c@F@run@/src/run.c"];
  const Id work = functions["c:@F@work"];

  std::map<std::string, Id> slots;
  llvm::cantFail(reader.forEachSlot([&](const SlotRow& row) {
    slots[row.name.str()] = row.id;
    if (row.kind == facts::SlotKind::SlotParameter) {
      EXPECT_NE(row.slot, kNoId);
      EXPECT_EQ(row.index, 4u);
      EXPECT_EQ(row.key, "c:@S@Ops@FI@start#0");
    }
  }));
  ASSERT_EQ(slots.size(), 2u);

  std::vector<CallSiteRow> calls;
  llvm::cantFail(reader.forEachCallSite([&](const CallSiteRow& row) { calls.push_back(row); }));
  ASSERT_EQ(calls.size(), 3u);
  EXPECT_EQ(calls[0].callee, work);
  EXPECT_EQ(calls[0].place.line, 12u);
  EXPECT_EQ(calls[1].slot, slots["Ops::start"]);
  EXPECT_EQ(llvm::cantFail(reader.text(calls[1].type)), "void (void (*)(int))");
  EXPECT_EQ(calls[2].slot, kNoId);
  EXPECT_EQ(llvm::cantFail(reader.text(calls[2].type)), "void (int)");

  std::vector<FlowRow> flows;
  llvm::cantFail(reader.forEachFlow([&](const FlowRow& row) { flows.push_back(row); }));
  ASSERT_EQ(flows.size(), 2u);
  EXPECT_EQ(flows[0].holder, run);
  EXPECT_EQ(flows[0].from_function, work);
  EXPECT_EQ(flows[1].from_slot, slots["Ops::start()#0"]);
  EXPECT_EQ(flows[1].holder, kNoId);

  std::vector<std::string> markers;
  llvm::cantFail(
      reader.forEachMarker([&](const MarkerRow& row) { markers.push_back(row.label.str()); }));
  EXPECT_EQ(markers, (std::vector<std::string>{"coroutine_fn", "guarded_by:graph_lock"}));
  int macro_uses = 0;
  llvm::cantFail(reader.forEachMacroUse({"NO_CODE", "IO_CODE"}, [&](const MarkerRow& row) {
    ++macro_uses;
    EXPECT_EQ(row.function, run);
    EXPECT_EQ(row.label, "IO_CODE");
  }));
  EXPECT_EQ(macro_uses, 1);

  int diagnostics = 0;
  llvm::cantFail(reader.forEachDiagnostic([&](const DiagnosticRow& row) {
    ++diagnostics;
    EXPECT_EQ(row.group, "thread-safety-analysis");
    ASSERT_EQ(row.notes.size(), 1u);
    EXPECT_EQ(row.notes[0].message, "declared here");
    EXPECT_EQ(row.notes[0].place.line, 8u);
  }));
  EXPECT_EQ(diagnostics, 1);

  int overrides = 0;
  llvm::cantFail(reader.forEachOverride([&](const OverrideRow& row) {
    ++overrides;
    EXPECT_EQ(row.method, work);
    EXPECT_EQ(row.base, run);
  }));
  EXPECT_EQ(overrides, 1);

  int declarations = 0;
  llvm::cantFail(reader.forEachDeclaration([&](const DeclarationRow& row) {
    ++declarations;
    EXPECT_EQ(row.is_definition, row.function == run);
    EXPECT_EQ(row.in_system_header, row.function == work);
  }));
  EXPECT_EQ(declarations, 2);
}

TEST_F(Units, ASkeletonSpeaksOfIds) {
  Store store = openForIndexing();
  // So that local indices and ids differ.
  put(store, identity(1, "/z.c"), unitOf("/z.c", {functionFragment("/z.c", "z", 1, {"y"})}));
  put(store, identity(2, "/src/run.c"), unitOf("/src/run.c", {facts::test::sampleFragment()}));
  Id run = kNoId;
  Id work = kNoId;
  llvm::cantFail(store.reader().forEachFunction([&](const FunctionRow& row) {
    run = row.name == "run" ? row.id : run;
    work = row.name == "work" ? row.id : work;
  }));
  int count = 0;
  llvm::cantFail(store.reader().forEachSkeleton([&](const SkeletonRow& row) {
    if (row.function != run)
      return;
    ++count;
    facts::Skeleton skeleton = llvm::cantFail(facts::parseSkeleton(row.bytes));
    EXPECT_EQ(skeleton.function, run);
    EXPECT_EQ(skeleton.blocks[0].events[0].arguments[3].function, work);
  }));
  EXPECT_EQ(count, 1);
}

TEST_F(Units, AUnitKnowsItsInputs) {
  Store store = openForIndexing();
  facts::UnitFacts unit = unitOf("/b.c", {});
  unit.inputs.push_back({.path = "/h.h", .content = {5, 6}, .size = 1, .mtime_ns = 2});
  unit.status = facts::UnitStatus::ParseErrors;
  unit.reason = "b.c:1: unknown type name";
  put(store, identity(1, "/b.c"), unit);

  InputDigest digest;
  std::vector<Id> files;
  llvm::cantFail(store.reader().forEachFile([&](const FileRow& row) {
    files.push_back(row.id);
    digest.add(inputMix(row.id, row.content));
    EXPECT_EQ(row.inode, 0u) << "a file that is not there cannot be trusted";
  }));
  int count = 0;
  llvm::cantFail(store.reader().forEachUnit([&](const UnitRow& row) {
    ++count;
    EXPECT_EQ(row.digest, digest.value());
    EXPECT_EQ(row.inputs, encodeIds(files));
    EXPECT_EQ(row.directory, "/build");
    EXPECT_EQ(row.file, "/b.c");
  }));
  EXPECT_EQ(count, 1);
  EXPECT_EQ(query("SELECT * FROM unit"),
            std::vector<std::string>{"/b.c|parse_errors|b.c:1: unknown type name|0.5"});
}

TEST_F(Units, WhatIsNotCommittedIsNotThere) {
  {
    Store store = openForIndexing();
    put(store, identity(1, "/a.c"), unitOf("/a.c", {functionFragment("/a.c", "a", 1)}));
    llvm::cantFail(store.begin());
    llvm::cantFail(
        store.putUnit(identity(2, "/b.c"), unitOf("/b.c", {functionFragment("/b.c", "b", 1)})));
  }
  EXPECT_EQ(query("SELECT file FROM unit"), std::vector<std::string>{"/a.c"});
  EXPECT_EQ(query("SELECT name FROM function"), std::vector<std::string>{"a"});
}

TEST_F(Units, AnIndexedStoreIsFoundAgain) {
  const facts::UnitFacts unit = unitOf("/a.c", {functionFragment("/a.c", "a", 1, {"b"})});
  {
    Store store = openForIndexing();
    put(store, identity(1, "/a.c"), unit);
    llvm::cantFail(store.finish());
  }
  Store store = openForIndexing();
  facts::UnitFacts again = unit;
  again.fragments[0].bytes.clear();
  put(store, identity(2, "/a.c"), again);
  put(store, identity(3, "/a.c"), unitOf("/a.c", {functionFragment("/a.c", "c", 1, {"a", "b"})}));
  EXPECT_EQ(query("SELECT id, name FROM function"),
            (std::vector<std::string>{"1|a", "2|b", "3|c"}));
  EXPECT_EQ(query("SELECT count(*) FROM fragment"), std::vector<std::string>{"2"});
}

} // namespace
} // namespace lockvet::store
