// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/coroutine.h"
#include "runtime/coroutine/coroutine_pool.h"
#include "testsuite/unit/runtime/test_home.h"

#include <array>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

namespace lockvet::runtime {
namespace {

TEST(CoroutineTest, RunsUntilItSuspendsAndGoesOnWhenEntered) {
  std::string log;
  Coroutine& coroutine = Coroutine::create([&]() LV_COROUTINE_FN {
    log += "a";
    Coroutine::suspend();
    log += "c";
  });
  EXPECT_EQ(log, "");
  coroutine.enter();
  log += "b";
  coroutine.enter();
  EXPECT_EQ(log, "abc");
}

TEST(CoroutineTest, KnowsWhichOneRuns) {
  EXPECT_FALSE(Coroutine::in_coroutine());
  Coroutine* inside = nullptr;
  Coroutine& coroutine =
      Coroutine::create([&]() LV_COROUTINE_FN { inside = Coroutine::current(); });
  coroutine.enter();
  EXPECT_EQ(inside, &coroutine);
  EXPECT_EQ(Coroutine::current(), nullptr);
}

TEST(CoroutineTest, OneEntersAnother) {
  std::string log;
  Coroutine& inner = Coroutine::create([&]() LV_COROUTINE_FN {
    log += "2";
    Coroutine::suspend();
    log += "5";
  });
  Coroutine& outer = Coroutine::create([&]() LV_COROUTINE_FN {
    Coroutine* const self = Coroutine::current();
    log += "1";
    inner.enter();
    EXPECT_EQ(Coroutine::current(), self);
    log += "3";
    Coroutine::suspend();
    log += "4";
    inner.enter();
    log += "6";
  });
  outer.enter();
  outer.enter();
  EXPECT_EQ(log, "123456");
}

TEST(CoroutineTest, DestroysItsBodyWhenItEnds) {
  auto token = std::make_shared<int>(1);
  Coroutine& coroutine = Coroutine::create([token]() LV_COROUTINE_FN { Coroutine::suspend(); });
  coroutine.enter();
  EXPECT_EQ(token.use_count(), 2);
  coroutine.enter();
  EXPECT_EQ(token.use_count(), 1);
}

TEST(CoroutineTest, TakesBodiesThatMoveOnlyAndLargeOnes) {
  int sum = 0;
  auto one = std::make_unique<int>(1);
  Coroutine::create([&sum, one = std::move(one)]() LV_COROUTINE_FN { sum += *one; }).enter();
  std::array<int, 1000> many{};
  many[999] = 2;
  Coroutine::create([&sum, many]() LV_COROUTINE_FN { sum += many[999]; }).enter();
  EXPECT_EQ(sum, 3);
}

// What lies on its stack, and in registers, is there after other coroutines have run.
TEST(CoroutineTest, KeepsLocalsAcrossSuspensions) {
  std::vector<Coroutine*> alive;
  double total = 0;
  for (int number = 0; number < 100; ++number) {
    Coroutine& coroutine = Coroutine::create([number, &total]() LV_COROUTINE_FN {
      std::array<int, 256> values{};
      double product = 1;
      for (int& value : values) {
        value = number;
        product += number * 0.5;
        if (&value - values.data() == 128)
          Coroutine::suspend();
      }
      for (const int value : values)
        EXPECT_EQ(value, number);
      total += product;
    });
    coroutine.enter();
    alive.push_back(&coroutine);
  }
  for (Coroutine* coroutine : alive)
    coroutine->enter();
  // The sum over n below 100 of 1 + 256 * n / 2.
  EXPECT_DOUBLE_EQ(total, 100 + 128.0 * 99 * 100 / 2);
}

int LV_COROUTINE_FN depth_of(int levels) {
  volatile char frame[64] = {};
  frame[0] = 1;
  if (levels == 0) {
    Coroutine::suspend();
    return 0;
  }
  return depth_of(levels - 1) + frame[0];
}

TEST(CoroutineTest, SuspendsDeepInsideOfCalls) {
  int depth = -1;
  Coroutine& coroutine = Coroutine::create([&]() LV_COROUTINE_FN { depth = depth_of(300); });
  coroutine.enter();
  EXPECT_EQ(depth, -1);
  coroutine.enter();
  EXPECT_EQ(depth, 300);
}

TEST(CoroutineTest, ThrowsAndCatchesInside) {
  std::string caught;
  Coroutine& coroutine = Coroutine::create([&]() LV_COROUTINE_FN {
    for (int round = 0; round < 2; ++round) {
      try {
        throw std::string("thrown");
      } catch (const std::string& text) {
        caught += text;
      }
      Coroutine::suspend();
    }
  });
  coroutine.enter();
  coroutine.enter();
  coroutine.enter();
  EXPECT_EQ(caught, "thrownthrown");
}

TEST(CoroutineTest, AfterSuspendRunsOutsideWhenItHasSuspended) {
  Coroutine* seen = nullptr;
  Coroutine& coroutine = Coroutine::create([&]() LV_COROUTINE_FN {
    Coroutine::suspend_then({[](Coroutine& self, void* seen) {
                               EXPECT_FALSE(Coroutine::in_coroutine());
                               *static_cast<Coroutine**>(seen) = &self;
                             },
                             &seen});
  });
  coroutine.enter();
  ASSERT_EQ(seen, &coroutine);
  seen->enter();
}

TEST(CoroutineTest, ThousandsAreAliveAtOnceAndComeBackToThePool) {
  constexpr size_t count = 4096;
  std::vector<Coroutine*> alive;
  size_t ended = 0;
  for (size_t number = 0; number < count; ++number) {
    alive.push_back(&Coroutine::create([&]() LV_COROUTINE_FN {
      Coroutine::suspend();
      ++ended;
    }));
    alive.back()->enter();
  }
  for (Coroutine* coroutine : alive)
    coroutine->enter();
  EXPECT_EQ(ended, count);
  EXPECT_GE(CoroutinePool::pooled(), count - 2 * CoroutinePool::batch);
  CoroutinePool::trim(0);
  EXPECT_EQ(CoroutinePool::pooled(), 0U);
}

TEST(CoroutineTest, PoolOfAThreadThatEndsIsShared) {
  CoroutinePool::trim(0);
  std::thread([] {
    for (int round = 0; round < 3; ++round)
      Coroutine::create([]() LV_COROUTINE_FN {}).enter();
  }).join();
  EXPECT_EQ(CoroutinePool::pooled(), 1U);
}

TEST(CoroutineTest, SpawnedOneStartsAtItsHomeAndHoldsIt) {
  ManualHome home;
  std::string log;
  ASSERT_TRUE(Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
    log += "a";
    EXPECT_EQ(Coroutine::current()->home(), &home);
    Coroutine::current()->wake();
    log += "b";
    Coroutine::suspend();
    log += "c";
  }));
  EXPECT_EQ(log, "");
  EXPECT_EQ(home.held(), 1);
  EXPECT_EQ(home.run(), 2U);
  EXPECT_EQ(log, "abc");
  EXPECT_EQ(home.held(), 0);
}

TEST(CoroutineTest, NothingIsSpawnedAtAHomeThatHasEnded) {
  ManualHome home;
  home.ended = true;
  EXPECT_FALSE(Coroutine::spawn(home, []() LV_COROUTINE_FN { ADD_FAILURE(); }));
  EXPECT_EQ(home.run(), 0U);
}

TEST(CoroutineTest, MovesBetweenThreads) {
  ThreadHome homes[3];
  std::atomic<int> moves = 0;
  ASSERT_TRUE(Coroutine::spawn(homes[0], [&]() LV_COROUTINE_FN {
    for (int round = 0; round < 3000; ++round) {
      ThreadHome& home = homes[(round + 1) % 3];
      EXPECT_TRUE(Coroutine::move_to(home));
      EXPECT_TRUE(home.is_here());
      ++moves;
    }
  }));
  while (moves != 3000)
    std::this_thread::yield();
}

TEST(CoroutineTest, DoesNotMoveToAHomeThatHasEnded) {
  ManualHome home;
  ManualHome ended;
  ended.ended = true;
  bool moved = true;
  ASSERT_TRUE(Coroutine::spawn(home, [&]() LV_COROUTINE_FN { moved = Coroutine::move_to(ended); }));
  home.run();
  EXPECT_FALSE(moved);
}

// Both sides race: the wake-up mostly comes before the suspension.
TEST(CoroutineTest, IsWokenByAnotherThreadWhileItSuspends) {
  ThreadHome home;
  ThreadHome other;
  std::atomic<int> rounds = 0;
  ASSERT_TRUE(Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
    struct Wake final : HomeItem {
      explicit Wake(Coroutine& target) : HomeItem(run_it), target(target) {}
      static void run_it(HomeItem& item) noexcept { static_cast<Wake&>(item).target.wake(); }
      Coroutine& target;
    };
    Wake wake(*Coroutine::current());
    for (int round = 0; round < 5000; ++round) {
      other.post(wake);
      Coroutine::suspend();
      ++rounds;
    }
  }));
  while (rounds != 5000)
    std::this_thread::yield();
}

} // namespace
} // namespace lockvet::runtime
