// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes as a baseline: an error, or a baseline that survives being written and read.

#include "analyzer/report/baseline.h"
#include "holds.h"

using lockvet::fuzz::holds;
using lockvet::report::Baseline;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto baseline = Baseline::parse({reinterpret_cast<const char*>(data), size}, "base.json");
  if (!baseline) {
    holds(!llvm::toString(baseline.takeError()).empty(), "an error says something");
    return 0;
  }
  const std::string written = baseline->str();
  auto again = Baseline::parse(written, "base.json");
  holds(bool(again), "what is written can be read");
  holds(again->str() == written, "and is the same");
  return 0;
}
