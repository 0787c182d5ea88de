// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Requests to disks from several contexts, which check all that they read. Each sector belongs to
// one worker, so that what it has to hold is known; the clusters that it is in are everybody's. The
// main loop owns it, and waits for its end.

#ifndef LOCKVET_TESTSUITE_BENCHMARKS_RUNTIME_GRAPH_STRESS_VERIFIED_LOAD_H
#define LOCKVET_TESTSUITE_BENCHMARKS_RUNTIME_GRAPH_STRESS_VERIFIED_LOAD_H

#include "latencies.h"
#include "runtime/coroutine/thread_mutex.h"
#include "runtime/graph/block_backend.h"

#include <atomic>
#include <random>

namespace graph_stress {

class VerifiedLoad {
public:
  static constexpr size_t sector = 512;

  struct Options {
    // Coroutines that send one request after the other.
    unsigned workers_of_context = 3;
    // Of each, after a few requests: so that the processor is not what requests wait for.
    std::chrono::microseconds pause = std::chrono::microseconds(500);
  };

  // All outlive it. The disks are of zeroes, and nobody else writes to them.
  VerifiedLoad(std::vector<lockvet::runtime::BlockBackend*> disks, uint64_t sectors,
               std::vector<lockvet::runtime::AioContext*> contexts, Options options);
  VerifiedLoad(std::vector<lockvet::runtime::BlockBackend*> disks, uint64_t sectors,
               std::vector<lockvet::runtime::AioContext*> contexts)
      : VerifiedLoad(std::move(disks), sectors, std::move(contexts), Options{}) {}

  // Begins, and can be asked to end, again and again.
  void start();
  void request_stop() { stop_ = true; }
  bool running() const { return running_.load() > 0; }

  // Of the requests since the last start(), when none is running any more.
  Latencies latencies();
  // What each sector of a disk has to hold, as so many numbers alike; when none is running.
  std::vector<uint64_t> content(unsigned disk) const;
  // Since ever.
  uint64_t failed() const { return failed_; }
  uint64_t wrong() const { return wrong_; }

private:
  using Random = std::minstd_rand;

  struct Worker {
    unsigned number;
    Random random;
  };

  void LV_COROUTINE_FN work(lockvet::runtime::AioContext& context, unsigned number);
  void LV_COROUTINE_FN one_request(Worker& worker);
  std::error_code LV_COROUTINE_FN write(Worker& worker, unsigned disk, uint64_t at, bool zeroes);
  std::error_code LV_COROUTINE_FN read(Worker& worker, unsigned disk, uint64_t at);
  // What is in a sector.
  uint64_t& stamp(unsigned disk, uint64_t at) { return stamps_[disk * sectors_ + at]; }

  const std::vector<lockvet::runtime::BlockBackend*> disks_;
  const uint64_t sectors_;
  const std::vector<lockvet::runtime::AioContext*> contexts_;
  const Options options_;
  const unsigned workers_;
  std::vector<uint64_t> stamps_;
  uint64_t starts_ = 0;
  std::atomic<bool> stop_ = false;
  std::atomic<unsigned> running_ = 0;
  std::atomic<uint64_t> failed_ = 0;
  std::atomic<uint64_t> wrong_ = 0;
  lockvet::runtime::ThreadMutex mutex_;
  Latencies latencies_ LV_GUARDED_BY(mutex_);
};

} // namespace graph_stress

#endif // LOCKVET_TESTSUITE_BENCHMARKS_RUNTIME_GRAPH_STRESS_VERIFIED_LOAD_H
