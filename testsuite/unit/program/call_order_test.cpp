// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Callees before callers, by direct calls, through pointers and by virtual calls; recursion ends.

#include "analyzer/program/call_order.h"
#include "testsuite/unit/program/fixture.h"

#include <algorithm>

namespace lockvet::program {

namespace {

class CallOrderTest : public test::ProgramTest {
protected:
  /// Are all of these before the next?
  void expectOrder(const std::vector<llvm::StringRef>& names) {
    const std::vector<uint32_t> order = calleesFirst(*program_);
    for (size_t index = 1; index < names.size(); ++index)
      EXPECT_LT(order[function(names[index - 1])], order[function(names[index])])
          << names[index - 1].str() << " before " << names[index].str();
  }

  /// Has each function a place of its own, and are there no gaps?
  void expectPlaces() {
    std::vector<uint32_t> order = calleesFirst(*program_);
    ASSERT_EQ(order.size(), program_->functions().size());
    std::sort(order.begin() + 1, order.end());
    for (uint32_t index = 1; index < order.size(); ++index)
      EXPECT_EQ(order[index], index - 1);
  }
};

TEST_F(CallOrderTest, DirectCalls) {
  load({{"a.c", "void top(void); void middle(void); void leaf(void);\n"
                "void top(void) { leaf(); middle(); }\n"
                "void middle(void) { leaf(); }\n"
                "void leaf(void) {}\n"}});
  expectOrder({"leaf", "middle", "top"});
  expectPlaces();
}

TEST_F(CallOrderTest, CallersOfOtherUnits) {
  load({{"top.c", "void middle(void); void top(void) { middle(); }\n"},
        {"leaf.c", "void leaf(void) {}\n"},
        {"middle.c", "void leaf(void); void middle(void) { leaf(); }\n"}});
  expectOrder({"leaf", "middle", "top"});
  expectPlaces();
}

TEST_F(CallOrderTest, WhatAPointerHolds) {
  load({{"a.c", "struct Ops { void (*run)(void); };\n"
                "void run_all(struct Ops *ops) { ops->run(); }\n"
                "static void first(void) {}\n"
                "static void second(void) { first(); }\n"
                "struct Ops one = {first}, two = {second};\n"}});
  expectOrder({"first", "second", "run_all"});
  expectPlaces();
}

TEST_F(CallOrderTest, Overriders) {
  load({{"a.cpp", "struct Base { virtual void run(); };\n"
                  "void call(Base &base) { base.run(); }\n"
                  "void leaf() {}\n"
                  "struct Derived : Base { void run() override { leaf(); } };\n"}});
  expectOrder({"leaf", "Derived::run", "call"});
}

TEST_F(CallOrderTest, Recursion) {
  load({{"a.c", "void odd(int n); void even(int n); void leaf(void); void top(void);\n"
                "void top(void) { odd(5); }\n"
                "void odd(int n) { if (n) even(n - 1); leaf(); }\n"
                "void even(int n) { if (n) odd(n - 1); }\n"
                "void leaf(void) { leaf(); }\n"}});
  expectOrder({"leaf", "odd", "top"});
  expectOrder({"even", "top"});
  expectPlaces();
}

TEST_F(CallOrderTest, DeepChainsDoNotNeedAStack) {
  std::string code = "void f0(void) {}\n";
  constexpr unsigned kDepth = 20000;
  for (unsigned index = 1; index <= kDepth; ++index)
    code += "void f" + std::to_string(index) + "(void) { f" + std::to_string(index - 1) + "(); }\n";
  load({{"a.c", code}});
  expectOrder({"f0", "f1", "f10000", "f20000"});
}

} // namespace

} // namespace lockvet::program
