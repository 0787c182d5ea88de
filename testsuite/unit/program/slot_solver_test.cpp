// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which functions reach which slots: by assignment, through parameters and results of functions
// that are themselves found in slots, and in circles.

#include "analyzer/program/slot_solver.h"

#include <gtest/gtest.h>
#include <map>

namespace lockvet::program {

namespace {

using facts::SlotKind;
using store::Id;

/// Functions are numbered from 100, slots from 1.
constexpr Id kF = 100;
constexpr Id kG = 101;
constexpr Id kH = 102;

class SlotSolverTest : public testing::Test {
protected:
  Id slot(SlotKind kind, Id function = store::kNoId, Id of_slot = store::kNoId,
          uint32_t index = 0) {
    store::SlotRow row;
    row.id = ++last_;
    row.kind = kind;
    row.function = function;
    row.slot = of_slot;
    row.index = index;
    solver_.addSlot(row);
    return row.id;
  }
  Id field() { return slot(SlotKind::Field); }

  /// The functions in a slot, after solving.
  std::vector<Id> in(Id slot) {
    if (!solved_) {
      for (const store::SlotTarget& target : solver_.solve())
        targets_[target.slot].push_back(target.function);
      solved_ = true;
    }
    return targets_[slot];
  }

  SlotSolver solver_{20};

private:
  Id last_ = 0;
  bool solved_ = false;
  std::map<Id, std::vector<Id>> targets_;
};

using Functions = std::vector<Id>;

TEST_F(SlotSolverTest, WhatNothingFlowsIntoIsEmpty) {
  EXPECT_EQ(in(field()), Functions{});
}

TEST_F(SlotSolverTest, AFunctionPutIntoASlotIsInIt) {
  const Id a = field();
  const Id b = field();
  solver_.addFunction(kG, a);
  solver_.addFunction(kF, a);
  solver_.addFunction(kF, a);
  EXPECT_EQ(in(a), (Functions{kF, kG}));
  EXPECT_EQ(in(b), Functions{});
}

TEST_F(SlotSolverTest, FlowsAreFollowedThroughSeveralSlotsButNotBack) {
  const Id a = field();
  const Id b = field();
  const Id c = field();
  solver_.addInclusion(b, c);
  solver_.addInclusion(a, b);
  solver_.addFunction(kF, a);
  solver_.addFunction(kG, c);
  EXPECT_EQ(in(c), (Functions{kF, kG}));
  EXPECT_EQ(in(b), Functions{kF});
  EXPECT_EQ(in(a), Functions{kF});
}

TEST_F(SlotSolverTest, CirclesEnd) {
  const Id a = field();
  const Id b = field();
  solver_.addInclusion(a, b);
  solver_.addInclusion(b, a);
  solver_.addInclusion(a, a);
  solver_.addFunction(kF, a);
  solver_.addFunction(kG, b);
  EXPECT_EQ(in(a), (Functions{kF, kG}));
  EXPECT_EQ(in(b), (Functions{kF, kG}));
}

// ops->visit(g), where f is in Ops::visit: g is in f's parameter.
TEST_F(SlotSolverTest, AnArgumentOfAnIndirectCallReachesTheParameterOfWhatIsCalled) {
  const Id visit = field();
  const Id argument = slot(SlotKind::SlotParameter, store::kNoId, visit, 1);
  const Id second = slot(SlotKind::Parameter, kF, store::kNoId, 1);
  const Id first = slot(SlotKind::Parameter, kF, store::kNoId, 0);
  solver_.addFunction(kG, argument);
  solver_.addFunction(kF, visit);
  EXPECT_EQ(in(second), Functions{kG});
  EXPECT_EQ(in(first), Functions{});
}

// ops->make()(), where f is in Ops::make and returns g.
TEST_F(SlotSolverTest, WhatIsReturnedReachesTheResultOfTheIndirectCall) {
  const Id make = field();
  const Id result = slot(SlotKind::SlotReturn, store::kNoId, make);
  const Id returned = slot(SlotKind::Return, kF);
  solver_.addFunction(kF, make);
  solver_.addFunction(kG, returned);
  EXPECT_EQ(in(result), Functions{kG});
}

// The function that is called comes late, and by way of another call of the same kind.
TEST_F(SlotSolverTest, ParametersOfParametersAreTied) {
  const Id visit = field();
  const Id argument = slot(SlotKind::SlotParameter, store::kNoId, visit);
  const Id parameter = slot(SlotKind::Parameter, kF);
  const Id inner = slot(SlotKind::SlotParameter, store::kNoId, parameter);
  const Id last = slot(SlotKind::Parameter, kG);
  solver_.addFunction(kH, inner);
  solver_.addFunction(kG, argument);
  solver_.addFunction(kF, visit);
  EXPECT_EQ(in(parameter), Functions{kG});
  EXPECT_EQ(in(last), Functions{kH});
}

// A function without a slot for that parameter, such as one that ignores it.
TEST_F(SlotSolverTest, AParameterThatNoOneReadsIsNoTrouble) {
  const Id visit = field();
  const Id argument = slot(SlotKind::SlotParameter, store::kNoId, visit, 7);
  solver_.addFunction(kG, argument);
  solver_.addFunction(kF, visit);
  EXPECT_EQ(in(argument), Functions{kG});
}

} // namespace

} // namespace lockvet::program
