// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What coroutines wait for each other with, by hand where the order matters, and over threads where
// it must not.

#include "runtime/coroutine/co_group.h"
#include "runtime/coroutine/co_mutex.h"
#include "runtime/coroutine/co_queue.h"
#include "runtime/coroutine/co_rw_lock.h"
#include "testsuite/unit/runtime/test_home.h"

#include <array>
#include <deque>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

namespace lockvet::runtime {
namespace {

template <typename Body> void start(Home& home, Body body) {
  ASSERT_TRUE(Coroutine::spawn(home, std::move(body)));
}

// Gives the others a turn.
void LV_COROUTINE_FN yield() {
  Coroutine::current()->wake();
  Coroutine::suspend();
}

TEST(CoMutexTest, IsHandedToWhoHasWaitedLongest) {
  ManualHome home;
  CoMutex mutex;
  std::string order;
  for (const char name : {'a', 'b', 'c', 'd'}) {
    start(home, [&, name]() LV_COROUTINE_FN {
      CoLock lock(mutex);
      order += name;
      yield();
      order += name;
    });
  }
  home.run();
  EXPECT_EQ(order, "aabbccdd");
}

TEST(CoMutexTest, NewcomersDoNotOvertake) {
  ManualHome home;
  CoMutex mutex;
  std::string order;
  start(home, [&]() LV_COROUTINE_FN {
    for (int round = 0; round < 3; ++round) {
      CoLock lock(mutex);
      order += 'a';
      yield();
    }
  });
  start(home, [&]() LV_COROUTINE_FN {
    CoLock lock(mutex);
    order += 'b';
  });
  home.run();
  EXPECT_EQ(order, "abaa");
}

TEST(CoMutexTest, TryLockTakesOnlyAFreeOne) {
  ManualHome home;
  CoMutex mutex;
  start(home, [&]() LV_COROUTINE_FN {
    if (!mutex.try_lock()) {
      ADD_FAILURE();
      return;
    }
    start(home, [&]() LV_COROUTINE_FN {
      if (mutex.try_lock()) {
        ADD_FAILURE();
        mutex.unlock();
      }
    });
    yield();
    yield();
    mutex.unlock();
  });
  home.run();
}

// Many coroutines at several threads; the counter is guarded by the mutex and nothing else.
TEST(CoMutexTest, ExcludesAcrossThreads) {
  constexpr int coroutines = 12;
  constexpr int rounds = 2000;
  struct Shared {
    CoMutex mutex;
    int count LV_GUARDED_BY(mutex) = 0;
    bool inside LV_GUARDED_BY(mutex) = false;
  } shared;
  {
    std::array<ThreadHome, 3> homes;
    for (int number = 0; number < coroutines; ++number) {
      start(homes[number % homes.size()], [&shared, number]() LV_COROUTINE_FN {
        for (int round = 0; round < rounds; ++round) {
          CoLock lock(shared.mutex);
          EXPECT_FALSE(shared.inside);
          shared.inside = true;
          if ((round + number) % 7 == 0)
            yield();
          ++shared.count;
          shared.inside = false;
        }
      });
    }
  }
  ManualHome home;
  start(home, [&]() LV_COROUTINE_FN {
    CoLock lock(shared.mutex);
    EXPECT_EQ(shared.count, coroutines * rounds);
  });
  home.run();
}

TEST(CoQueueTest, WakesInOrderAndSaysIfNobodyWaits) {
  ManualHome home;
  CoMutex mutex;
  CoQueue queue;
  std::string order;
  EXPECT_FALSE(queue.wake_one());
  for (const char name : {'a', 'b', 'c'}) {
    start(home, [&, name]() LV_COROUTINE_FN {
      CoLock lock(mutex);
      queue.wait(mutex);
      order += name;
    });
  }
  home.run();
  EXPECT_TRUE(queue.wake_one());
  home.run();
  EXPECT_EQ(order, "a");
  queue.wake_all();
  home.run();
  EXPECT_EQ(order, "abc");
  EXPECT_FALSE(queue.wake_one());
}

TEST(CoQueueTest, WaitsUnderAThreadMutexToo) {
  ManualHome home;
  ThreadMutex mutex;
  CoQueue queue;
  bool ready = false;
  bool done = false;
  start(home, [&]() LV_COROUTINE_FN {
    ThreadLock lock(mutex);
    while (!ready)
      queue.wait(mutex);
    done = true;
  });
  home.run();
  EXPECT_FALSE(done);
  {
    ThreadLock lock(mutex);
    ready = true;
  }
  queue.wake_all();
  home.run();
  EXPECT_TRUE(done);
}

// A bounded buffer between threads: a lost wake-up would hang it, a lost exclusion lose numbers.
TEST(CoQueueTest, LosesNoWakeUpAcrossThreads) {
  constexpr int items = 6000;
  struct Buffer {
    CoMutex mutex;
    CoQueue not_empty;
    CoQueue not_full;
    std::deque<int> items LV_GUARDED_BY(mutex);
  } buffer;
  std::atomic<long> sum = 0;
  {
    std::array<ThreadHome, 4> homes;
    for (int producer = 0; producer < 2; ++producer) {
      start(homes[producer], [&, producer]() LV_COROUTINE_FN {
        for (int item = producer; item < items; item += 2) {
          CoLock lock(buffer.mutex);
          while (buffer.items.size() >= 3)
            buffer.not_full.wait(buffer.mutex);
          buffer.items.push_back(item);
          buffer.not_empty.wake_one();
        }
      });
    }
    for (int consumer = 0; consumer < 2; ++consumer) {
      start(homes[2 + consumer], [&]() LV_COROUTINE_FN {
        for (int count = 0; count < items / 2; ++count) {
          CoLock lock(buffer.mutex);
          while (buffer.items.empty())
            buffer.not_empty.wait(buffer.mutex);
          sum += buffer.items.front();
          buffer.items.pop_front();
          buffer.not_full.wake_one();
        }
      });
    }
  }
  EXPECT_EQ(sum, long{items} * (items - 1) / 2);
}

TEST(CoRwLockTest, ReadersShareAndAWriterWaitsForThem) {
  ManualHome home;
  CoRwLock lock;
  std::string order;
  for (const char name : {'a', 'b'}) {
    start(home, [&, name]() LV_COROUTINE_FN {
      CoReadLock reading(lock);
      order += name;
      yield();
      order += name;
    });
  }
  start(home, [&]() LV_COROUTINE_FN {
    CoWriteLock writing(lock);
    order += 'W';
    yield();
    order += 'W';
  });
  start(home, [&]() LV_COROUTINE_FN {
    CoReadLock reading(lock);
    order += 'c';
  });
  home.run();
  // The last reader waits behind the writer, although others read when it came.
  EXPECT_EQ(order, "ababWWc");
}

TEST(CoRwLockTest, ReadersThatWaitTogetherAreLetInTogether) {
  ManualHome home;
  CoRwLock lock;
  std::string order;
  start(home, [&]() LV_COROUTINE_FN {
    CoWriteLock writing(lock);
    yield();
    order += 'W';
  });
  for (const char name : {'a', 'b'}) {
    start(home, [&, name]() LV_COROUTINE_FN {
      CoReadLock reading(lock);
      order += name;
      yield();
      order += name;
    });
  }
  home.run();
  EXPECT_EQ(order, "Wabab");
}

TEST(CoRwLockTest, DowngradeLetsReadersInAndNoWriter) {
  ManualHome home;
  CoRwLock lock;
  std::string order;
  start(home, [&]() LV_COROUTINE_FN {
    lock.lock();
    yield();
    order += '1';
    lock.downgrade();
    yield();
    order += '2';
    lock.unlock_shared();
  });
  start(home, [&]() LV_COROUTINE_FN {
    CoReadLock reading(lock);
    order += 'r';
  });
  start(home, [&]() LV_COROUTINE_FN {
    CoWriteLock writing(lock);
    order += 'W';
  });
  home.run();
  EXPECT_EQ(order, "1r2W");
}

TEST(CoRwLockTest, ExcludesAcrossThreads) {
  struct Shared {
    CoRwLock lock;
    int first LV_GUARDED_BY(lock) = 0;
    int second LV_GUARDED_BY(lock) = 0;
  } shared;
  {
    std::array<ThreadHome, 3> homes;
    for (int number = 0; number < 12; ++number) {
      start(homes[number % 3], [&shared, number]() LV_COROUTINE_FN {
        for (int round = 0; round < 1000; ++round) {
          if ((round + number) % 5 == 0) {
            CoWriteLock writing(shared.lock);
            ++shared.first;
            if (round % 2 == 0)
              yield();
            ++shared.second;
          } else {
            CoReadLock reading(shared.lock);
            const int before = shared.first;
            if (round % 3 == 0)
              yield();
            EXPECT_EQ(shared.second, before);
          }
        }
      });
    }
  }
  ManualHome home;
  start(home, [&]() LV_COROUTINE_FN {
    CoReadLock reading(shared.lock);
    EXPECT_EQ(shared.second, 12 * 1000 / 5);
  });
  home.run();
}

TEST(CoGroupTest, WaitsForAll) {
  ManualHome home;
  int ended = 0;
  bool waited = false;
  start(home, [&]() LV_COROUTINE_FN {
    CoGroup group;
    for (int member = 0; member < 5; ++member) {
      group.spawn(home, [&ended, member]() LV_COROUTINE_FN {
        for (int turn = 0; turn < member; ++turn)
          yield();
        ++ended;
        return std::error_code();
      });
    }
    EXPECT_FALSE(group.wait());
    EXPECT_EQ(ended, 5);
    waited = true;
  });
  home.run();
  EXPECT_TRUE(waited);
}

TEST(CoGroupTest, TheFirstErrorIsTheGroupsAndCancelsTheRest) {
  ManualHome home;
  std::error_code result;
  int cancelled = 0;
  start(home, [&]() LV_COROUTINE_FN {
    CoGroup group;
    for (int member = 0; member < 3; ++member) {
      group.spawn(home, [&]() LV_COROUTINE_FN {
        while (!group.cancellation().requested())
          yield();
        ++cancelled;
        return std::make_error_code(std::errc::operation_canceled);
      });
    }
    group.spawn(home, []() LV_COROUTINE_FN {
      yield();
      return std::make_error_code(std::errc::io_error);
    });
    result = group.wait();
  });
  home.run();
  EXPECT_EQ(result, std::errc::io_error);
  EXPECT_EQ(cancelled, 3);
}

TEST(CoGroupTest, WithoutMembersItDoesNotWait) {
  ManualHome home;
  start(home, []() LV_COROUTINE_FN {
    CoGroup group;
    EXPECT_FALSE(group.wait());
  });
  EXPECT_EQ(home.run(), 1U);
}

TEST(CoGroupTest, AMemberForAHomeThatHasEndedIsCancelled) {
  ManualHome home;
  ManualHome ended;
  ended.ended = true;
  std::error_code result;
  start(home, [&]() LV_COROUTINE_FN {
    CoGroup group;
    group.spawn(ended, []() LV_COROUTINE_FN { return std::error_code(); });
    result = group.wait();
  });
  home.run();
  EXPECT_EQ(result, std::errc::operation_canceled);
}

// What a member holds is destroyed before the owner goes on.
TEST(CoGroupTest, MembersAreGoneWhenTheOwnerGoesOn) {
  std::array<ThreadHome, 2> homes;
  std::atomic<bool> done = false;
  start(homes[0], [&]() LV_COROUTINE_FN {
    for (int round = 0; round < 500; ++round) {
      auto token = std::make_shared<int>(round);
      CoGroup group;
      group.spawn(homes[1], [token] { return std::error_code(); });
      EXPECT_FALSE(group.wait());
      EXPECT_EQ(token.use_count(), 1);
    }
    done = true;
  });
  while (!done)
    std::this_thread::yield();
}

TEST(CancellationTest, TellsEachListenerOnceAndNoneThatHasLeft) {
  Cancellation cancellation;
  int told = 0;
  const auto count = [](void* told) { ++*static_cast<int*>(told); };
  Cancellation::Listener first(count, &told);
  Cancellation::Listener second(count, &told);
  Cancellation::Listener third(count, &told);
  EXPECT_TRUE(cancellation.add(first));
  EXPECT_TRUE(cancellation.add(second));
  EXPECT_TRUE(cancellation.add(third));
  cancellation.remove(second);
  EXPECT_FALSE(cancellation.requested());
  cancellation.request();
  cancellation.request();
  EXPECT_TRUE(cancellation.requested());
  EXPECT_EQ(told, 2);
  cancellation.remove(first);
  EXPECT_FALSE(cancellation.add(second));
}

} // namespace
} // namespace lockvet::runtime
