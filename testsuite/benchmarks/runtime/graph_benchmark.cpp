// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What readers of the graph pay, and what a request costs that does nothing.

#include "runtime/drivers/null_driver.h"
#include "runtime/graph/block_backend.h"
#include "runtime/graph/drained_section.h"
#include "runtime/graph/graph.h"

#include <array>
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

// A main loop with a disk over a node that forgets.
class NullDisk {
public:
  NullDisk() : context_(std::move(*AioContext::create())), main_loop_(*context_) {
    MainLoop::assert_here();
    auto added = graph_.add("null", std::make_unique<NullDriver>(NullDriver::Options{}), *context_);
    node_ = *added;
    (void)disk_.insert(*node_);
  }
  ~NullDisk() {
    MainLoop::assert_here();
    (void)disk_.remove();
    (void)graph_.remove(*node_);
  }
  NullDisk(const NullDisk&) = delete;
  NullDisk& operator=(const NullDisk&) = delete;

  AioContext& context() { return *context_; }
  Node& node() { return *node_; }
  BlockBackend& disk() { return disk_; }

private:
  std::unique_ptr<AioContext> context_;
  MainLoop main_loop_;
  Graph graph_;
  BlockBackend disk_{"disk", {}};
  Node* node_ = nullptr;
};

std::array<char, 4096> buffer;

// Through backend, tracking and graph lock to the driver, one after the other in one coroutine.
void null_request(benchmark::State& state) {
  NullDisk disk;
  in_a_coroutine([&]() LV_COROUTINE_FN {
    uint64_t offset = 0;
    for (auto _ : state) {
      benchmark::DoNotOptimize(disk.disk().co_preadv(offset, {buffer.data(), buffer.size()}));
      offset = (offset + buffer.size()) % (uint64_t{1} << 30);
    }
  });
}
BENCHMARK(null_request);

// The same with a coroutine for each request, started through the event loop, so many at a time: as
// a device does it.
void null_request_with_coroutine(benchmark::State& state) {
  NullDisk disk;
  AioContext& context = disk.context();
  context.assert_home();
  const auto depth = static_cast<int>(state.range(0));
  int64_t requests = 0;
  for (auto _ : state) {
    for (int number = 0; number < depth; ++number)
      (void)Coroutine::spawn(context, [&disk, &requests]() LV_COROUTINE_FN {
        const auto offset = static_cast<uint64_t>(requests % 262144) * buffer.size();
        benchmark::DoNotOptimize(disk.disk().co_preadv(offset, {buffer.data(), buffer.size()}));
        ++requests;
      });
    const int64_t all = requests + depth;
    while (requests < all)
      context.poll(false);
  }
  state.SetItemsProcessed(requests);
}
BENCHMARK(null_request_with_coroutine)->Arg(1)->Arg(64);

// A drained section while nothing is in flight.
void drained_section(benchmark::State& state) {
  NullDisk disk;
  MainLoop::assert_here();
  for (auto _ : state)
    const DrainedSection drained(disk.node());
}
BENCHMARK(drained_section);

} // namespace
