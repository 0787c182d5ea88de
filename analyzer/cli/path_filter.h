// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Paths on a command line that say which files are meant: folders, files and globs, relative to the
// current directory. Made once a run.

#pragma once

#include "analyzer/config/path_glob.h"

#include <string>
#include <vector>

namespace lockvet::cli {

class PathFilter {
public:
  /// `directory` is the current one, absolute. No paths at all mean everything.
  static llvm::Expected<PathFilter> create(const std::vector<std::string>& paths,
                                           llvm::StringRef directory);

  /// Is an absolute path meant?
  bool matches(llvm::StringRef file) const;

private:
  std::vector<std::string> folders_; ///< or files; absolute
  std::vector<config::PathGlob> globs_;
  std::string directory_;
};

} // namespace lockvet::cli
