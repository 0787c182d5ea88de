// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/aio_context.h"
#include "runtime/aio/thread_pool.h"
#include "runtime/coroutine/co_group.h"

#include <deque>
#include <gtest/gtest.h>
#include <latch>

namespace lockvet::runtime {
namespace {

class ThreadPoolTest : public testing::Test {
protected:
  void SetUp() override {
    auto context = AioContext::create();
    ASSERT_TRUE(context.has_value()) << context.error().message();
    context_ = std::move(*context);
  }

  template <typename Body> void run(Body body) {
    ASSERT_TRUE(Coroutine::spawn(*context_, std::move(body)));
    context_->stop();
    context_->assert_home();
    context_->loop();
  }

  std::unique_ptr<AioContext> context_;
};

TEST_F(ThreadPoolTest, RunsElsewhereAndContinuesAtHome) {
  ThreadPool pool;
  run([&]() LV_COROUTINE_FN {
    const auto home = std::this_thread::get_id();
    std::thread::id elsewhere;
    EXPECT_FALSE(pool.co_run([&] {
      EXPECT_FALSE(Coroutine::in_coroutine());
      elsewhere = std::this_thread::get_id();
    }));
    EXPECT_NE(elsewhere, home);
    EXPECT_EQ(std::this_thread::get_id(), home);
  });
}

TEST_F(ThreadPoolTest, NeverRunsMoreThanItsLimit) {
  ThreadPool pool(3);
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::atomic<int> done = 0;
  run([&]() LV_COROUTINE_FN {
    CoGroup group;
    for (int member = 0; member < 200; ++member) {
      group.spawn(*context_, [&]() LV_COROUTINE_FN {
        return pool.co_run([&] {
          const int now = ++running;
          for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
          }
          std::this_thread::yield();
          --running;
          ++done;
        });
      });
    }
    EXPECT_FALSE(group.wait());
  });
  EXPECT_EQ(done, 200);
  EXPECT_LE(most, 3);
}

// The only thread is busy, so that the others are queued; one in the middle is cancelled alone.
TEST_F(ThreadPoolTest, CancelsWhatHasNotBegun) {
  ThreadPool pool(1);
  std::latch busy(1);
  std::latch release(1);
  std::error_code results[3];
  bool ran[3] = {};
  Cancellation cancellation;
  run([&]() LV_COROUTINE_FN {
    CoGroup group;
    group.spawn(*context_, [&]() LV_COROUTINE_FN {
      return pool.co_run([&] {
        busy.count_down();
        release.wait();
      });
    });
    for (int member = 0; member < 3; ++member) {
      group.spawn(*context_, [&, member]() LV_COROUTINE_FN {
        results[member] =
            pool.co_run([&, member] { ran[member] = true; }, member == 1 ? &cancellation : nullptr);
        if (member == 1)
          release.count_down();
        return std::error_code();
      });
    }
    group.spawn(*context_, [&]() LV_COROUTINE_FN {
      busy.wait();
      cancellation.request();
      return std::error_code();
    });
    EXPECT_FALSE(group.wait());
  });
  EXPECT_TRUE(ran[0] && !ran[1] && ran[2]);
  EXPECT_FALSE(results[0]);
  EXPECT_EQ(results[1], std::errc::operation_canceled);
  EXPECT_FALSE(results[2]);
}

TEST_F(ThreadPoolTest, WhatHasBegunIsNotCancelled) {
  ThreadPool pool(1);
  Cancellation cancellation;
  run([&]() LV_COROUTINE_FN {
    bool ran = false;
    EXPECT_FALSE(pool.co_run(
        [&] {
          cancellation.request();
          ran = true;
        },
        &cancellation));
    EXPECT_TRUE(ran);
    EXPECT_EQ(pool.co_run([] { ADD_FAILURE(); }, &cancellation), std::errc::operation_canceled);
  });
}

// Requests race with threads that take the jobs; each job runs, or is cancelled, and never both.
TEST_F(ThreadPoolTest, CancellingMayCoincideWithTheBeginning) {
  ThreadPool pool(2);
  std::atomic<int> ran = 0;
  std::atomic<int> cancelled = 0;
  constexpr int jobs = 500;
  std::deque<Cancellation> cancellations;
  std::vector<std::thread> cancellers;
  run([&]() LV_COROUTINE_FN {
    for (int round = 0; round < jobs / 10; ++round) {
      Cancellation& cancellation = cancellations.emplace_back();
      cancellers.emplace_back([&cancellation] { cancellation.request(); });
      CoGroup group;
      for (int member = 0; member < 10; ++member) {
        group.spawn(*context_, [&]() LV_COROUTINE_FN {
          if (pool.co_run([&] { ++ran; }, &cancellation))
            ++cancelled;
          return std::error_code();
        });
      }
      EXPECT_FALSE(group.wait());
    }
  });
  for (std::thread& canceller : cancellers)
    canceller.join();
  EXPECT_EQ(ran + cancelled, jobs);
}

} // namespace
} // namespace lockvet::runtime
