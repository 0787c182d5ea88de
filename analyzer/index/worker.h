// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The inside of a worker process: takes jobs from the indexer, extracts, answers, until the indexer
// is gone. Everything that can go wrong in a parse is to end this process and not the indexer.

#pragma once

#include "analyzer/facts/fragment.h"
#include "analyzer/index/worker_protocol.h"

#include <cstdint>
#include <functional>

namespace lockvet::index {

using Extract = std::function<facts::UnitFacts(const Job&)>;

/// The socket to the indexer, in every worker.
inline constexpr int kWorkerSocket = 3;

/// The exit status of a worker that ran out of memory.
inline constexpr int kOutOfMemoryExit = 99;

/// Tells a worker its memory limit in bytes; other settings come with the process.
inline constexpr const char* kMemoryVariable = "LOCKVET_WORKER_MEMORY";

/// For tests: "crash:a.c,hang:b.c,oom:c.c" makes workers fail at files of these names.
inline constexpr const char* kFaultVariable = "LOCKVET_TEST_FAULT";

/// The main loop of the hidden subcommand `index-worker`. Gives the process's exit status.
int runWorker(int fd, const Extract& extract);

} // namespace lockvet::index
