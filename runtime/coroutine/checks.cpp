// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/checks.h"

#include <cstdio>
#include <cstdlib>

namespace lockvet::runtime {

std::string describe(const std::source_location& place) {
  if (place.line() == 0)
    return "a place that is not known";
  return std::string(place.file_name()) + ":" + std::to_string(place.line()) + " in " +
         place.function_name();
}

void misuse(const std::string& message) {
  std::fprintf(stderr, "lockvet runtime: %s\n", message.c_str());
  std::fflush(stderr);
  std::abort();
}

} // namespace lockvet::runtime
