// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The public views: their columns are the contract of docs/schema.md.

#include "testsuite/unit/facts/sample.h"
#include "testsuite/unit/store/fixture.h"

namespace lockvet::store {
namespace {

using test::functionFragment;
using test::identity;
using test::put;
using test::unitOf;

class Views : public test::StoreTest {
protected:
  Id idOf(const std::string& function) {
    return static_cast<Id>(
        std::stoul(query("SELECT id FROM function WHERE qualified_name = '" + function + "'")[0]));
  }
  Id slotOf(const std::string& slot) {
    return static_cast<Id>(std::stoul(query("SELECT id FROM slot WHERE name = '" + slot + "'")[0]));
  }
  void link(Store& store, std::vector<SlotTarget> slots, std::vector<VirtualTarget> methods = {}) {
    llvm::cantFail(store.begin());
    llvm::cantFail(store.writeSlotTargets(std::move(slots)).takeError());
    llvm::cantFail(store.writeVirtualTargets(std::move(methods)).takeError());
    llvm::cantFail(store.commit());
  }
  void putSample(Store& store) {
    put(store, identity(1, "/src/run.c"), unitOf("/src/run.c", {facts::test::sampleFragment()}));
  }
};

TEST_F(Views, HaveTheColumnsOfTheContract) {
  {
    Store store = openForIndexing();
  }
  const std::pair<const char*, const char*> contract[] = {
      {"function", "id,usr,name,qualified_name,mangled,file,line,defined,linkage"},
      {"call_edge", "caller_id,caller,callee_id,callee,kind,via,file,line,column"},
      {"slot", "id,name,kind,file,line"},
      {"slot_value", "slot_id,slot,function_id,function,file,line"},
      {"indirect_call", "caller_id,caller,slot_id,slot,file,line,column"},
      {"slot_label", "slot_id,slot,label"},
      {"address_taken", "function_id,function,holder_id,holder,file,line"},
      {"label", "function_id,function,label,origin,file,line"},
      {"unresolved_call", "caller_id,caller,file,line,reason"},
      {"unit", "file,status,reason,seconds"},
      {"finding", "id,rule,severity,message,function,file,line,column,fingerprint,confidence,"
                  "witness"}};
  for (const auto& [view, columns] : contract)
    EXPECT_EQ(
        query(std::string("SELECT group_concat(name) FROM pragma_table_info('") + view + "')"),
        std::vector<std::string>{columns})
        << view;
}

TEST_F(Views, EachCanBeReadWithAndWithoutIndexes) {
  Store store = openForIndexing();
  putSample(store);
  for (int round = 0; round != 2; ++round) {
    EXPECT_EQ(query("SELECT qualified_name, name, mangled, file, line, defined, linkage FROM "
                    "function ORDER BY 1"),
              (std::vector<std::string>{"run|run|run|/src/run.c|10|1|internal",
                                        "work|work|work|/src/run.h|8|0|external"}));
    EXPECT_EQ(query("SELECT name, kind, file, line FROM slot ORDER BY 1"),
              (std::vector<std::string>{"Ops::start|field|/src/run.h|3",
                                        "Ops::start()#0|slot_parameter|/src/run.h|3"}));
    EXPECT_EQ(query("SELECT function, label, origin, file, line FROM label"),
              std::vector<std::string>{"run|coroutine_fn|annotate|/src/run.c|9"});
    EXPECT_EQ(query("SELECT slot, label FROM slot_label"),
              std::vector<std::string>{"Ops::start|guarded_by:graph_lock"});
    EXPECT_EQ(query("SELECT function, holder, file, line FROM address_taken"),
              std::vector<std::string>{"work|run|/src/run.c|13"});
    EXPECT_EQ(query("SELECT function, macro, line FROM macro_use"),
              std::vector<std::string>{"run|IO_CODE|11"});
    EXPECT_EQ(query("SELECT caller, slot, line, \"column\" FROM indirect_call ORDER BY line"),
              (std::vector<std::string>{"run|Ops::start|13|5", "run|NULL|14|5"}));
    llvm::cantFail(store.finish());
  }
}

TEST_F(Views, ACallWithoutAFlowGoesByTypeAndIsUnresolved) {
  Store store = openForIndexing();
  putSample(store);
  // work() is the only function whose address is taken; the call at line 14 has its type, the one
  // at line 13 another.
  EXPECT_EQ(query("SELECT caller, callee, kind, via, line FROM call_edge ORDER BY line, kind"),
            (std::vector<std::string>{"run|work|direct|NULL|12", "run|work|type|void (int)|14"}));
  EXPECT_EQ(query("SELECT caller, line, reason FROM unresolved_call ORDER BY line"),
            (std::vector<std::string>{"run|13|nothing flows into Ops::start; no function whose "
                                      "address is taken has its type",
                                      "run|14|called through an expression; 1 function has its "
                                      "type"}));
}

TEST_F(Views, ACallWithAFlowGoesByFlow) {
  Store store = openForIndexing();
  putSample(store);
  link(store, {{slotOf("Ops::start"), idOf("run")}, {slotOf("Ops::start()#0"), idOf("work")}});
  EXPECT_EQ(query("SELECT caller, callee, via, file, line, \"column\" FROM call_edge "
                  "WHERE kind = 'flow'"),
            std::vector<std::string>{"run|run|Ops::start|/src/run.c|13|5"});
  EXPECT_EQ(query("SELECT line FROM unresolved_call"), std::vector<std::string>{"14"});
  EXPECT_EQ(
      query("SELECT slot, function, file, line FROM slot_value ORDER BY 1"),
      (std::vector<std::string>{"Ops::start|run|NULL|NULL", "Ops::start()#0|work|/src/run.c|13"}));
}

TEST_F(Views, AVirtualCallGoesToItsTargets) {
  Store store = openForIndexing();
  facts::Fragment fragment = functionFragment("/a.cpp", "caller", 1, {"Base::f", "Alone::g"});
  for (facts::CallSite& call : fragment.calls)
    call.kind = facts::CallKind::Virtual;
  put(store, identity(1, "/a.cpp"),
      unitOf("/a.cpp", {fragment, functionFragment("/a.cpp", "Derived::f", 20)}));
  link(store, {}, {{idOf("Base::f"), idOf("Derived::f")}});
  EXPECT_EQ(query("SELECT callee, kind, via FROM call_edge ORDER BY line"),
            (std::vector<std::string>{"Derived::f|virtual|Base::f", "Alone::g|virtual|Alone::g"}));
}

TEST_F(Views, OneCallInTwoVariantsOfAnInlineFunctionIsOneEdge) {
  Store store = openForIndexing();
  put(store, identity(1, "/a.c"), unitOf("/a.c", {functionFragment("/h.h", "in", 1, {"x"})}));
  put(store, identity(2, "/b.c"),
      unitOf("/b.c", {functionFragment("/h.h", "in", 1, {"x", "debug"})}));
  EXPECT_EQ(query("SELECT count(*) FROM call_site"), std::vector<std::string>{"3"});
  EXPECT_EQ(query("SELECT caller, callee, line FROM call_edge ORDER BY line"),
            (std::vector<std::string>{"in|x|2", "in|debug|3"}));
  EXPECT_EQ(query("SELECT qualified_name, line, defined FROM function ORDER BY 1"),
            (std::vector<std::string>{"debug|NULL|0", "in|1|1", "x|NULL|0"}));
}

TEST_F(Views, AFunctionIsShownWhereItIsDefined) {
  Store store = openForIndexing();
  facts::Fragment declared = functionFragment("/a.h", "f", 1);
  declared.declarations[0].is_definition = false;
  facts::Fragment in_system = functionFragment("/usr/include/a.h", "f", 2);
  in_system.declarations[0].is_definition = false;
  in_system.declarations[0].in_system_header = true;
  put(store, identity(1, "/a.c"), unitOf("/a.c", {in_system, declared}));
  EXPECT_EQ(query("SELECT file, line, defined FROM function"),
            std::vector<std::string>{"/a.h|1|0"});
  put(store, identity(2, "/f.c"), unitOf("/f.c", {functionFragment("/f.c", "f", 9)}));
  EXPECT_EQ(query("SELECT file, line, defined FROM function"),
            std::vector<std::string>{"/f.c|9|1"});
}

} // namespace
} // namespace lockvet::store
