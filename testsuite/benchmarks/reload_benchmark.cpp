// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What it costs to check a tree again after some of it has changed, in the same process, beside
// doing it from the start; and whether both find the same. Run by hand:
//
//   reload_benchmark BEFORE.db AFTER.db [PROFILE [ROUNDS]]
//
// AFTER is a copy of BEFORE into which changed units were indexed. Goes from one to the other and
// back, ROUNDS times. Prints CPU seconds and what differs; exits with 1 if anything does.

#include "analyzer/rules/analysis.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <array>
#include <ctime>
#include <optional>
#include <set>
#include <string>

using namespace lockvet;

namespace {

using Loaded = std::unique_ptr<rules::Analysis>;

double cpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + (static_cast<double>(now.tv_nsec) / 1e9);
}

/// Everything about a finding in one text.
std::string described(const rules::Finding& finding) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << finding.file << ":" << finding.line << ": [" << finding.rule << "] " << finding.message
      << " (" << finding.fingerprint << ")";
  for (const rules::Step& step : finding.witness)
    out << "\n    " << step.file << ":" << step.line << ": " << step.reason;
  return text;
}

/// Loads by `load`, runs all rules and says how long both took.
template <typename Load>
llvm::Expected<std::multiset<std::string>>
findAll(const std::string& name, const config::Config& config, Loaded& analysis, Load load) {
  const double begun = cpuSeconds();
  llvm::Expected<Loaded> loaded = load();
  if (!loaded)
    return loaded.takeError();
  analysis = std::move(*loaded);
  const double analyzed = cpuSeconds();
  llvm::Expected<rules::Findings> findings =
      rules::runRules(analysis->input(), config, {}, /*with_guesses=*/false);
  if (!findings)
    return findings.takeError();
  llvm::outs() << name << ": " << llvm::format("%.3f", analyzed - begun) << " + "
               << llvm::format("%.3f", cpuSeconds() - analyzed) << " CPU s (analysis + rules), "
               << findings->size() << " findings\n";
  std::multiset<std::string> all;
  for (const rules::Finding& finding : *findings)
    all.insert(described(finding));
  return all;
}

/// A tree at two times: its stores, and what is found in each from the start.
struct Side {
  llvm::StringRef name;
  std::optional<store::Store> store;
  std::multiset<std::string> findings;
};

bool printDifference(const std::multiset<std::string>& again,
                     const std::multiset<std::string>& cold) {
  for (const std::string& finding : again)
    if (!cold.contains(finding))
      llvm::outs() << "only in the same process: " << finding << "\n";
  for (const std::string& finding : cold)
    if (!again.contains(finding))
      llvm::outs() << "only from the start: " << finding << "\n";
  return again != cold;
}

llvm::Expected<bool> compare(const std::string& before, const std::string& after,
                             const std::string& profile, unsigned rounds) {
  llvm::Expected<config::Config> config = config::load("", "/", profile);
  if (!config)
    return config.takeError();
  std::array<Side, 2> sides;
  sides[0].name = before;
  sides[1].name = after;
  Loaded session;
  for (Side& side : sides) {
    llvm::Expected<store::Store> store = store::Store::openReadOnly(side.name.str());
    if (!store)
      return store.takeError();
    side.store.emplace(std::move(*store));
    llvm::Expected<std::multiset<std::string>> found =
        findAll("from the start, " + side.name.str(), *config, session,
                [&] { return rules::Analysis::load(*side.store, *config); });
    if (!found)
      return found.takeError();
    side.findings = std::move(*found);
  }
  bool differs = false;
  for (unsigned round = 0; round < 2 * rounds; ++round) {
    Side& side = sides[round % 2];
    llvm::Expected<std::multiset<std::string>> again =
        findAll("in the same process, " + side.name.str(), *config, session,
                [&] { return rules::Analysis::reload(*side.store, session); });
    if (!again)
      return again.takeError();
    differs |= printDifference(*again, side.findings);
  }
  return !differs;
}

} // namespace

int main(int argc, char** argv) {
  unsigned rounds = 1;
  if (argc < 3 || argc > 5 || (argc == 5 && llvm::StringRef(argv[4]).getAsInteger(10, rounds))) {
    llvm::errs() << "usage: reload_benchmark BEFORE.db AFTER.db [PROFILE [ROUNDS]]\n";
    return 2;
  }
  llvm::Expected<bool> same = compare(argv[1], argv[2], argc >= 4 ? argv[3] : "", rounds);
  if (!same) {
    llvm::errs() << "reload_benchmark: " << llvm::toString(same.takeError()) << "\n";
    return 2;
  }
  return *same ? 0 : 1;
}
