// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Variables that a branch depends on: what is put into them, and when they are not followed.

#include "fixture.h"

#include <gtest/gtest.h>

namespace lockvet::extract {

namespace {

const std::string kPrelude = R"(
typedef _Bool bool;
bool in_coroutine(void);
void work(int x);
void lock(void);
void unlock(void);
)";

std::string skeleton(const char* code) {
  return skeletonOf(kPrelude + code, Language::C);
}

TEST(Flags, ResultOfACall) {
  EXPECT_EQ(skeleton(R"(
void test(void) { bool co = in_coroutine(); if (co) work(1); if (!co) work(2); })"),
            "0: call in_coroutine(); set co = in_coroutine; if co -> 1 else 2\n"
            "1: call work(0=1); -> 2\n"
            "2: if co -> end else 3\n"
            "3: call work(0=2); -> end\n"
            "end: \n");
}

TEST(Flags, NegatedResult) {
  EXPECT_EQ(skeleton(R"(
void test(void) { bool outside = !in_coroutine(); if (outside) work(1); })"),
            "0: call in_coroutine(); set outside = !in_coroutine; if outside -> 1 else end\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Flags, Constants) {
  EXPECT_EQ(skeleton(R"(
void test(int x) { bool locked = 0; if (x) { lock(); locked = 1; } if (locked)
  unlock(); })"),
            "0: set locked = 0; if x -> 1 else 2\n"
            "1: call lock(); set locked = 1; -> 2\n"
            "2: if locked -> 3 else end\n"
            "3: call unlock(); -> end\n"
            "end: \n");
}

TEST(Flags, Parameter) {
  EXPECT_EQ(skeleton(R"(
void test(bool locked) { if (!locked) lock(); work(1); if (!locked) unlock(); })"),
            "0: if locked -> 2 else 1\n"
            "1: call lock(); -> 2\n"
            "2: call work(0=1); if locked -> end else 3\n"
            "3: call unlock(); -> end\n"
            "end: \n");
}

TEST(Flags, AssignedInTheCondition) {
  EXPECT_EQ(skeleton(R"(
void test(void) { bool co; if ((co = in_coroutine())) work(1);
  if ((co = in_coroutine()) == 0) work(2); })"),
            "0: set co = ?; call in_coroutine(); set co = in_coroutine; if co -> 1 else 2\n"
            "1: call work(0=1); -> 2\n"
            "2: call in_coroutine(); set co = in_coroutine; if co -> end else 3\n"
            "3: call work(0=2); -> end\n"
            "end: \n");
}

TEST(Flags, Returned) {
  EXPECT_EQ(skeleton(R"(
bool test(void) { bool co = in_coroutine(); if (co) work(1); return co; })"),
            "0: call in_coroutine(); set co = in_coroutine; if co -> 1 else 2\n"
            "1: call work(0=1); -> 2\n"
            "2: return co; -> end\n"
            "end: \n");
}

TEST(Flags, UnknownValue) {
  EXPECT_EQ(skeleton(R"(
void test(int x) { bool flag = x > 3; if (flag) work(1); })"),
            "0: set flag = ?; if flag -> 1 else end\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Flags, AddressTaken) {
  EXPECT_EQ(skeleton(R"(
void set(bool *flag);
void test(void) { bool co = in_coroutine(); set(&co); if (co) work(1); })"),
            "0: call in_coroutine(); call set(); if ? -> 1 else end\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Flags, Counted) {
  EXPECT_EQ(skeleton(R"(
void test(void) { int n = 0; lock(); n++; if (n) unlock(); })"),
            "0: call lock(); if ? -> 1 else end\n"
            "1: call unlock(); -> end\n"
            "end: \n");
}

TEST(Flags, CompoundAssignment) {
  EXPECT_EQ(skeleton(R"(
void test(int x) { int flags = 0; flags |= x; if (flags) work(1); })"),
            "0: if ? -> 1 else end\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Flags, StaticIsNoLocal) {
  EXPECT_EQ(skeleton(R"(
void test(void) { static bool once; if (once) work(1); once = 1; })"),
            "0: if ? -> 1 else end\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Flags, GlobalIsNoLocal) {
  EXPECT_EQ(skeleton(R"(
bool flag;
void test(void) { flag = in_coroutine(); if (flag) work(1); })"),
            "0: call in_coroutine(); if ? -> 1 else end\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

} // namespace

} // namespace lockvet::extract
