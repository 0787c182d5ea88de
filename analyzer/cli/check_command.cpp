// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/cli/checking.h"
#include "analyzer/report/baseline.h"
#include "analyzer/report/words.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

namespace lockvet::cli {

std::string currentDirectory() {
  llvm::SmallString<256> path;
  if (llvm::sys::fs::current_path(path))
    return ".";
  return path.str().str();
}

int fail(llvm::Error error) {
  const std::string message = llvm::toString(std::move(error));
  // An error in a file says so itself, behind its place, as compilers do.
  const bool has_place = llvm::StringRef(message).contains(": error: ");
  llvm::errs() << (has_place ? "" : "lockvet: error: ") << message << "\n";
  return kFailed;
}

int runCheck(const CheckOptions& options) {
  llvm::Expected<config::Config> config =
      config::load(options.config, currentDirectory(), options.profile);
  if (!config)
    return fail(config.takeError());
  std::unique_ptr<rules::Analysis> analysis;
  if (llvm::Error error = loadAnalysis(options.database, *config, analysis))
    return fail(std::move(error));
  report::SourceCache sources;
  llvm::Expected<std::vector<report::Entry>> found =
      findEntries(options, *config, *analysis, sources);
  if (!found)
    return fail(found.takeError());
  std::vector<report::Entry>& entries = *found;
  if (!options.write_baseline.empty()) {
    if (llvm::Error error = report::Baseline::of(entries).write(options.write_baseline))
      return fail(std::move(error));
    const report::Tally tally = report::tallyOf(entries);
    llvm::errs() << "lockvet: wrote " << tally.errors + tally.warnings + tally.notes
                 << " findings to " << options.write_baseline << "\n";
    return kClean;
  }
  if (!options.baseline.empty()) {
    llvm::Expected<report::Baseline> baseline = report::Baseline::read(options.baseline);
    if (!baseline)
      return fail(baseline.takeError());
    if (const size_t gone = baseline->mark(entries))
      llvm::errs() << "lockvet: " << gone << " findings of the baseline are gone; write it anew "
                   << "with --write-baseline to keep them gone\n";
  }
  report::render(entries, reportOptions(options, *config), sources, llvm::outs());
  llvm::outs().flush();
  return report::tallyOf(entries).anyNew() ? kFindings : kClean;
}

int explainRule(const std::string& id) {
  const rules::Rule* rule = rules::findRule(id);
  if (!rule) {
    std::string known;
    for (const rules::Rule& other : rules::allRules())
      known += "\n  " + other.id.str();
    return fail(llvm::createStringError("there is no rule '" + id + "'; the rules are" + known));
  }
  llvm::outs() << rule->id << " (" << report::wordFor(rule->severity)
               << (rule->is_off ? ", off by default" : "") << ")\n\n"
               << rule->summary << "\n\n"
               << rule->help << "\n";
  return kClean;
}

} // namespace lockvet::cli
