// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs jobs in worker processes, one at a time in each. A worker that crashes, hangs or runs out of
// memory costs the job it had, whose result says so, and is replaced. For one thread; the processes
// end with the pool, and with the indexer however it ends.

#pragma once

#include "analyzer/facts/fragment.h"
#include "analyzer/index/worker_process.h"
#include "analyzer/index/worker_protocol.h"
#include "llvm/Support/Error.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace lockvet::index {

struct WorkerLimits {
  /// CPU time for one unit, so that a busy machine kills nothing. A worker that sleeps so long
  /// without using any has hung, too.
  double seconds = 120;
  uint64_t memory_bytes = uint64_t{2} << 30;
  /// A worker that has grown beyond this is replaced between two units.
  uint64_t recycle_bytes = uint64_t{400} << 20;
};

struct PoolOptions {
  std::string program = "/proc/self/exe";
  unsigned workers = 1;
  WorkerLimits limits;
};

/// What became of a job.
struct Completion {
  size_t ticket = 0; ///< as it was submitted with
  facts::UnitFacts unit;
};

class WorkerPool {
public:
  explicit WorkerPool(PoolOptions options) : options_(std::move(options)) {}
  ~WorkerPool();

  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// In front of all others if `urgent`.
  void submit(size_t ticket, Job job, bool urgent = false);

  /// Submitted and not completed.
  size_t pending() const { return waiting_.size() + running_; }

  /// Hands out jobs and waits until one is done, `stop_fd` can be read, or the time is over.
  llvm::Expected<std::vector<Completion>> wait(int timeout_ms, int stop_fd);

private:
  using Clock = std::chrono::steady_clock;

  struct Task {
    size_t ticket = 0;
    Job job;
    bool is_second_try = false; ///< its first ended a worker that had done others before
  };
  struct Worker {
    std::unique_ptr<WorkerProcess> process;
    bool is_busy = false;
    bool is_warm = false; ///< has done a job before
    Task task;
    double cpu_at_start = 0;
    double cpu_last = 0;
    Clock::time_point last_progress;
  };

  llvm::Error handOut();
  llvm::Error assign(Worker& worker);
  void serve(Worker& worker, std::vector<Completion>& done);
  void complete(Worker& worker, facts::UnitFacts unit, std::vector<Completion>& done);
  /// The process is gone: its job gets the reason.
  void bury(Worker& worker, std::vector<Completion>& done);
  void checkTime(Worker& worker, std::vector<Completion>& done);

  PoolOptions options_;
  std::deque<Task> waiting_;
  std::vector<Worker> workers_;
  size_t running_ = 0;
};

} // namespace lockvet::index
