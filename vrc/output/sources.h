// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lines of source files around places, each line once, and no more than a page should hold.

#pragma once

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <map>
#include <memory>
#include <vector>

namespace lockvet::output {

inline constexpr size_t kMostSourceBytes = 2 << 20;
inline constexpr size_t kWidestLine = 300; ///< in bytes; what is wider is cut
inline constexpr uint32_t kLinesAround = 3;

class Sources {
public:
  /// The number of a file; the same for the same path.
  uint32_t file(llvm::StringRef path);
  /// Takes along the lines around this one while there is room. A file that cannot be read has
  /// none.
  void addLines(uint32_t file, uint32_t line);

  std::vector<std::string> paths() const;
  /// Was there no room for some of the lines?
  bool isCut() const { return is_cut_; }

  /// [path], shown relative to a directory where they are below it.
  void writePaths(llvm::json::OStream& json, llvm::StringRef directory) const;
  /// For each file [[first line, line, line...]...].
  void writeLines(llvm::json::OStream& json) const;

private:
  struct File {
    std::string path;
    bool is_read = false;
    std::unique_ptr<llvm::MemoryBuffer> buffer; ///< nullptr: not read, or not readable
    std::vector<llvm::StringRef> all;
    std::map<uint32_t, std::string> taken; ///< by number
  };

  static void read(File& file);

  llvm::StringMap<uint32_t> numbers_;
  std::vector<File> files_;
  size_t bytes_ = 0;
  bool is_cut_ = false;
};

} // namespace lockvet::output
