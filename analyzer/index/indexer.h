// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `lockvet index`: brings a store up to date with a compilation database. Parsing happens in worker
// processes; this one writes what they say, a batch of units a transaction, and links at the end.

#pragma once

#include "analyzer/facts/fragment.h"
#include "analyzer/index/progress.h"
#include "analyzer/index/worker_pool.h"
#include "analyzer/store/store.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lockvet::index {

struct IndexOptions {
  std::string compilation_database; ///< a file, or the directory that has it
  std::string store = "lockvet.db";
  unsigned jobs = 0;         ///< 0: as many as there are processors
  std::string filter;        ///< only files that match it; extended regular expression, unanchored
  bool retry_failed = false; ///< units that crashed, hung or had errors, although nothing changed
  ProgressMode progress = ProgressMode::Auto;
  WorkerLimits limits;
  std::string worker_program = "/proc/self/exe"; ///< must know the subcommand `index-worker`
};

struct FailedUnit {
  std::string file;
  facts::UnitStatus status = facts::UnitStatus::Parsed;
  std::string reason;
};

struct IndexSummary {
  size_t units = 0;      ///< that the database asks for
  size_t parsed = 0;     ///< in this run, failures included
  size_t up_to_date = 0; ///< unchanged
  size_t removed = 0;
  size_t filtered_out = 0;
  size_t duplicates = 0;             ///< entries that compile a file again in the same way
  size_t other_languages = 0;        ///< entries that are no C or C++
  std::vector<std::string> problems; ///< entries left out, one sentence each
  std::vector<FailedUnit> failed;    ///< whatever is not Parsed now, new and old
  double seconds = 0;                ///< wall clock
  bool was_interrupted = false;      ///< the store is sound; run again for the rest
};

using Link = llvm::function_ref<llvm::Error(store::Store&)>;

/// `link` runs in a transaction, only if facts have changed since it last ran. Progress goes to
/// `out`; the summary is the caller's to print (printSummary).
llvm::Expected<IndexSummary> runIndex(const IndexOptions& options, Link link,
                                      llvm::raw_ostream& out);

void printSummary(const IndexSummary& summary, llvm::raw_ostream& out);

} // namespace lockvet::index
