// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conditions and values that are made of several, and variables that stand for others.

#include "fixture.h"

#include <gtest/gtest.h>

namespace lockvet::extract {

namespace {

const std::string kPrelude = R"(
typedef _Bool bool;
bool in_coroutine(void);
void work(int x);
)";

std::string skeleton(const char* code) {
  return skeletonOf(kPrelude + code, Language::C);
}

TEST(Formulas, ValueOfAnd) {
  EXPECT_EQ(skeleton(R"(
void test(bool ready) {
  bool co = ready && in_coroutine(); if (co) work(1); if (ready) work(2);
})"),
            "0: if ready -> 1 else 2\n"
            "1: call in_coroutine(); -> 2\n"
            "2: set co = (ready && in_coroutine); if co -> 3 else 4\n"
            "3: call work(0=1); -> 4\n"
            "4: if ready -> 5 else end\n"
            "5: call work(0=2); -> end\n"
            "end: \n");
}

TEST(Formulas, NegatedCondition) {
  EXPECT_EQ(skeleton(R"(
void test(int x) { if (!(x > 2 || in_coroutine())) work(1); })"),
            "0: if ? -> 2 else 1\n"
            "1: call in_coroutine(); -> 2\n"
            "2: if (? || in_coroutine) -> end else 3\n"
            "3: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Formulas, EqualityOfTruthValuesOnly) {
  EXPECT_EQ(skeleton(R"(
void test(bool flag) { if (flag != in_coroutine()) work(1); })"),
            "0: call in_coroutine(); if !(flag == in_coroutine) -> 1 else end\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
  EXPECT_EQ(skeleton(R"(
void test(int number) { if (number != in_coroutine()) work(1); })"),
            "0: call in_coroutine(); if ? -> 1 else end\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Formulas, NotWhereAnOperandChangesOnTheWay) {
  EXPECT_EQ(skeleton(R"(
void test(bool flag) { if (!(!flag && (flag = in_coroutine()))) work(1); })"),
            "0: if flag -> 2 else 1\n"
            "1: call in_coroutine(); set flag = in_coroutine; -> 2\n"
            "2: if ? -> 3 else end\n"
            "3: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Formulas, SwitchOnATruthValue) {
  EXPECT_EQ(skeleton(R"(
void test(void) { switch (in_coroutine()) { case 0: work(1); break; default: work(2); } })"),
            "0: call work(0=1); -> end\n"
            "1: call work(0=2); -> end\n"
            "2: call in_coroutine(); if in_coroutine -> 1 else 0\n"
            "end: \n");
}

TEST(Formulas, CopyIsWhatItWasMadeOf) {
  EXPECT_EQ(skeleton(R"(
void test(bool flag) { const bool off = !flag; if (off) work(1); })"),
            "0: if flag -> end else 1\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Formulas, ArgumentThatIsAConstantByName) {
  EXPECT_EQ(skeleton(R"(
void test(void) { const int one = 1; int two = 2; work(one); work(two); two = 3; })"),
            "0: call work(0=1); call work(); -> end\n"
            "end: \n");
}

TEST(Formulas, CopyThatChanges) {
  EXPECT_EQ(skeleton(R"(
void test(bool flag) { bool on = flag; if (on) work(1); on = 0; if (on || flag) work(2); })"),
            "0: set on = flag; if on -> 1 else 2\n"
            "1: call work(0=1); -> 2\n"
            "2: set on = 0; if on -> 4 else 3\n"
            "3: if flag -> 4 else end\n"
            "4: call work(0=2); -> end\n"
            "end: \n");
}

TEST(Formulas, DeepOnesEndInTheUnknown) {
  std::string condition = "in_coroutine()";
  for (int depth = 0; depth < 40; ++depth)
    condition = "!(x && " + condition + ")";
  const std::string text =
      skeleton(("void test(bool x) { if (" + condition + ") work(1); }").c_str());
  EXPECT_NE(text.find("?"), std::string::npos) << text;
}

} // namespace

} // namespace lockvet::extract
