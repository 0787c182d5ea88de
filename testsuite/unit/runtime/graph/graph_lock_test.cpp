// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The graph lock: who may be in it together, who comes next, and what misuse is found.

#include "runtime/aio/co_wait.h"
#include "runtime/graph/graph_lock.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"

namespace lockvet::runtime {
namespace {

using namespace std::chrono_literals;

class GraphLockTest : public GraphTest {};

TEST_F(GraphLockTest, ReadersOfSeveralContextsAreInsideTogether) {
  start_threads(2);
  std::atomic<int> inside = 0;
  std::atomic<bool> go = false;
  std::atomic<int> left = 0;
  for (unsigned number = 0; number < 2; ++number)
    ASSERT_TRUE(Coroutine::spawn(io(number), [&, number]() LV_COROUTINE_FN {
      const CoGraphReadLock lock;
      ++inside;
      while (!go) {
        io(number).assert_home();
        (void)co_sleep_until(io(number), Clock::now() + 1us, nullptr);
      }
      ++left;
    }));
  run_until([&] { return inside == 2; });
  {
    MainLoop::assert_here();
    const MainGraphReadLock lock; // and the main loop reads meanwhile
    EXPECT_EQ(inside, 2);
  }
  go = true;
  run_until([&] { return left == 2; });
}

TEST_F(GraphLockTest, TheWriterWaitsForReadersAndGoesBeforeThoseWhoComeLater) {
  MainLoop::assert_here();
  start_threads(1);
  std::atomic<bool> reading = false;
  std::atomic<bool> go = false;
  std::atomic<bool> late_read = false;
  int written = 0;
  ASSERT_TRUE(Coroutine::spawn(io(0), [&]() LV_COROUTINE_FN {
    const CoGraphReadLock lock;
    reading = true;
    while (!go) {
      io(0).assert_home();
      (void)co_sleep_until(io(0), Clock::now() + 1us, nullptr);
    }
    EXPECT_EQ(written, 0);
  }));
  run_until([&] { return reading.load(); });
  // Runs while the writer waits: the later reader finds it waiting, and lets the first one go then.
  ASSERT_TRUE(main().schedule([&] {
    ASSERT_TRUE(Coroutine::spawn(main(), [&]() LV_COROUTINE_FN {
      go = true;
      const CoGraphReadLock lock;
      EXPECT_EQ(written, 1);
      late_read = true;
    }));
  }));
  {
    const GraphWriteLock lock;
    EXPECT_TRUE(go);
    EXPECT_FALSE(late_read);
    ++written;
  }
  run_until([&] { return late_read.load(); });
}

TEST_F(GraphLockTest, AWriterThatComesWhileAnotherWaitsIsServedInside) {
  MainLoop::assert_here();
  std::vector<int> order;
  bool reader_may_go = false;
  bool reading = false;
  ASSERT_TRUE(Coroutine::spawn(main(), [&]() LV_COROUTINE_FN {
    const CoGraphReadLock lock;
    reading = true;
    while (!reader_may_go) {
      main().assert_home();
      (void)co_sleep_until(main(), Clock::now() + 1us, nullptr);
    }
  }));
  run_until([&] { return reading; });
  ASSERT_TRUE(main().schedule([&] {
    reader_may_go = true;
    MainLoop::assert_here();
    const GraphWriteLock inner;
    order.push_back(1);
  }));
  {
    const GraphWriteLock outer;
    order.push_back(2);
  }
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

// A callback waits for a reader that comes to the lock after the writer.
TEST_F(GraphLockTest, AWriterStepsBackFromWhatACallbackWaitsFor) {
  MainLoop::assert_here();
  start_threads(1);
  std::atomic<bool> reading = false;
  std::atomic<bool> go = false;
  ASSERT_TRUE(Coroutine::spawn(io(0), [&]() LV_COROUTINE_FN {
    const CoGraphReadLock lock;
    reading = true;
    while (!go) {
      io(0).assert_home();
      (void)co_sleep_until(io(0), Clock::now() + 1us, nullptr);
    }
  }));
  run_until([&] { return reading.load(); });
  std::atomic<bool> late_read = false;
  ASSERT_TRUE(main().schedule([&] {
    ASSERT_TRUE(Coroutine::spawn(io(0), [&]() LV_COROUTINE_FN {
      {
        const CoGraphReadLock lock;
        late_read = true;
      }
      MainLoop::kick();
    }));
    MainLoop::assert_here();
    MainLoop::wait_while([&] { return !late_read; });
    go = true;
  }));
  {
    const GraphWriteLock lock;
    EXPECT_TRUE(late_read);
  }
}

// A writer without pause: all readers come in again and again all the same.
TEST_F(GraphLockTest, WritersWithoutPauseStarveNoReader) {
  MainLoop::assert_here();
  start_threads(4);
  std::atomic<unsigned> running = 4;
  int generation = 0;
  for (unsigned number = 0; number < 4; ++number)
    ASSERT_TRUE(Coroutine::spawn(io(number), [&]() LV_COROUTINE_FN {
      for (int times = 0; times < 500; ++times) {
        const CoGraphReadLock lock;
        EXPECT_GE(generation, 0);
      }
      --running;
    }));
  while (running != 0) {
    const GraphWriteLock lock;
    ++generation;
  }
}

TEST_F(GraphLockTest, APauseLetsTheWriterIn) {
  MainLoop::assert_here();
  start_threads(1);
  std::atomic<bool> paused = false;
  std::atomic<bool> go = false;
  std::atomic<bool> done = false;
  ASSERT_TRUE(Coroutine::spawn(io(0), [&]() LV_COROUTINE_FN {
    const CoGraphReadLock lock;
    {
      const CoGraphReadPause pause;
      paused = true;
      while (!go) {
        io(0).assert_home();
        (void)co_sleep_until(io(0), Clock::now() + 1us, nullptr);
      }
    }
    done = true;
  }));
  run_until([&] { return paused.load(); });
  {
    const GraphWriteLock lock;
    EXPECT_FALSE(go);
  }
  go = true;
  run_until([&] { return done.load(); });
}

#if LOCKVET_RUNTIME_CHECKS

#define HERE "[^ ]*graph_lock_test\\.cpp:[0-9]+ in .*"

class GraphLockDeathTest : public GraphTest {
protected:
  GraphLockDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  void run_in_coroutine(void LV_COROUTINE_FN (*body)()) {
    bool done = false;
    (void)Coroutine::spawn(main(), [&]() LV_COROUTINE_FN {
      body();
      done = true;
    });
    run_until([&] { return done; });
  }
};

TEST_F(GraphLockDeathTest, TakingItTwice) {
  EXPECT_DEATH(run_in_coroutine([]() LV_COROUTINE_FN LV_NO_THREAD_SAFETY_ANALYSIS("breaks it") {
                 GraphLock::co_rdlock();
                 GraphLock::co_rdlock();
               }),
               "a coroutine takes the graph lock for reading at " HERE
               " while it holds it since " HERE);
}

TEST_F(GraphLockDeathTest, ReadingOutsideOfCoroutines) {
  // lockvet: allow(coroutine-call) the misuse is what is tested
  EXPECT_DEATH(const CoGraphReadLock lock, "outside of coroutines: only the main loop reads there");
}

TEST_F(GraphLockDeathTest, GivingBackWhatOneHasNot) {
  EXPECT_DEATH(run_in_coroutine([]() LV_COROUTINE_FN LV_NO_THREAD_SAFETY_ANALYSIS("breaks it") {
                 GraphLock::co_rdunlock();
               }),
               "is given back at " HERE " by a coroutine that does not hold it");
}

TEST_F(GraphLockDeathTest, WritingInACoroutine) {
  EXPECT_DEATH(run_in_coroutine([]() LV_COROUTINE_FN LV_NO_THREAD_SAFETY_ANALYSIS("breaks it") {
                 // lockvet: allow(no-coroutine-call) the misuse is what is tested
                 GraphLock::wrlock();
               }),
               "is done in a coroutine: it could not poll there");
}

TEST_F(GraphLockDeathTest, WritingInAnotherThread) {
  EXPECT_DEATH(std::thread([] { MainLoop::assert_here(); }).join(),
               "what only the main loop may do is done in another thread");
}

TEST_F(GraphLockDeathTest, WritingWhileReading) {
  EXPECT_DEATH(([]() LV_NO_THREAD_SAFETY_ANALYSIS("breaks it") {
                 GraphLock::main_rdlock();
                 // lockvet: allow(lock-excluded) the misuse is what is tested
                 GraphLock::wrlock();
               }()),
               "takes the graph lock at " HERE " while it holds that for reading");
}

TEST_F(GraphLockDeathTest, WritingTwice) {
  EXPECT_DEATH(([]() LV_NO_THREAD_SAFETY_ANALYSIS("breaks it") {
                 GraphLock::wrlock();
                 // lockvet: allow(lock-excluded) the misuse is what is tested
                 GraphLock::wrlock();
               }()),
               "takes the graph lock at " HERE " while it holds that for writing since " HERE);
}

TEST_F(GraphLockDeathTest, ASecondMainLoop) {
  EXPECT_DEATH(MainLoop second(main()), "a MainLoop is made while the program has one already");
}

#endif

} // namespace
} // namespace lockvet::runtime
