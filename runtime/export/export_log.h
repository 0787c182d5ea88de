// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whom an export tells of what is wrong with its peers, in lines of which no peer can cause many. A
// value, set before the export starts; the function may be called from any context.

#ifndef LOCKVET_RUNTIME_EXPORT_EXPORT_LOG_H
#define LOCKVET_RUNTIME_EXPORT_EXPORT_LOG_H

#include <string_view>

namespace lockvet::runtime {

struct ExportLog {
  void (*function)(void* argument, std::string_view line) = nullptr;
  void* argument = nullptr;

  void operator()(std::string_view line) const {
    if (function != nullptr)
      function(argument, line);
  }
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_EXPORT_LOG_H
