// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From missing markers to changed files: on which declarations each goes, how it is spelled there,
// and what the files look like then. Reads the sources; writes nothing.

#pragma once

#include "analyzer/infer/included_headers.h"
#include "analyzer/infer/inference.h"
#include "analyzer/infer/spelling.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <map>

namespace lockvet::infer {

/// A file with markers added.
struct ChangedFile {
  std::string path; ///< absolute
  std::string before;
  std::string after;
};

struct Fixes {
  /// By index of the missing marker: where it goes. Empty where it cannot be written.
  std::vector<std::vector<rules::FixIt>> insertions;
  /// By the same index: it goes into files only that are not to be edited.
  std::vector<bool> is_elsewhere;
  /// By the same index: why it cannot be written at one of its places, as a clause; else "".
  std::vector<std::string> obstacles;
  std::vector<ChangedFile> files;
  size_t unwritten = 0; ///< markers that have an obstacle
};

/// `may_edit` tells which files are the project's to edit, by absolute path. A file that cannot be
/// read is an error.
llvm::Expected<Fixes> planFixes(const program::Program& program, const config::Config& config,
                                const IncludedHeaders& headers, llvm::ArrayRef<Missing> missing,
                                llvm::function_ref<bool(llvm::StringRef)> may_edit);

} // namespace lockvet::infer
