// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Both ways to switch, whichever of them the coroutines use.

#include "runtime/coroutine/machine_context.h"
#include "runtime/coroutine/sanitizer_fiber.h"
#include "runtime/coroutine/stack.h"

#include <gtest/gtest.h>

namespace lockvet::runtime {
namespace {

template <typename Switch> class MachineContextTest : public testing::Test {};

#if defined(__x86_64__)
using Switches = testing::Types<BoostSwitch, NativeSwitch>;
#else
using Switches = testing::Types<BoostSwitch>;
#endif
TYPED_TEST_SUITE(MachineContextTest, Switches);

template <typename Switch> struct Sides {
  typename Switch::Context here;
  typename Switch::Context there;
  FiberAnnotation annotation;
};

TYPED_TEST(MachineContextTest, SendsAndAnswers) {
  using Two = Sides<TypeParam>;
  Two sides;
  Stack stack(size_t{128} * 1024);
  ASSERT_TRUE(stack.valid());
  TypeParam::make(sides.there, stack.top(), stack.size(), [](void* data) {
    auto& both = *static_cast<Two*>(data);
    both.annotation.after_arrive();
    // Vector instructions fault here if the stack is not aligned.
    alignas(32) volatile double numbers[4] = {1, 2, 3, 4};
    EXPECT_EQ(reinterpret_cast<uintptr_t>(&numbers) % 32, 0U);
    void* next = nullptr;
    while (true) {
      both.annotation.before_leave();
      next = TypeParam::jump(both.there, both.here, next);
      both.annotation.after_arrive();
    }
  });
  int values[3] = {};
  void* answer = &sides;
  for (int& value : values) {
    FiberAnnotation::Away away;
    sides.annotation.before_enter(away, stack.bottom(), stack.size());
    answer = TypeParam::jump(sides.here, sides.there, answer == &sides ? answer : &value);
    sides.annotation.after_return(away);
    EXPECT_EQ(answer, &value == &values[0] ? nullptr : &value);
  }
}

} // namespace
} // namespace lockvet::runtime
