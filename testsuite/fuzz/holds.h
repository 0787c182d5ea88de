// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a fuzz target says that a property does not hold: by ending the process, which libFuzzer
// reports with the input. assert() would be gone in release builds.

#pragma once

#include <cstdio>
#include <cstdlib>

namespace lockvet::fuzz {

inline void holds(bool condition, const char* property) {
  if (condition)
    return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

} // namespace lockvet::fuzz
