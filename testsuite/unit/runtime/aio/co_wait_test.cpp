// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coroutines that wait at an event loop, and move between loops.

#include "runtime/aio/bottom_half.h"
#include "runtime/aio/co_wait.h"
#include "runtime/aio/file_descriptor.h"
#include "runtime/aio/io_thread.h"
#include "runtime/coroutine/co_group.h"
#include "runtime/coroutine/co_mutex.h"

#include <array>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>

namespace lockvet::runtime {
namespace {

using namespace std::chrono_literals;

class CoWaitTest : public testing::TestWithParam<AioContext::Backend> {
protected:
  void SetUp() override {
    auto context = AioContext::create({.backend = GetParam()});
    ASSERT_TRUE(context.has_value()) << context.error().message();
    context_ = std::move(*context);
  }

  // Runs a coroutine at the context to its end.
  template <typename Body> void run(Body body) {
    ASSERT_TRUE(Coroutine::spawn(*context_, std::move(body)));
    context_->stop();
    context_->assert_home();
    context_->loop();
  }

  std::unique_ptr<AioContext> context_;
};

INSTANTIATE_TEST_SUITE_P(Backends, CoWaitTest,
                         testing::Values(AioContext::Backend::io_uring, AioContext::Backend::epoll),
                         [](const auto& info) {
                           return info.param == AioContext::Backend::epoll ? "epoll" : "io_uring";
                         });

TEST_P(CoWaitTest, SleepsForItsTime) {
  run([&]() LV_COROUTINE_FN {
    context_->assert_home();
    const auto began = Clock::now();
    EXPECT_FALSE(co_sleep_until(*context_, began + 3ms, nullptr));
    EXPECT_GE(Clock::now() - began, 3ms);
  });
}

TEST_P(CoWaitTest, ASleepEndsWhenItIsCancelled) {
  Cancellation cancellation;
  std::thread other;
  run([&]() LV_COROUTINE_FN {
    context_->assert_home();
    other = std::thread([&] {
      std::this_thread::sleep_for(2ms);
      cancellation.request();
    });
    EXPECT_EQ(co_sleep_until(*context_, Clock::now() + 1h, &cancellation),
              std::errc::operation_canceled);
    EXPECT_EQ(co_sleep_until(*context_, Clock::now() + 1h, &cancellation),
              std::errc::operation_canceled);
  });
  other.join();
}

// Timer and cancellation race; whichever comes first, there is one wake-up and one result.
TEST_P(CoWaitTest, TimerAndCancellationMayCoincide) {
  auto canceller = IOThread::create("canceller", {.backend = GetParam()});
  ASSERT_TRUE(canceller.has_value());
  run([&]() LV_COROUTINE_FN {
    context_->assert_home();
    for (int round = 0; round < 400; ++round) {
      auto cancellation = std::make_shared<Cancellation>();
      EXPECT_TRUE((*canceller)->context().schedule([cancellation] { cancellation->request(); }));
      const auto result = co_sleep_until(
          *context_, Clock::now() + std::chrono::microseconds(round % 40), cancellation.get());
      EXPECT_TRUE(!result || result == std::errc::operation_canceled);
    }
  });
}

TEST_P(CoWaitTest, WaitsForADescriptor) {
  const FileDescriptor event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  std::thread other;
  run([&]() LV_COROUTINE_FN {
    context_->assert_home();
    other = std::thread([&] {
      std::this_thread::sleep_for(2ms);
      EXPECT_EQ(eventfd_write(event.get(), 1), 0);
    });
    const auto events = co_wait_fd(*context_, event.get(), POLLIN, nullptr);
    ASSERT_TRUE(events.has_value());
    EXPECT_EQ(*events, unsigned{POLLIN});
  });
  other.join();
}

TEST_P(CoWaitTest, AWaitForADescriptorEndsWhenItIsCancelled) {
  const FileDescriptor event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  Cancellation cancellation;
  std::thread other;
  run([&]() LV_COROUTINE_FN {
    context_->assert_home();
    other = std::thread([&] { cancellation.request(); });
    const auto events = co_wait_fd(*context_, event.get(), POLLIN, &cancellation);
    ASSERT_FALSE(events.has_value());
    EXPECT_EQ(events.error(), std::errc::operation_canceled);
  });
  other.join();
}

TEST_P(CoWaitTest, AGroupEndsItsSleepersWhenOneFails) {
  run([&]() LV_COROUTINE_FN {
    CoGroup group;
    for (int member = 0; member < 10; ++member) {
      group.spawn(*context_, [&]() LV_COROUTINE_FN {
        context_->assert_home();
        return co_sleep_until(*context_, Clock::now() + 1h, &group.cancellation());
      });
    }
    group.spawn(*context_, [&]() LV_COROUTINE_FN {
      context_->assert_home();
      (void)co_sleep_until(*context_, Clock::now() + 1ms, nullptr);
      return std::make_error_code(std::errc::io_error);
    });
    EXPECT_EQ(group.wait(), std::errc::io_error);
  });
}

TEST_P(CoWaitTest, MovesToAnotherContextAndBack) {
  auto other = IOThread::create("other", {.backend = GetParam()});
  ASSERT_TRUE(other.has_value());
  run([&]() LV_COROUTINE_FN {
    AioContext& there = (*other)->context();
    context_->assert_home();
    // It was told to stop, and would end while nobody is there.
    ASSERT_TRUE(context_->hold());
    for (int round = 0; round < 500; ++round) {
      ASSERT_TRUE(co_move(*context_, there));
      there.assert_home();
      EXPECT_FALSE(context_->is_here());
      ASSERT_TRUE(co_move(there, *context_));
      context_->assert_home();
    }
    context_->let_go();
  });
}

// Coroutines of several threads sleep, lock, move and finish while the threads are told to stop.
TEST_P(CoWaitTest, ThreadsStopWithCoroutinesInFlight) {
  struct Shared {
    CoMutex mutex;
    int count LV_GUARDED_BY(mutex) = 0;
  } shared;
  constexpr int coroutines = 60;
  constexpr int rounds = 20;
  {
    std::array<std::unique_ptr<IOThread>, 3> threads;
    for (auto& thread : threads) {
      auto made = IOThread::create("stress", {.backend = GetParam()});
      ASSERT_TRUE(made.has_value());
      thread = std::move(*made);
    }
    for (int number = 0; number < coroutines; ++number) {
      AioContext& context = threads[number % threads.size()]->context();
      ASSERT_TRUE(Coroutine::spawn(context, [&shared, &context, number]() LV_COROUTINE_FN {
        context.assert_home();
        for (int round = 0; round < rounds; ++round) {
          if ((round + number) % 4 == 0)
            (void)co_sleep_until(context, Clock::now() + std::chrono::microseconds(50), nullptr);
          CoLock lock(shared.mutex);
          ++shared.count;
          if ((round + number) % 5 == 0)
            (void)co_sleep_until(context, Clock::now(), nullptr);
        }
      }));
    }
  }
  run([&]() LV_COROUTINE_FN {
    CoLock lock(shared.mutex);
    EXPECT_EQ(shared.count, coroutines * rounds);
  });
}

} // namespace
} // namespace lockvet::runtime
