// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/indexer.h"
#include "llvm/Support/FormatVariadic.h"

namespace lockvet::index {
namespace {

/// More are counted, and listed by the store's view `unit`.
constexpr size_t kShown = 20;

const char* word(facts::UnitStatus status) {
  switch (status) {
  case facts::UnitStatus::Parsed:
    return "parsed";
  case facts::UnitStatus::ParseErrors:
    return "parsed with errors";
  case facts::UnitStatus::Crashed:
    return "crashed";
  case facts::UnitStatus::TimedOut:
    return "timed out";
  case facts::UnitStatus::OutOfMemory:
    return "out of memory";
  case facts::UnitStatus::BadCommand:
    return "not parsed";
  }
  return "";
}

std::string counted(size_t count, llvm::StringRef what) {
  return llvm::formatv("{0} {1}{2}", count, what, count == 1 ? "" : "s");
}

} // namespace

void printSummary(const IndexSummary& summary, llvm::raw_ostream& out) {
  for (size_t index = 0; index != summary.problems.size() && index != kShown; ++index)
    out << "warning: " << summary.problems[index] << '\n';
  if (summary.problems.size() > kShown)
    out << "warning: " << counted(summary.problems.size() - kShown, "more entry") << " left out\n";
  for (size_t index = 0; index != summary.failed.size() && index != kShown; ++index) {
    const FailedUnit& unit = summary.failed[index];
    out << unit.file << ": " << word(unit.status) << ": " << unit.reason << '\n';
  }
  if (summary.failed.size() > kShown)
    out << "... and " << summary.failed.size() - kShown
        << " more; `SELECT * FROM unit WHERE status <> 'parsed'` lists them all\n";

  out << counted(summary.units, "unit") << ": " << summary.parsed << " parsed, "
      << summary.up_to_date << " up to date";
  if (!summary.failed.empty())
    out << ", " << summary.failed.size() << " with errors";
  if (summary.removed != 0)
    out << ", " << summary.removed << " removed";
  if (summary.filtered_out != 0)
    out << ", " << summary.filtered_out << " filtered out";
  if (summary.duplicates != 0)
    out << "; " << counted(summary.duplicates, "duplicate");
  if (summary.other_languages != 0)
    out << "; " << summary.other_languages << " in other languages";
  out << llvm::formatv(" ({0:f1} s)\n", summary.seconds);
  if (summary.was_interrupted)
    out << "interrupted: the store holds what was parsed; run the command again for the rest\n";
}

} // namespace lockvet::index
