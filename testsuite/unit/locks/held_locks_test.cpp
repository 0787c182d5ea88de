// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which locks are held at calls, top-down: along calls and pointers, until something ends the hold.

#include "testsuite/unit/locks/fixture.h"

namespace lockvet::locks {

namespace {

using Words = std::vector<std::string>;

class HeldLocksTest : public test::LocksTest {};

TEST_F(HeldLocksTest, AHoldGoesDownCalls) {
  analyse("void leaf(void) { poll(); }\n"
          "void middle(void) { leaf(); }\n"
          "void holder(struct Node *node) { lock(&node->mu); middle(); unlock(&node->mu); }\n"
          "void reader(void) { read_lock(); middle(); read_unlock(); }\n"
          "void nobody(void) { middle(); }\n");
  EXPECT_EQ(pollsUnderLocks(),
            (Words{"holder -> middle -> leaf -> poll", "reader -> middle -> leaf -> poll"}));
}

TEST_F(HeldLocksTest, WhatIsGivenBackBeforeIsNotHeld) {
  analyse("void early(struct Node *node) { lock(&node->mu); unlock(&node->mu); poll(); }\n"
          "void drop(struct Node *node) { unlock(&node->mu); poll(); lock(&node->mu); }\n"
          "void caller(struct Node *node) { lock(&node->mu); drop(node); unlock(&node->mu); }\n");
  EXPECT_EQ(pollsUnderLocks(), Words{});
}

TEST_F(HeldLocksTest, ThroughAPointerThatTheCallHandsOver) {
  analyse("static void waits(void) { poll(); }\n"
          "static void works(void) {}\n"
          "static void with_lock(struct Node *node, void (*run)(void)) {\n"
          "  lock(&node->mu); run(); unlock(&node->mu);\n"
          "}\n"
          "void bad(struct Node *node) { with_lock(node, waits); }\n"
          "void good(struct Node *node) { with_lock(node, works); }\n");
  EXPECT_EQ(pollsUnderLocks(), Words{"with_lock -> waits -> poll"});
}

TEST_F(HeldLocksTest, OnlyWhereTheFlagSaysSo) {
  analyse("void flagged(struct Node *node, int held) {\n"
          "  if (held) lock(&node->mu);\n"
          "  if (!held) poll();\n"
          "  if (held) unlock(&node->mu);\n"
          "}\n");
  EXPECT_EQ(pollsUnderLocks(), Words{});
}

TEST_F(HeldLocksTest, WhereAFunctionTakesItsLock) {
  analyse("void holder(struct Node *node) { lock(&node->mu); poll(); unlock(&node->mu); }\n");
  const HeldLocks& held = locks_->held();
  for (const LockEvent& event : held.events())
    if (event.labels & program::kPolls) {
      const std::optional<uint32_t> taken = held.changedAt(event.entry, event.call, true);
      ASSERT_TRUE(taken);
      EXPECT_EQ(program_->function(program_->calls()[*taken].callee).name, "lock");
      return;
    }
  FAIL() << "the poll is not found";
}

} // namespace

} // namespace lockvet::locks
