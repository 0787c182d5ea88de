// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counting by context, and the gate that stands on it.

#include "runtime/aio/co_wait.h"
#include "runtime/graph/gate.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"

#include <algorithm>
#include <thread>
#include <vector>

namespace lockvet::runtime {
namespace {

TEST(ContextIndex, DiffersBetweenThreadsThatAreAliveAndIsUsedAgain) {
  const unsigned mine = ContextIndex::here();
  unsigned other = mine;
  std::thread([&] { other = ContextIndex::here(); }).join();
  EXPECT_NE(other, mine);
  unsigned next = mine;
  std::thread([&] { next = ContextIndex::here(); }).join();
  EXPECT_EQ(next, other);
  EXPECT_EQ(ContextIndex::here(), mine);
}

TEST(ContextCounter, CountsWhatMoreThreadsThanCellsCount) {
  ContextCounter counter;
  std::vector<std::thread> threads;
  std::atomic<unsigned> shared = 0;
  std::atomic<unsigned> arrived = 0;
  constexpr unsigned many = ContextIndex::count + 20;
  for (unsigned number = 0; number < many; ++number)
    threads.emplace_back([&] {
      if (ContextIndex::here() == ContextIndex::shared)
        ++shared;
      // All are there at once, so that the cells run out.
      ++arrived;
      while (arrived < many)
        std::this_thread::yield();
      for (int times = 0; times < 100; ++times)
        counter.add(+3);
      for (int times = 0; times < 100; ++times)
        counter.add(-2);
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(counter.sum(), 100 * many);
  EXPECT_GE(shared, 20U);
}

class GateTest : public GraphTest {};

TEST_F(GateTest, LetsInWhoComesAndShutsOutWhenClosed) {
  MainLoop::assert_here();
  Gate gate;
  int passed = 0;
  const auto passer = [&]() LV_COROUTINE_FN {
    gate.co_enter();
    ++passed;
    gate.leave();
  };
  ASSERT_TRUE(Coroutine::spawn(main(), passer));
  run_until([&] { return passed == 1; });
  EXPECT_FALSE(gate.busy());

  gate.close();
  gate.close();
  ASSERT_TRUE(Coroutine::spawn(main(), passer));
  main().assert_home();
  for (int turn = 0; turn < 10; ++turn)
    main().poll(false);
  EXPECT_EQ(passed, 1);
  EXPECT_FALSE(gate.busy());

  gate.open();
  for (int turn = 0; turn < 10; ++turn)
    main().poll(false);
  EXPECT_EQ(passed, 1) << "it was closed twice";
  gate.open();
  EXPECT_TRUE(gate.busy()) << "who waited is inside";
  run_until([&] { return passed == 2; });
  EXPECT_FALSE(gate.busy());
}

TEST_F(GateTest, IsLeftInAnotherContextThanItWasEntered) {
  MainLoop::assert_here();
  start_threads(2);
  Gate gate;
  std::atomic<int> passed = 0;
  ASSERT_TRUE(Coroutine::spawn(io(0), [&]() LV_COROUTINE_FN {
    gate.co_enter();
    if (Coroutine::move_to(io(1)))
      ++passed;
    gate.leave();
  }));
  run_until([&] { return passed == 1; });
  gate.close();
  MainLoop::wait_while([&] { return gate.busy(); });
  EXPECT_EQ(passed, 1);
  gate.open();
}

// Eight contexts enter and leave as fast as they can, the main loop closes and looks: who is inside
// when it is closed and empty has got past it, and who waits for ever was not woken.
void pass_under_load(GraphTest&, AioContext& main, std::vector<AioContext*> contexts,
                     int closings) {
  MainLoop::assert_here();
  Gate gate;
  long value = 0; // written only while the gate is closed and read only inside: a race otherwise
  std::atomic<bool> stop = false;
  std::atomic<unsigned> running = 0;
  std::atomic<uint64_t> passes = 0;
  for (AioContext* context : contexts) {
    for (int number = 0; number < 3; ++number) {
      ++running;
      ASSERT_TRUE(Coroutine::spawn(*context, [&, context]() LV_COROUTINE_FN {
        uint64_t own = 0;
        do {
          gate.co_enter();
          const long before = value;
          if (own % 16 == 0) {
            context->assert_home();
            (void)co_sleep_until(*context, Clock::now(), nullptr);
          }
          EXPECT_EQ(value, before);
          gate.leave();
          ++own;
        } while (!stop);
        passes += own;
        --running;
        MainLoop::kick();
      }));
    }
  }
  main.assert_home();
  for (int closing = 0; closing < closings; ++closing) {
    gate.close();
    MainLoop::wait_while([&] { return gate.busy(); });
    ++value;
    gate.open();
    main.poll(false);
  }
  stop = true;
  MainLoop::wait_while([&] { return running != 0; });
  EXPECT_FALSE(gate.busy());
  EXPECT_GE(passes, 3 * contexts.size());
}

TEST_F(GateTest, KeepsInsideAndOutsideApartUnderLoad) {
  start_threads(8);
  std::vector<AioContext*> contexts{&main()};
  for (unsigned number = 0; number < 8; ++number)
    contexts.push_back(&io(number));
  pass_under_load(*this, main(), contexts, 300);
}

TEST_F(GateTest, WorksWithFullFencesToo) {
  AsymmetricFence::set_full(true);
  EXPECT_TRUE(AsymmetricFence::full());
  start_threads(4);
  std::vector<AioContext*> contexts;
  for (unsigned number = 0; number < 4; ++number)
    contexts.push_back(&io(number));
  pass_under_load(*this, main(), contexts, 100);
  end_threads();
  AsymmetricFence::set_full(false);
}

} // namespace
} // namespace lockvet::runtime
