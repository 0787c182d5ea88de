// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/entry.h"

#include "llvm/ADT/STLExtras.h"

#include <tuple>

namespace lockvet::report {

std::vector<Entry> entriesOf(std::vector<rules::Finding> findings) {
  std::vector<Entry> entries;
  entries.reserve(findings.size());
  for (rules::Finding& finding : findings)
    entries.push_back({std::move(finding), false, std::nullopt});
  return entries;
}

Tally tallyOf(llvm::ArrayRef<Entry> entries) {
  Tally tally;
  for (const Entry& entry : entries) {
    if (entry.suppressed)
      ++tally.suppressed;
    else if (entry.in_baseline)
      ++tally.in_baseline;
    else if (entry.finding.severity == rules::Severity::Error)
      ++tally.errors;
    else if (entry.finding.severity == rules::Severity::Warning)
      ++tally.warnings;
    else
      ++tally.notes;
  }
  return tally;
}

std::vector<const Entry*> inOrder(llvm::ArrayRef<Entry> entries) {
  std::vector<const Entry*> order;
  order.reserve(entries.size());
  for (const Entry& entry : entries)
    order.push_back(&entry);
  // The address comes last: entries that are equal in all else keep their order.
  auto before = [](const Entry* left, const Entry* right) {
    const rules::Finding &l = left->finding, &r = right->finding;
    return std::tie(l.file, l.line, l.column, l.rule, l.message, left) <
           std::tie(r.file, r.line, r.column, r.rule, r.message, right);
  };
  llvm::sort(order, before);
  return order;
}

} // namespace lockvet::report
