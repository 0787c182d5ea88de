// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where control goes: loops, jumps, ends of scopes, calls that do not return.

#include "fixture.h"

#include <gtest/gtest.h>

namespace lockvet::extract {

namespace {

const std::string kPrelude = R"(
typedef _Bool bool;
bool in_coroutine(void);
void work(int x);
_Noreturn void stop(void);
struct Mutex { int locked; };
struct Mutex big;
void lock(struct Mutex *mutex);
void unlock(struct Mutex *mutex);
void release(struct Mutex **mutex);
#define autolock __attribute__((cleanup(release))) struct Mutex *
)";

std::string skeleton(const char* code) {
  return skeletonOf(kPrelude + code, Language::C);
}

// A body without calls has no skeleton.
TEST(ControlFlow, NothingHappens) {
  EXPECT_EQ(skeleton(R"(int test(int x) { return x + 1; })"), "");
}

TEST(ControlFlow, EarlyReturn) {
  EXPECT_EQ(skeleton(R"(int test(int x) { if (x) return 3; work(1); return -1; })"),
            "0: if x -> 1 else 2\n"
            "1: return 3; -> end\n"
            "2: call work(0=1); return -1; -> end\n"
            "end: \n");
}

TEST(ControlFlow, For) {
  EXPECT_EQ(skeleton(R"(
void test(int x) { for (int i = 0; i < x; ++i) { if (in_coroutine()) continue;
  work(1); } work(2); })"),
            "0: if ? -> 1 else 3\n"
            "1: call in_coroutine(); if in_coroutine -> 0 else 2\n"
            "2: call work(0=1); -> 0\n"
            "3: call work(0=2); -> end\n"
            "end: \n");
}

// The way out of an endless loop is its `break`.
TEST(ControlFlow, Endless) {
  EXPECT_EQ(skeleton(R"(
void test(int x) { while (1) { work(1); if (x) break; } for (;;) work(2); })"),
            "0: call work(0=1); if x -> 1 else 0\n"
            "1: if ? -> 2 else never\n"
            "2: call work(0=2); -> 1\n"
            "end: \n");
}

// The `do ... while (0)` of macros is no loop.
TEST(ControlFlow, DoOnce) {
  EXPECT_EQ(skeleton(R"(
void test(void) { do { lock(&big); } while (0); work(1); })"),
            "0: call lock(0=big); -> 1\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

// `if (0)` counts: it may be switched on.
TEST(ControlFlow, SwitchedOff) {
  EXPECT_EQ(skeleton(R"(void test(void) { if (0) work(1); })"), "0: if ? -> 1 else end\n"
                                                                "1: call work(0=1); -> end\n"
                                                                "end: \n");
}

TEST(ControlFlow, Switch) {
  EXPECT_EQ(skeleton(R"(
void test(int x) { switch (x) { case 0: work(0); break; case 1: work(1);
  default: work(2); } })"),
            "0: call work(0=0); -> end\n"
            "1: call work(0=1); -> 2\n"
            "2: call work(0=2); -> end\n"
            "3: switch 1 0 2\n"
            "end: \n");
}

TEST(ControlFlow, Goto) {
  EXPECT_EQ(skeleton(R"(
void test(int x) { lock(&big); if (x) goto out; work(1); out: unlock(&big); })"),
            "0: call lock(0=big); if x -> 2 else 1\n"
            "1: call work(0=1); -> 2\n"
            "2: call unlock(0=big); -> end\n"
            "end: \n");
}

TEST(ControlFlow, NoReturn) {
  EXPECT_EQ(skeleton(R"(void test(int x) { if (x) { work(1); stop(); } work(2); })"),
            "0: if x -> 1 else 2\n"
            "1: call work(0=1); call stop(); stop\n"
            "2: call work(0=2); -> end\n"
            "end: \n");
}

TEST(ControlFlow, CleanupAtEachExit) {
  EXPECT_EQ(skeleton(R"(
int test(int x) { autolock mutex = &big; if (x) return 1; work(1); return 0; })"),
            "0: if x -> 1 else 2\n"
            "1: return 1; call release(0=big); -> end\n"
            "2: call work(0=1); return 0; call release(0=big); -> end\n"
            "end: \n");
}

TEST(ControlFlow, CleanupOfInnerScope) {
  EXPECT_EQ(skeleton(R"(
void test(int x) { { autolock inner = &big; if (x) goto out; work(1); }
  work(2); out: work(3); })"),
            "0: if x -> 1 else 2\n"
            "1: call release(0=big); -> 3\n"
            "2: call work(0=1); call release(0=big); call work(0=2); -> 3\n"
            "3: call work(0=3); -> end\n"
            "end: \n");
}

TEST(ControlFlow, CleanupInLoop) {
  EXPECT_EQ(skeleton(R"(
void test(int x) { while (x) { autolock mutex = &big; if (in_coroutine())
  break; work(1); } })"),
            "0: if x -> 1 else end\n"
            "1: call in_coroutine(); if in_coroutine -> 2 else 3\n"
            "2: call release(0=big); -> end\n"
            "3: call work(0=1); call release(0=big); -> 0\n"
            "end: \n");
}

// The last declared is the first cleaned up.
TEST(ControlFlow, CleanupOrder) {
  EXPECT_EQ(skeleton(R"(
struct Mutex other;
void test(void) { autolock a = &big; autolock b = &other; work(1); })"),
            "0: call work(0=1); call release(0=other); call release(0=big); -> end\n"
            "end: \n");
}

TEST(ControlFlow, OrderOfCalls) {
  EXPECT_EQ(skeleton(R"(
int one(int), two(int);
void test(void) { work(one(two(1))); })"),
            "0: call two(0=1); call one(); call work(); -> end\n"
            "end: \n");
}

TEST(ControlFlow, UnreachableCode) {
  EXPECT_EQ(skeleton(R"(int test(void) { return 0; work(1); })"), "0: return 0; -> end\n"
                                                                  "1: call work(0=1); -> end\n"
                                                                  "end: \n");
}

} // namespace

} // namespace lockvet::extract
