// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every committed state shows what some unit says now, and nothing else.

#include "testsuite/unit/facts/sample.h"
#include "testsuite/unit/store/fixture.h"

namespace lockvet::store {
namespace {

using test::functionFragment;
using test::identity;
using test::put;
using test::unitOf;

class Garbage : public test::StoreTest {
protected:
  void expectEmpty() {
    for (const char* table :
         {"fragment", "symbol", "value_slot", "file", "declaration", "marker", "macro_site",
          "method_override", "call_site", "flow", "diagnostic", "diagnostic_note", "skeleton",
          "slot_target", "virtual_target", "translation_unit"})
      EXPECT_EQ(query(std::string("SELECT count(*) FROM ") + table), std::vector<std::string>{"0"})
          << table;
  }
};

TEST_F(Garbage, AReplacedUnitLeavesNothing) {
  Store store = openForIndexing();
  put(store, identity(1, "/a.c"), unitOf("/a.c", {functionFragment("/a.c", "old", 1, {"gone"})}));
  put(store, identity(1, "/a.c"), unitOf("/a.c", {functionFragment("/a.c", "new", 1)}));
  EXPECT_EQ(query("SELECT name FROM function"), std::vector<std::string>{"new"});
  EXPECT_EQ(query("SELECT count(*) FROM call_edge"), std::vector<std::string>{"0"});
  EXPECT_EQ(query("SELECT count(*) FROM fragment"), std::vector<std::string>{"1"});
}

TEST_F(Garbage, WhatAnotherUnitSaysStays) {
  Store store = openForIndexing();
  const facts::Fragment shared = functionFragment("/h.h", "shared", 1, {"callee"});
  put(store, identity(1, "/a.c"), unitOf("/a.c", {shared}));
  put(store, identity(2, "/b.c"),
      unitOf("/b.c", {shared, functionFragment("/b.c", "b", 1, {"callee"})}));
  put(store, identity(2, "/b.c"), unitOf("/b.c", {}));
  EXPECT_EQ(query("SELECT name FROM function ORDER BY 1"),
            (std::vector<std::string>{"callee", "shared"}));
  EXPECT_EQ(query("SELECT path FROM file ORDER BY 1"),
            (std::vector<std::string>{"/a.c", "/b.c", "/h.h"}));
}

TEST_F(Garbage, ARemovedUnitTakesEverythingWithIt) {
  Store store = openForIndexing();
  put(store, identity(1, "/src/run.c"), unitOf("/src/run.c", {facts::test::sampleFragment()}));
  llvm::cantFail(store.finish());
  llvm::cantFail(store.begin());
  llvm::cantFail(store.writeSlotTargets({{1, 1}, {2, 2}}).takeError());
  llvm::cantFail(store.writeVirtualTargets({{2, 1}}).takeError());
  llvm::cantFail(store.commit());
  llvm::cantFail(store.begin());
  llvm::cantFail(store.removeUnit(identity(1, "").command));
  llvm::cantFail(store.commit());
  expectEmpty();
}

TEST_F(Garbage, IdsOfDeadRowsAreNotMixedUp) {
  Store store = openForIndexing();
  put(store, identity(1, "/a.c"), unitOf("/a.c", {functionFragment("/a.c", "a", 1, {"x"})}));
  put(store, identity(1, "/a.c"), unitOf("/a.c", {functionFragment("/a.c", "b", 1, {"y"})}));
  put(store, identity(1, "/a.c"), unitOf("/a.c", {functionFragment("/a.c", "a", 1, {"x"})}));
  EXPECT_EQ(query("SELECT caller, callee, file, line FROM call_edge"),
            std::vector<std::string>{"a|x|/a.c|2"});
  EXPECT_EQ(query("SELECT name FROM function ORDER BY 1"), (std::vector<std::string>{"a", "x"}));
}

TEST_F(Garbage, AnInputThatIsNoLongerReadLeaves) {
  Store store = openForIndexing();
  facts::UnitFacts unit = unitOf("/a.c", {functionFragment("/a.c", "a", 1)});
  facts::UnitFacts with_header = unit;
  with_header.inputs.push_back({.path = "/h.h", .content = {1, 2}});
  put(store, identity(1, "/a.c"), with_header);
  put(store, identity(1, "/a.c"), unit);
  EXPECT_EQ(query("SELECT path FROM file"), std::vector<std::string>{"/a.c"});
}

TEST_F(Garbage, AChangedTypeIsTheFunctionsType) {
  Store store = openForIndexing();
  facts::Fragment fragment = functionFragment("/a.c", "a", 1);
  put(store, identity(1, "/a.c"), unitOf("/a.c", {fragment}));
  fragment.functions[0].type = "int (long)";
  put(store, identity(1, "/a.c"), unitOf("/a.c", {fragment}));
  EXPECT_EQ(query("SELECT t.value FROM symbol s JOIN text t ON t.id = s.type_id"),
            std::vector<std::string>{"int (long)"});
}

TEST_F(Garbage, TheLinkIsStaleUntilItIsMadeAgain) {
  Store store = openForIndexing();
  EXPECT_FALSE(llvm::cantFail(store.isLinked()));
  const facts::UnitFacts unit = unitOf("/a.c", {functionFragment("/a.c", "a", 1)});
  put(store, identity(1, "/a.c"), unit);
  llvm::cantFail(store.begin());
  llvm::cantFail(store.setLinked());
  llvm::cantFail(store.commit());
  EXPECT_TRUE(llvm::cantFail(store.isLinked()));
  put(store, identity(1, "/a.c"), unit);
  EXPECT_TRUE(llvm::cantFail(store.isLinked())) << "the same facts need no new link";
  put(store, identity(1, "/a.c"), unitOf("/a.c", {}));
  EXPECT_FALSE(llvm::cantFail(store.isLinked()));
}

} // namespace
} // namespace lockvet::store
