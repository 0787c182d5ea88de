// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What `check` and `watch` have in common: from an indexed store to findings that are marked with
// what the project has said of them, and how they are to be shown. The analysis is the caller's,
// who may keep it for another time.

#pragma once

#include "analyzer/cli/commands.h"
#include "analyzer/config/config.h"
#include "analyzer/report/entry.h"
#include "analyzer/report/reporter.h"
#include "analyzer/report/source_cache.h"
#include "analyzer/rules/analysis.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <vector>

namespace lockvet::cli {

/// Loads the store into `analysis`: from the start where that is null, and else as what has become
/// of it, under the same configuration. Warns where the index was interrupted.
llvm::Error loadAnalysis(const std::string& database, const config::Config& config,
                         std::unique_ptr<rules::Analysis>& analysis);

/// What all rules that are wanted find, with suppressions marked. Also writes it into the store.
llvm::Expected<std::vector<report::Entry>> findEntries(const CheckOptions& options,
                                                       const config::Config& config,
                                                       const rules::Analysis& analysis,
                                                       report::SourceCache& sources);

report::Options reportOptions(const CheckOptions& options, const config::Config& config);

} // namespace lockvet::cli
