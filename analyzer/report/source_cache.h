// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lines of source files, read when they are first asked for. Files that are gone, unreadable or
// shorter than a finding says are no error: sources change after they are indexed, and a report
// without its excerpt is still a report. Owned by one report; not for use by several threads.

#pragma once

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace lockvet::report {

class SourceCache {
public:
  /// The bytes of a line, counted from 1, without its end. Valid as long as the cache.
  std::optional<llvm::StringRef> line(llvm::StringRef file, uint32_t number);

  /// The column in characters for one in bytes, both from 1; the same where the line is unknown.
  uint32_t characterColumn(llvm::StringRef file, uint32_t number, uint32_t column);

  /// Gives a file's content instead of reading it: unsaved text, or a test's.
  void add(llvm::StringRef file, llvm::StringRef content);

private:
  struct File {
    std::unique_ptr<llvm::MemoryBuffer> buffer; ///< null where it could not be read
    std::vector<size_t> starts;                 ///< offset of each line
  };
  File& open(llvm::StringRef file);

  llvm::StringMap<File> files_;
};

} // namespace lockvet::report
