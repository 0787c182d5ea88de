// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/unit_failure.h"

#include "analyzer/index/worker.h"
#include "analyzer/index/worker_pool.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FormatVariadic.h"

#include <csignal>
#include <cstring>

namespace lockvet::index {
namespace {

/// Of a crash report, what was said first is what went wrong; stack frames come later.
std::string firstWords(llvm::StringRef said) {
  llvm::SmallVector<llvm::StringRef, 32> lines;
  said.split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines) {
    line = line.trim();
    if (line.empty() || line.starts_with("PLEASE submit") || line.starts_with("#") ||
        line.starts_with("Stack dump"))
      continue;
    return "; it said: " + line.take_front(200).str();
  }
  return {};
}

std::string signalName(int signal) {
  const char* name = sigabbrev_np(signal);
  return name ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

} // namespace

facts::UnitFacts describeEnd(const ProcessEnd& end, llvm::StringRef said,
                             const WorkerLimits& limits) {
  facts::UnitFacts unit;
  if (end.signal == 0 && end.status == kOutOfMemoryExit) {
    unit.status = facts::UnitStatus::OutOfMemory;
    unit.reason = llvm::formatv("its parse needs more than {0} MB of memory; give it more with "
                                "--memory-limit",
                                limits.memory_bytes >> 20);
    return unit;
  }
  unit.status = facts::UnitStatus::Crashed;
  if (end.signal == SIGKILL)
    unit.reason = "its parse was killed (SIGKILL): the machine may have run out of memory";
  else if (end.signal != 0)
    unit.reason = "its parse crashed (" + signalName(end.signal) + ")";
  else
    unit.reason = "its parse ended with status " + std::to_string(end.status);
  unit.reason += firstWords(said);
  return unit;
}

facts::UnitFacts describeTimeout(bool used_cpu, const WorkerLimits& limits) {
  facts::UnitFacts unit;
  unit.status = facts::UnitStatus::TimedOut;
  unit.reason = used_cpu
                    ? llvm::formatv("its parse took more than {0} seconds; give it more with "
                                    "--time-limit",
                                    limits.seconds)
                          .str()
                    : llvm::formatv("its parse did nothing for {0} seconds", limits.seconds).str();
  return unit;
}

} // namespace lockvet::index
