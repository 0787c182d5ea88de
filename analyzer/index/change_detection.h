// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which units have to be parsed again: those whose command is new, or that read a file whose
// content is not what it was. Every known file is looked at once, and read only if its size, time
// or inode is new. Reads the store and the disk, writes neither.

#pragma once

#include "analyzer/index/compilation_database.h"
#include "analyzer/store/store.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/Regex.h"

#include <string>
#include <vector>

namespace lockvet::index {

struct PlanOptions {
  llvm::Regex* filter = nullptr; ///< only files that it matches are parsed; none is all
  bool retry_failed = false;
  uint64_t limits = 0; ///< see store::UnitIdentity
};

/// A unit to parse.
struct PlannedUnit {
  size_t command = 0; ///< index into the database's commands
  /// What its last parse read: the best guess should this one fail before it can say.
  std::vector<facts::InputFile> last_inputs;
};

/// A file that was touched and has still the same content.
struct TouchedFile {
  store::Id id = store::kNoId;
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  uint64_t inode = 0;
};

/// A unit that failed before and is not tried again.
struct KnownFailure {
  std::string file;
  facts::UnitStatus status = facts::UnitStatus::Parsed;
  std::string reason;
};

struct Plan {
  std::vector<PlannedUnit> parse; ///< in the order of the database
  std::vector<facts::Hash> remove;
  std::vector<TouchedFile> touched;
  std::vector<KnownFailure> failures;
  size_t up_to_date = 0;
  size_t filtered_out = 0;
};

llvm::Expected<Plan> makePlan(store::Store& store, llvm::ArrayRef<CompileCommand> commands,
                              const PlanOptions& options);

} // namespace lockvet::index
