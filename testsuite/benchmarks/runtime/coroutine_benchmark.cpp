// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a coroutine costs: its whole life while the pool has it, with thousands alive at once, one
// switch, and the same switch where the two sides' sticky floating-point flags differ.

#include "runtime/coroutine/coroutine.h"
#include "runtime/coroutine/home_queue.h"

#include <benchmark/benchmark.h>
#include <vector>
#include <xmmintrin.h>

using namespace lockvet::runtime;

namespace {

void create_enter_suspend_finish(benchmark::State& state) {
  for (auto _ : state) {
    Coroutine& coroutine = Coroutine::create([]() LV_COROUTINE_FN { Coroutine::suspend(); });
    coroutine.enter();
    coroutine.enter();
  }
}
BENCHMARK(create_enter_suspend_finish);

// Runs what is posted to it, as an event loop does.
class BenchmarkHome final : public Home {
public:
  void post(HomeItem& item) noexcept override { queue_.push_back(item); }
  bool is_here() const noexcept override { return true; }
  bool hold() noexcept override { return true; }
  void let_go() noexcept override {}

  void run() {
    while (!queue_.empty()) {
      HomeItem& item = queue_.pop_front();
      item.run(item);
    }
  }

private:
  HomeQueue queue_;
};

// The same, with the argument's number of coroutines alive at once, started and woken through their
// home; time is for each.
void many_alive(benchmark::State& state) {
  const auto count = static_cast<size_t>(state.range(0));
  std::vector<Coroutine*> alive;
  alive.reserve(count);
  BenchmarkHome home;
  for (auto _ : state) {
    alive.clear();
    for (size_t number = 0; number < count; ++number)
      (void)Coroutine::spawn(home, [&alive]() LV_COROUTINE_FN {
        alive.push_back(Coroutine::current());
        Coroutine::suspend();
      });
    home.run();
    for (Coroutine* coroutine : alive)
      coroutine->wake();
    home.run();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["ns_each"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(count) * 1e-9,
      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(many_alive)->Arg(1)->Arg(64)->Arg(1024)->Arg(4096);

void enter_suspend(benchmark::State& state) {
  bool stop = false;
  Coroutine& coroutine = Coroutine::create([&]() LV_COROUTINE_FN {
    while (!stop)
      Coroutine::suspend();
  });
  for (auto _ : state)
    coroutine.enter();
  stop = true;
  coroutine.enter();
}
BENCHMARK(enter_suspend);

// A pair of raw switches; with `flags` one side has seen an inexact result and the other has not.
template <typename Switch, bool flags> void raw_switch(benchmark::State& state) {
  struct Sides {
    typename Switch::Context here;
    typename Switch::Context there;
  };
  static constexpr auto other_side = [](void* data) {
    auto& sides = *static_cast<Sides*>(data);
    while (true) {
      if (flags)
        _mm_setcsr(_mm_getcsr() | _MM_EXCEPT_INEXACT);
      Switch::jump(sides.there, sides.here, nullptr);
    }
  };
  Stack stack(size_t{64} * 1024);
  Sides sides;
  Switch::make(sides.there, stack.top(), stack.size(), other_side);
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before & ~_MM_EXCEPT_MASK);
  for (auto _ : state)
    Switch::jump(sides.here, sides.there, &sides);
  _mm_setcsr(before);
}
BENCHMARK(raw_switch<BoostSwitch, false>);
BENCHMARK(raw_switch<BoostSwitch, true>);
BENCHMARK(raw_switch<NativeSwitch, false>);
BENCHMARK(raw_switch<NativeSwitch, true>);

} // namespace
