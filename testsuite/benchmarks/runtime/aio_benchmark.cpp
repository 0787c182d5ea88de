// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an event loop costs: timers with few and with many pending, posting at home and from another
// thread, and a turn of a descriptor, on both backends.

#include "runtime/aio/bottom_half.h"
#include "runtime/aio/file_descriptor.h"
#include "runtime/aio/io_thread.h"

#include <benchmark/benchmark.h>
#include <deque>
#include <poll.h>
#include <sys/eventfd.h>

using namespace lockvet::runtime;

namespace {

using Backend = AioContext::Backend;

std::unique_ptr<AioContext> make(Backend backend = Backend::automatic) {
  auto context = AioContext::create({.backend = backend});
  return context ? std::move(*context) : nullptr;
}

// As many delayed requests as the argument says are pending all the time: each, when it is due, is
// armed anew behind the others. A turn of the benchmark is a thousand of them.
void delayed_requests(benchmark::State& state) {
  struct Load {
    AioContext& context;
    std::deque<Timer> timers;
    int64_t expired = 0;
  };
  struct Request {
    Load& load;
    size_t number;
  };
  const auto context = make();
  context->assert_home();
  Load load{.context = *context, .timers = {}};
  std::deque<Request> requests;
  for (int64_t number = 0; number < state.range(0); ++number) {
    requests.push_back({load, static_cast<size_t>(number)});
    load.timers.emplace_back(Callback{[](void* argument) {
                                        auto& request = *static_cast<Request*>(argument);
                                        Load& load = request.load;
                                        ++load.expired;
                                        load.context.assert_home();
                                        load.context.arm(load.timers[request.number],
                                                         Clock::now() +
                                                             std::chrono::microseconds(1));
                                      },
                                      &requests.back()});
  }
  for (Timer& timer : load.timers)
    context->arm(timer, Clock::now());
  for (auto _ : state) {
    const int64_t before = load.expired;
    while (load.expired < before + 1000)
      context->poll(true);
  }
  state.SetItemsProcessed(load.expired);
}
BENCHMARK(delayed_requests)->Arg(16)->Arg(1000);

// The same without a clock: one of the pending timers is armed anew and another one taken out.
void heap_turn(benchmark::State& state) {
  TimerHeap heap;
  std::deque<TimerHeap::Entry> entries(static_cast<size_t>(state.range(0)));
  int64_t tick = 0;
  for (TimerHeap::Entry& entry : entries)
    heap.insert(entry, Clock::time_point(std::chrono::nanoseconds(++tick * 7919 % 10007)));
  for (auto _ : state) {
    const auto due = heap.earliest();
    heap.insert(heap.pop(), due + std::chrono::nanoseconds(++tick * 7919 % 10007));
  }
}
BENCHMARK(heap_turn)->Arg(16)->Arg(1000);

void schedule_at_home(benchmark::State& state) {
  const auto context = make();
  context->assert_home();
  int runs = 0;
  BottomHalf half(*context, {[](void* runs) { ++*static_cast<int*>(runs); }, &runs});
  for (auto _ : state) {
    half.schedule();
    context->poll(false);
  }
}
BENCHMARK(schedule_at_home);

// There and back, with both loops looking for events before they sleep.
void round_trip_to_a_thread(benchmark::State& state) {
  const auto backend = static_cast<Backend>(state.range(0));
  const auto context = make(backend);
  const auto thread = IOThread::create("echo", {.backend = backend});
  context->assert_home();
  for (auto _ : state) {
    bool back = false;
    (void)(*thread)->context().schedule([&] { (void)context->schedule([&back] { back = true; }); });
    while (!back)
      context->poll(true);
  }
}
BENCHMARK(round_trip_to_a_thread)
    ->Arg(static_cast<int>(Backend::io_uring))
    ->Arg(static_cast<int>(Backend::epoll));

// An event arrives, is reported, is taken, and is waited for again.
void descriptor_turn(benchmark::State& state) {
  const auto context = make(static_cast<Backend>(state.range(0)));
  context->assert_home();
  struct Source {
    FileDescriptor event{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    int64_t seen = 0;
  } source;
  FdWatch watch({[](void* argument, unsigned) {
                   auto& source = *static_cast<Source*>(argument);
                   eventfd_t value = 0;
                   eventfd_read(source.event.get(), &value);
                   ++source.seen;
                 },
                 &source});
  if (context->watch(watch, source.event.get(), POLLIN))
    return;
  for (auto _ : state) {
    const int64_t before = source.seen;
    eventfd_write(source.event.get(), 1);
    while (source.seen == before)
      context->poll(true);
  }
}
BENCHMARK(descriptor_turn)
    ->Arg(static_cast<int>(Backend::io_uring))
    ->Arg(static_cast<int>(Backend::epoll));

} // namespace
