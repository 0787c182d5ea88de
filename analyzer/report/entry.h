// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A finding on its way to the reader, with what the project has said of it before: that it is
// known (baseline) or wanted (suppression). Plain values; made by the command from what the rules
// found, marked by baseline.h and suppressions.h, shown by reporter.h.

#pragma once

#include "analyzer/rules/finding.h"
#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <string>
#include <vector>

namespace lockvet::report {

struct Suppressed {
  std::string reason;
  bool in_source = true; ///< by a comment in the code, else by the configuration
};

struct Entry {
  rules::Finding finding;
  bool in_baseline = false;
  std::optional<Suppressed> suppressed;

  /// Whether it counts: a new finding that nobody has accepted.
  bool isNew() const { return !in_baseline && !suppressed; }
};

/// How many of each, for the summary and the exit status. The first three count new ones only.
struct Tally {
  size_t errors = 0;
  size_t warnings = 0;
  size_t notes = 0;
  size_t in_baseline = 0;
  size_t suppressed = 0;

  bool anyNew() const { return errors + warnings + notes != 0; }
};

std::vector<Entry> entriesOf(std::vector<rules::Finding> findings);

Tally tallyOf(llvm::ArrayRef<Entry> entries);

/// The entries in the order in which they are shown: by place, then rule, then message.
std::vector<const Entry*> inOrder(llvm::ArrayRef<Entry> entries);

} // namespace lockvet::report
