// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What to say of a unit whose worker did not answer. Stateless.

#pragma once

#include "analyzer/facts/fragment.h"
#include "analyzer/index/worker_process.h"
#include "llvm/ADT/StringRef.h"

namespace lockvet::index {

struct WorkerLimits;

/// `said` is the end of the worker's standard error.
facts::UnitFacts describeEnd(const ProcessEnd& end, llvm::StringRef said,
                             const WorkerLimits& limits);

/// `used_cpu`: it ran for as long as the limit allows; else it slept so long.
facts::UnitFacts describeTimeout(bool used_cpu, const WorkerLimits& limits);

} // namespace lockvet::index
