// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What functions do to locks, bottom-up: wrappers, attempts, balance, names in callers' words.

#include "testsuite/unit/locks/fixture.h"

namespace lockvet::locks {

namespace {

using program::kFalse;
using program::kTrue;
using program::kUnknown;

class LockEffectsTest : public test::LocksTest {};

TEST_F(LockEffectsTest, AWrapperTakesForItsCaller) {
  analyse("void take(struct Node *node) { lock(&node->mu); }\n"
          "void take_next(struct Node *node) { take(node->next); }\n"
          "void give(struct Node *node) { unlock(&node->mu); }\n");
  EXPECT_EQ(effectOn("$0->mu", "take").at(Hold::Free), outcome(Hold::Exclusive, kUnknown));
  EXPECT_EQ(effectOn("$0->next->mu", "take_next").at(Hold::Free),
            outcome(Hold::Exclusive, kUnknown));
  EXPECT_TRUE(effectOn("$0->mu", "take_next").isIdentity());
  EXPECT_EQ(effectOn("$0->mu", "give").at(Hold::Exclusive), outcome(Hold::Free, kUnknown));
}

TEST_F(LockEffectsTest, AnAttemptTellsByItsAnswer) {
  analyse("int attempt(struct Node *node) { if (!trylock(&node->mu)) return 0; return 1; }\n");
  EXPECT_EQ(effectOn("$0->mu", "attempt").at(Hold::Free),
            outcome(Hold::Exclusive, kTrue) | outcome(Hold::Free, kFalse));
}

TEST_F(LockEffectsTest, WhatIsGivenBackIsNoEffect) {
  analyse("void use(struct Node *node) { lock(&node->mu); poll(); unlock(&node->mu); }\n"
          "void flagged(struct Node *node, int wanted) {\n"
          "  if (wanted) lock(&node->mu);\n"
          "  poll();\n"
          "  if (wanted) unlock(&node->mu);\n"
          "}\n");
  EXPECT_TRUE(effectOn("$0->mu", "use").isIdentity());
  EXPECT_TRUE(effectOn("$0->mu", "flagged").isIdentity());
  ASSERT_EQ(locks_->effects().touchedBy(function("use")).size(), 1U);
  EXPECT_FALSE(locks_->effects().touchedBy(function("use")).front().gives_back);
}

TEST_F(LockEffectsTest, APointerDoesWhatAllOfItsFunctionsDo) {
  analyse("struct Ops { void (*begin)(struct Node *); void (*maybe)(struct Node *); };\n"
          "void one(struct Node *node) { lock(&node->mu); }\n"
          "void two(struct Node *node) { lock(&node->mu); }\n"
          "void nothing(struct Node *node) { (void)node; }\n"
          "struct Ops ops_one = {one, one}, ops_two = {two, nothing};\n"
          "void begin(struct Ops *ops, struct Node *node) { ops->begin(node); }\n"
          "void maybe(struct Ops *ops, struct Node *node) { ops->maybe(node); }\n");
  EXPECT_EQ(effectOn("$1->mu", "begin").at(Hold::Free), outcome(Hold::Exclusive, kUnknown));
  EXPECT_TRUE(effectOn("$1->mu", "maybe").isIdentity());
}

TEST_F(LockEffectsTest, RecursionComesToRest) {
  analyse("void walk(struct Node *node) {\n"
          "  lock(&node->mu);\n"
          "  if (node->next) walk(node->next);\n"
          "  unlock(&node->mu);\n"
          "}\n"
          "void descend(struct Node *node) {\n"
          "  lock(&node->mu);\n"
          "  if (node->next) descend(node->next);\n"
          "}\n");
  EXPECT_TRUE(effectOn("$0->mu", "walk").isIdentity());
  EXPECT_EQ(effectOn("$0->mu", "descend").at(Hold::Free), outcome(Hold::Exclusive, kUnknown));
}

} // namespace

} // namespace lockvet::locks
