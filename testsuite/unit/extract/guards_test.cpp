// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Branches on predicates: what is tested, and which way is taken where it holds.

#include "fixture.h"

#include <gtest/gtest.h>

namespace lockvet::extract {

namespace {

const std::string kPrelude = R"(
typedef _Bool bool;
bool in_coroutine(void);
void work(int x);
_Noreturn void stop(void);
#define assert(x) ((x) ? (void)0 : stop())
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define G_LIKELY(x) __builtin_expect(({ int v; if (x) v = 1; else v = 0; v; }), 1)
)";

std::string skeleton(const char* code) {
  return skeletonOf(kPrelude + code, Language::C);
}

TEST(Guards, Positive) {
  EXPECT_EQ(skeleton(R"(
void test(void) { if (in_coroutine()) work(1); else work(2); })"),
            "0: call in_coroutine(); if in_coroutine -> 1 else 2\n"
            "1: call work(0=1); -> end\n"
            "2: call work(0=2); -> end\n"
            "end: \n");
}

TEST(Guards, NegatedEarlyReturn) {
  EXPECT_EQ(skeleton(R"(void test(void) { if (!in_coroutine()) return; work(1); })"),
            "0: call in_coroutine(); if in_coroutine -> 2 else 1\n"
            "1: return; -> end\n"
            "2: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Guards, ComparedWithZero) {
  EXPECT_EQ(skeleton(R"(
void test(void) { if (in_coroutine() == 0) work(1); if (0 != in_coroutine())
  work(2); })"),
            "0: call in_coroutine(); if in_coroutine -> 2 else 1\n"
            "1: call work(0=1); -> 2\n"
            "2: call in_coroutine(); if in_coroutine -> 3 else end\n"
            "3: call work(0=2); -> end\n"
            "end: \n");
}

// A boolean is nothing but 0 or 1.
TEST(Guards, ComparedWithOne) {
  EXPECT_EQ(skeleton(R"(void test(void) { if (in_coroutine() == 1) work(1); })"),
            "0: call in_coroutine(); if in_coroutine -> 1 else end\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Guards, ANumberComparedWithOneIsNoTruthValue) {
  EXPECT_EQ(skeleton(R"(
int number(void);
void test(void) { if (number() == 1) work(1); })"),
            "0: call number(); if ? -> 1 else end\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Guards, Assertion) {
  EXPECT_EQ(skeleton(R"(void test(void) { assert(in_coroutine()); work(1); })"),
            "0: call in_coroutine(); if in_coroutine -> 2 else 1\n"
            "1: call stop(); stop\n"
            "2: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Guards, AssertionOfTheContrary) {
  EXPECT_EQ(skeleton(R"(void test(void) { assert(!in_coroutine()); work(1); })"),
            "0: call in_coroutine(); if in_coroutine -> 1 else 2\n"
            "1: call stop(); stop\n"
            "2: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Guards, AssertionOfSeveral) {
  EXPECT_EQ(skeleton(R"(
void test(int x) { assert(x && in_coroutine()); work(1); })"),
            "0: if x -> 1 else 2\n"
            "1: call in_coroutine(); if in_coroutine -> 3 else 2\n"
            "2: call stop(); stop\n"
            "3: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Guards, Likely) {
  EXPECT_EQ(skeleton(R"(
void test(void) { if (likely(in_coroutine())) work(1);
  if (unlikely(!in_coroutine())) work(2); })"),
            "0: call in_coroutine(); if in_coroutine -> 1 else 2\n"
            "1: call work(0=1); -> 2\n"
            "2: call in_coroutine(); if in_coroutine -> end else 3\n"
            "3: call work(0=2); -> end\n"
            "end: \n");
}

// The value goes through a variable of a statement expression.
TEST(Guards, GLikely) {
  EXPECT_EQ(skeleton(R"(
void test(void) { if (G_LIKELY(in_coroutine())) work(1); })"),
            "0: set v = ?; call in_coroutine(); if in_coroutine -> 1 else 2\n"
            "1: set v = 1; -> 3\n"
            "2: set v = 0; -> 3\n"
            "3: if v -> 4 else end\n"
            "4: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Guards, And) {
  EXPECT_EQ(skeleton(R"(void test(int x) { if (x && in_coroutine()) work(1); })"),
            "0: if x -> 1 else end\n"
            "1: call in_coroutine(); if in_coroutine -> 2 else end\n"
            "2: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Guards, Or) {
  EXPECT_EQ(skeleton(R"(void test(int x) { if (in_coroutine() || x) work(1); })"),
            "0: call in_coroutine(); if in_coroutine -> 2 else 1\n"
            "1: if x -> 2 else end\n"
            "2: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Guards, Nested) {
  EXPECT_EQ(skeleton(R"(
void test(int x, int y) { if (x && (y || !in_coroutine())) work(1); })"),
            "0: if x -> 1 else end\n"
            "1: if y -> 3 else 2\n"
            "2: call in_coroutine(); if in_coroutine -> end else 3\n"
            "3: call work(0=1); -> end\n"
            "end: \n");
}

// Clang joins both ways before it negates.
TEST(Guards, NegationOfSeveral) {
  EXPECT_EQ(skeleton(R"(void test(int x) { if (!(x && in_coroutine())) work(1); })"),
            "0: if x -> 1 else 2\n"
            "1: call in_coroutine(); -> 2\n"
            "2: if (x && in_coroutine) -> end else 3\n"
            "3: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Guards, Conditional) {
  EXPECT_EQ(skeleton(R"(void test(void) { in_coroutine() ? work(1) : work(2); })"),
            "0: call in_coroutine(); if in_coroutine -> 2 else 1\n"
            "1: call work(0=2); -> end\n"
            "2: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Guards, Loops) {
  EXPECT_EQ(skeleton(R"(
void test(int x) { while (x && in_coroutine()) work(1); do work(2);
  while (!in_coroutine()); })"),
            "0: if x -> 1 else 3\n"
            "1: call in_coroutine(); if in_coroutine -> 2 else 3\n"
            "2: call work(0=1); -> 0\n"
            "3: call work(0=2); -> 4\n"
            "4: call in_coroutine(); if in_coroutine -> end else 3\n"
            "end: \n");
}

TEST(Guards, ThroughAStatementExpression) {
  EXPECT_EQ(skeleton(R"(
void test(void) { int r = ({ if (!in_coroutine()) stop(); 1; }); work(r); })"),
            "0: call in_coroutine(); if in_coroutine -> 2 else 1\n"
            "1: call stop(); stop\n"
            "2: call work(); -> end\n"
            "end: \n");
}

TEST(Guards, Returned) {
  EXPECT_EQ(skeleton(R"(
bool test(int x) { if (x) return in_coroutine(); return !in_coroutine(); })"),
            "0: if x -> 1 else 2\n"
            "1: call in_coroutine(); return in_coroutine; -> end\n"
            "2: call in_coroutine(); return !in_coroutine; -> end\n"
            "end: \n");
}

} // namespace

} // namespace lockvet::extract
