// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pool against real processes that fail in every way there is.

#include "analyzer/index/worker.h"
#include "analyzer/index/worker_pool.h"
#include "testsuite/unit/index/temporary_tree.h"

#include <cstdlib>
#include <map>
#include <set>

namespace lockvet::index {
namespace {

class Pool : public test::TemporaryTree {
protected:
  ~Pool() override { unsetenv(kFaultVariable); }

  Job job(const std::string& name, const std::string& argument = "-DX") {
    write(name, name.substr(0, name.find('.')) + "\n");
    return {.directory = directory_, .file = path(name), .arguments = {"clang", argument}};
  }

  std::map<size_t, facts::UnitFacts> runAll(WorkerPool& pool) {
    std::map<size_t, facts::UnitFacts> units;
    while (pool.pending() != 0)
      for (Completion& completion : llvm::cantFail(pool.wait(1000, -1)))
        units[completion.ticket] = std::move(completion.unit);
    return units;
  }

  static PoolOptions options(unsigned workers) {
    return {.program = FAKE_WORKER, .workers = workers, .limits = {}};
  }
};

TEST_F(Pool, RunsEveryJobOnce) {
  WorkerPool pool(options(3));
  for (size_t i = 0; i != 20; ++i)
    pool.submit(i, job("f" + std::to_string(i) + ".c"));
  const auto units = runAll(pool);
  ASSERT_EQ(units.size(), 20u);
  for (const auto& [ticket, unit] : units) {
    EXPECT_EQ(unit.status, facts::UnitStatus::Parsed) << unit.reason;
    EXPECT_EQ(unit.fragments.size(), 1u);
  }
}

TEST_F(Pool, ABodyIsSentOnceByAWorker) {
  WorkerPool pool(options(1));
  write("common.h", "common\n");
  Job first = job("a.c");
  write("a.c", "#include " + path("common.h") + "\n");
  Job again = first;
  again.send_all = true;
  pool.submit(0, first);
  pool.submit(1, first);
  pool.submit(2, again);
  auto units = runAll(pool);
  EXPECT_FALSE(units[0].fragments.at(0).bytes.empty());
  EXPECT_TRUE(units[1].fragments.at(0).bytes.empty());
  EXPECT_EQ(units[1].fragments.at(0).hash, units[0].fragments.at(0).hash);
  EXPECT_FALSE(units[2].fragments.at(0).bytes.empty());
}

TEST_F(Pool, ACrashCostsItsUnitOnly) {
  setenv(kFaultVariable, "crash:b.c", 1);
  WorkerPool pool(options(1));
  pool.submit(0, job("a.c"));
  pool.submit(1, job("b.c"));
  pool.submit(2, job("c.c"));
  auto units = runAll(pool);
  EXPECT_EQ(units[0].status, facts::UnitStatus::Parsed);
  EXPECT_EQ(units[1].status, facts::UnitStatus::Crashed);
  EXPECT_NE(units[1].reason.find("SIGSEGV"), std::string::npos) << units[1].reason;
  EXPECT_EQ(units[2].status, facts::UnitStatus::Parsed);
}

TEST_F(Pool, WhatAWorkerSaidLastIsInTheReason) {
  WorkerPool pool(options(1));
  pool.submit(0, job("a.c", "-DEXIT"));
  auto units = runAll(pool);
  EXPECT_EQ(units[0].status, facts::UnitStatus::Crashed);
  EXPECT_EQ(units[0].reason, "its parse ended with status 7; it said: giving up");
}

TEST_F(Pool, ABusyHangIsEnded) {
  setenv(kFaultVariable, "hang:b.c", 1);
  PoolOptions limited = options(2);
  // Long enough that a worker on a crowded machine gets some processor time meanwhile.
  limited.limits.seconds = 2;
  WorkerPool pool(limited);
  pool.submit(0, job("b.c"));
  pool.submit(1, job("c.c"));
  auto units = runAll(pool);
  EXPECT_EQ(units[0].status, facts::UnitStatus::TimedOut);
  EXPECT_NE(units[0].reason.find("more than 2"), std::string::npos) << units[0].reason;
  EXPECT_EQ(units[1].status, facts::UnitStatus::Parsed);
}

TEST_F(Pool, ASleepingHangIsEnded) {
  setenv(kFaultVariable, "sleep:b.c", 1);
  PoolOptions limited = options(1);
  limited.limits.seconds = 0.5;
  WorkerPool pool(limited);
  pool.submit(0, job("b.c"));
  auto units = runAll(pool);
  EXPECT_EQ(units[0].status, facts::UnitStatus::TimedOut);
  EXPECT_NE(units[0].reason.find("did nothing"), std::string::npos) << units[0].reason;
}

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
TEST_F(Pool, MemoryIsLimited) {
  setenv(kFaultVariable, "oom:b.c", 1);
  PoolOptions limited = options(1);
  limited.limits.memory_bytes = uint64_t{256} << 20;
  WorkerPool pool(limited);
  pool.submit(0, job("a.c"));
  pool.submit(1, job("b.c"));
  auto units = runAll(pool);
  EXPECT_EQ(units[0].status, facts::UnitStatus::Parsed);
  EXPECT_EQ(units[1].status, facts::UnitStatus::OutOfMemory) << units[1].reason;
  EXPECT_NE(units[1].reason.find("256 MB"), std::string::npos) << units[1].reason;
}
#endif

TEST_F(Pool, ALargeWorkerIsReplaced) {
  PoolOptions small = options(1);
  small.limits.recycle_bytes = 1;
  WorkerPool pool(small);
  for (size_t i = 0; i != 3; ++i)
    pool.submit(i, job("a.c", "-DPID"));
  std::set<std::string> pids;
  for (const auto& [ticket, unit] : runAll(pool))
    pids.insert(unit.reason);
  EXPECT_EQ(pids.size(), 3u);
}

TEST_F(Pool, AMissingProgramIsAnError) {
  PoolOptions wrong = options(1);
  wrong.program = "/nowhere/lockvet";
  WorkerPool pool(wrong);
  pool.submit(0, job("a.c"));
  auto done = pool.wait(1000, -1);
  ASSERT_FALSE(static_cast<bool>(done));
  EXPECT_NE(llvm::toString(done.takeError()).find("'/nowhere/lockvet': No such file"),
            std::string::npos);
}

} // namespace
} // namespace lockvet::index
