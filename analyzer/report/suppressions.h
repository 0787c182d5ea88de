// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Marks the findings that a project has accepted, by comments in the code or by paths in its
// configuration, and reports comments that accept without saying why. Reads the lines around
// findings only, through the cache that it is given.

#pragma once

#include "analyzer/config/config.h"
#include "analyzer/report/entry.h"
#include "analyzer/report/source_cache.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace lockvet::report {

/// The rule of the findings that are about suppressions themselves.
inline constexpr llvm::StringRef kSuppressionRule = "suppression-reason";

/// Where the definition of a function starts.
struct DefinitionPlace {
  std::string file;
  uint32_t line = 0;
};

/// Where the function that a finding is about is defined, if it is known.
using FindDefinition =
    llvm::function_ref<std::optional<DefinitionPlace>(const rules::Finding& finding)>;

/// Looks for `lockvet: allow(rule) reason` on the finding's line and on the definition's, and, as a
/// comment that stands alone, on the line above each; then for the paths of the configuration.
///
/// A comment without a reason takes its finding away and leaves a finding of kSuppressionRule in
/// its place; one that names a rule that is not among `known_rules`, or that is malformed, allows
/// nothing and is reported too. Each comment is reported once.
llvm::Error suppress(std::vector<Entry>& entries, const config::Config& config,
                     llvm::ArrayRef<llvm::StringRef> known_rules, FindDefinition definition,
                     SourceCache& sources);

} // namespace lockvet::report
