// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The call graph backwards: who can run a function, and what leads to it.

#include "analyzer/program/callers.h"
#include "testsuite/unit/program/fixture.h"

namespace lockvet::program {

namespace {

using Names = std::vector<std::string>;

class CallersTest : public test::ProgramTest {
protected:
  Names callersOf(llvm::StringRef name) {
    const Callers callers(*program_);
    Names names;
    for (uint32_t call : callers.of(function(name)))
      names.push_back(program_->function(program_->calls()[call].caller).name.str());
    return names;
  }

  Names reaching(llvm::ArrayRef<Id> ends, llvm::StringRef stops_at = "") {
    const Callers callers(*program_);
    return namesOf(callers.reaching(
        ends, [&](uint32_t, Id target) { return program_->function(target).name != stops_at; }));
  }
};

TEST_F(CallersTest, EachCallIsOne) {
  load({{"a.c", "void leaf(void) {}\n"
                "void twice(void) { leaf(); leaf(); }\n"
                "void once(void) { leaf(); }\n"
                "void never(void) {}\n"}});
  EXPECT_EQ(callersOf("leaf"), (Names{"twice", "twice", "once"}));
  EXPECT_EQ(callersOf("never"), Names{});
}

TEST_F(CallersTest, ThroughPointers) {
  load({{"a.c", "struct Ops { void (*run)(void); void (*stop)(void); };\n"
                "static void start(void) {}\n"
                "static void stop(void) {}\n"
                "struct Ops ops = {start, stop};\n"
                "void run_it(struct Ops *ops) { ops->run(); }\n"
                "void only_reads(struct Ops *ops) { (void)ops->stop; }\n"}});
  EXPECT_EQ(callersOf("start"), Names{"run_it"});
  EXPECT_EQ(callersOf("stop"), Names{});
}

TEST_F(CallersTest, AGuessOnTypesLeadsNowhere) {
  load({{"a.c", "void leaf(void) {}\n"
                "void (*kept)(void) = leaf;\n"
                "void unknown(void (*run)(void)) { run(); }\n"}});
  EXPECT_EQ(callersOf("leaf"), Names{});
}

TEST_F(CallersTest, ReachingIsTransitiveAndHasItsEnds) {
  load({{"a.c", "void leaf(void) {}\n"
                "void middle(int n) { leaf(); if (n) middle(n - 1); }\n"
                "void top(void) { middle(3); }\n"
                "void beside(void) {}\n"}});
  EXPECT_EQ(reaching({function("leaf")}), (Names{"leaf", "middle", "top"}));
  EXPECT_EQ(reaching({function("beside"), function("top")}), (Names{"beside", "top"}));
  EXPECT_EQ(reaching({}), Names{});
}

TEST_F(CallersTest, WhatDoesNotPassLeadsNowhere) {
  load({{"a.c", "void leaf(void) {}\n"
                "void gate(void) { leaf(); }\n"
                "void top(void) { gate(); }\n"
                "void direct(void) { leaf(); }\n"}});
  EXPECT_EQ(reaching({function("leaf")}, "gate"), (Names{"direct", "gate", "leaf"}));
  EXPECT_EQ(reaching({function("leaf")}, "leaf"), Names{"leaf"});
}

} // namespace

} // namespace lockvet::program
