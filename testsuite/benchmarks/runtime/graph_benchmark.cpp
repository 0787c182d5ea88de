// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What readers of the graph pay.

#include "runtime/graph/graph_lock.h"

#include <benchmark/benchmark.h>

using namespace lockvet::runtime;

namespace {

// In coroutines that are entered by hand: the lock suspends nobody, since nobody writes.
template <typename Body> void in_a_coroutine(Body body) {
  Coroutine::create([&]() LV_COROUTINE_FN { body(); }).enter();
}

void graph_read_lock(benchmark::State& state) {
  in_a_coroutine([&]() LV_COROUTINE_FN {
    for (auto _ : state) {
      const CoGraphReadLock lock;
      benchmark::ClobberMemory();
    }
  });
}
BENCHMARK(graph_read_lock)->ThreadRange(1, 8);

// What a writer adds: the fence that every other thread has to pass.
void heavy_fence(benchmark::State& state) {
  for (auto _ : state)
    AsymmetricFence::heavy();
}
BENCHMARK(heavy_fence);

} // namespace
