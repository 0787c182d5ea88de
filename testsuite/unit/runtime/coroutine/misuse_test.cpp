// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checked builds say what was done wrong, and name both sides.

#include "runtime/coroutine/co_group.h"
#include "runtime/coroutine/co_mutex.h"
#include "runtime/coroutine/co_queue.h"
#include "runtime/coroutine/co_rw_lock.h"
#include "runtime/coroutine/coroutine_pool.h"
#include "testsuite/unit/runtime/test_home.h"

#include <gtest/gtest.h>
#include <xmmintrin.h>

#if LOCKVET_RUNTIME_CHECKS

namespace lockvet::runtime {
namespace {

#define HERE "[^ ]*misuse_test\\.cpp:[0-9]+ in .*"

class MisuseDeathTest : public testing::Test {
protected:
  MisuseDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(MisuseDeathTest, EnteringTwice) {
  EXPECT_DEATH(Coroutine::create([]() LV_COROUTINE_FN { Coroutine::current()->enter(); }).enter(),
               "coroutine 0x[0-9a-f]+ is entered at " HERE " while it runs: it was entered at " HERE
               " and has not suspended");
}

TEST_F(MisuseDeathTest, EnteringWhatItsHomeWillEnter) {
  EXPECT_DEATH(
      {
        ManualHome home;
        Coroutine* sleeper = nullptr;
        (void)Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
          sleeper = Coroutine::current();
          Coroutine::suspend();
        });
        home.run();
        sleeper->wake();
        sleeper->enter();
      },
      "is entered at " HERE " while its home is about to do so: it was woken at " HERE);
}

TEST_F(MisuseDeathTest, EnteringOutsideOfTheHomeThread) {
  EXPECT_DEATH(
      {
        ThreadHome home;
        std::atomic<Coroutine*> sleeper = nullptr;
        (void)Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
          Coroutine::suspend_then({[](Coroutine& self, void* to) {
                                     static_cast<std::atomic<Coroutine*>*>(to)->store(&self);
                                   },
                                   &sleeper});
        });
        while (sleeper == nullptr)
          std::this_thread::yield();
        sleeper.load()->enter();
      },
      "is entered at " HERE " outside of its home thread");
}

TEST_F(MisuseDeathTest, WakingTwice) {
  EXPECT_DEATH(
      {
        ManualHome home;
        (void)Coroutine::spawn(home, []() LV_COROUTINE_FN {
          Coroutine::current()->wake();
          Coroutine::current()->wake();
        });
        home.run();
      },
      "is woken at " HERE " for a suspension for which it was woken at " HERE " already");
}

TEST_F(MisuseDeathTest, WakingOneThatEnds) {
  EXPECT_DEATH(
      {
        ManualHome home;
        (void)Coroutine::spawn(home, []() LV_COROUTINE_FN { Coroutine::current()->wake(); });
        home.run();
      },
      "ends although it was woken at " HERE);
}

TEST_F(MisuseDeathTest, WakingOneWithoutAHome) {
  EXPECT_DEATH(Coroutine::create([]() LV_COROUTINE_FN { Coroutine::current()->wake(); }).enter(),
               "is woken at " HERE " and has no home to run in: it was entered by hand at " HERE);
}

TEST_F(MisuseDeathTest, SuspendingOutsideOfACoroutine) {
  // lockvet: allow(coroutine-call) the mistake under test
  EXPECT_DEATH(Coroutine::suspend(), "there is no coroutine to suspend at " HERE);
}

TEST_F(MisuseDeathTest, SuspendingUnderAThreadMutex) {
  EXPECT_DEATH(Coroutine::create([]() LV_COROUTINE_FN {
                 ThreadMutex mutex;
                 ThreadLock lock(mutex);
                 // lockvet: allow(suspend-under-lock) the mistake under test
                 Coroutine::suspend();
               }).enter(),
               "suspends at " HERE " while it holds the mutex that it locked at " HERE);
}

TEST_F(MisuseDeathTest, EndingUnderAThreadMutex) {
  static ThreadMutex mutex;
  EXPECT_DEATH(Coroutine::create([]() LV_COROUTINE_FN LV_NO_THREAD_SAFETY_ANALYSIS(
                                     "the mistake under test") {
                 mutex.lock();
               }).enter(),
               "ends while it holds the mutex that it locked at " HERE);
}

// What the one who enters holds is not the coroutine's.
TEST_F(MisuseDeathTest, SuspendingIsFineWhileWhoEntersHoldsAMutex) {
  ThreadMutex mutex;
  ThreadLock lock(mutex);
  Coroutine& coroutine = Coroutine::create([]() LV_COROUTINE_FN {
    ThreadMutex another;
    {
      ThreadLock briefly(another);
    }
    Coroutine::suspend();
  });
  coroutine.enter();
  coroutine.enter();
}

TEST_F(MisuseDeathTest, SuspendingInACatchBlock) {
  EXPECT_DEATH(Coroutine::create([]() LV_COROUTINE_FN {
                 try {
                   throw 1;
                 } catch (int) {
                   Coroutine::suspend();
                 }
               }).enter(),
               "suspends at " HERE " inside of a catch block");
}

TEST_F(MisuseDeathTest, SuspendingWithAnotherRoundingMode) {
  EXPECT_DEATH(Coroutine::create([]() LV_COROUTINE_FN {
                 _MM_SET_ROUNDING_MODE(_MM_ROUND_UP);
                 Coroutine::suspend();
               }).enter(),
               "has changed the floating-point mode between where it was entered, " HERE);
}

TEST_F(MisuseDeathTest, LockingAMutexTwice) {
  EXPECT_DEATH(Coroutine::create([]() LV_COROUTINE_FN LV_NO_THREAD_SAFETY_ANALYSIS(
                                     "the mistake under test") {
                 CoMutex mutex;
                 mutex.lock();
                 // lockvet: allow(lock-excluded) the mistake under test
                 mutex.lock();
               }).enter(),
               "waits at " HERE " for a mutex that it has itself held since " HERE);
}

TEST_F(MisuseDeathTest, UnlockingWhatAnotherHolds) {
  EXPECT_DEATH(
      {
        CoMutex mutex;
        Coroutine::create([&]() LV_COROUTINE_FN LV_NO_THREAD_SAFETY_ANALYSIS(
                              "the mistake under test") {
          mutex.lock();
          Coroutine::create([&]() LV_COROUTINE_FN LV_NO_THREAD_SAFETY_ANALYSIS(
                                "the mistake under test") {
            mutex.unlock();
          }).enter();
        }).enter();
      },
      "a coroutine mutex is unlocked at " HERE
      " by one who does not hold it; it was last locked at " HERE);
}

TEST_F(MisuseDeathTest, GivingBackTheWrongMode) {
  EXPECT_DEATH(Coroutine::create([]() LV_COROUTINE_FN LV_NO_THREAD_SAFETY_ANALYSIS(
                                     "the mistake under test") {
                 CoRwLock lock;
                 lock.lock();
                 // lockvet: allow(phantom-unlock) the mistake under test
                 lock.unlock_shared();
               }).enter(),
               "has no readers is given back at " HERE ": its holder is a writer");
}

TEST_F(MisuseDeathTest, DestroyingAGroupThatRuns) {
  EXPECT_DEATH(
      {
        ManualHome home;
        CoGroup group;
        group.spawn(home, []() LV_COROUTINE_FN { return std::error_code(); });
      },
      "a group is destroyed while members of it run");
}

TEST_F(MisuseDeathTest, UnlockingAThreadMutexOfAnotherThread) {
  static ThreadMutex mutex;
  EXPECT_DEATH(std::thread([]() LV_NO_THREAD_SAFETY_ANALYSIS("the mistake under test") {
                 mutex.lock();
                 std::thread([]() LV_NO_THREAD_SAFETY_ANALYSIS("the mistake under test") {
                   mutex.unlock();
                 }).join();
               }).join(),
               "a mutex that was locked at " HERE
               " is unlocked by a thread or coroutine that does");
}

#if !defined(LOCKVET_RUNTIME_ASAN) && !defined(LOCKVET_RUNTIME_TSAN)
int overflow(int level) {
  volatile char frame[4096] = {};
  return level > 1'000'000 ? frame[0] : overflow(level + 1) + frame[level % 4096];
}

TEST_F(MisuseDeathTest, OverflowingAStackFaultsInsteadOfOverwriting) {
  EXPECT_EXIT(Coroutine::create([]() LV_COROUTINE_FN { (void)overflow(0); }).enter(),
              testing::KilledBySignal(SIGSEGV), "");
}
#endif

} // namespace
} // namespace lockvet::runtime

#endif
