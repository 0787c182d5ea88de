// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/cli/commands.h"
#include "analyzer/config/config.h"
#include "analyzer/report/baseline.h"
#include "analyzer/report/suppressions.h"
#include "analyzer/report/words.h"
#include "analyzer/rules/analysis.h"
#include "analyzer/store/store.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include "vrc/path_rules/path_rules.h"

namespace lockvet::cli {

namespace {

store::Finding toStore(const rules::Finding& finding) {
  store::Finding row;
  row.rule = finding.rule;
  row.severity = report::wordFor(finding.severity);
  row.message = finding.message;
  row.function = finding.function;
  row.file = finding.file;
  row.line = finding.line;
  row.column = finding.column;
  row.fingerprint = finding.fingerprint;
  row.confidence = report::wordFor(finding.confidence);
  for (const rules::Step& step : finding.witness)
    row.witness.push_back({step.function, step.file, step.line, step.column, step.reason});
  return row;
}

/// Keeps the findings for whoever asks in SQL. A store that can't be written (another user's, a
/// read-only directory) is still good for a check.
void keepFindings(const std::string& database, const rules::Findings& findings) {
  std::vector<store::Finding> rows;
  rows.reserve(findings.size());
  for (const rules::Finding& finding : findings)
    rows.push_back(toStore(finding));
  llvm::Expected<store::Store> store = store::Store::openForFindings(database);
  llvm::Error error = store ? store->writeFindings(rows) : store.takeError();
  if (error)
    llvm::errs() << "lockvet: the findings are not kept in the store: "
                 << llvm::toString(std::move(error)) << "\n";
}

std::optional<report::DefinitionPlace> definitionOf(const program::Program& program,
                                                    const rules::Finding& finding) {
  std::optional<report::DefinitionPlace> place;
  for (program::Id id : program.named(finding.function)) {
    const program::Function& function = program.function(id);
    if (!function.is_defined || function.place.file == program::kNoId)
      continue;
    const std::string file = program.file(function.place.file).str();
    if (file == finding.file)
      return report::DefinitionPlace{file, function.place.line};
    place = report::DefinitionPlace{file, function.place.line};
  }
  return place;
}

llvm::Expected<rules::Findings> findAll(const CheckOptions& options, const config::Config& config,
                                        std::unique_ptr<rules::Analysis>& analysis) {
  llvm::Expected<store::Store> store = store::Store::openReadOnly(options.database);
  if (!store)
    return store.takeError();
  llvm::Expected<bool> is_linked = store->isLinked();
  if (!is_linked)
    return is_linked.takeError();
  if (!*is_linked)
    llvm::errs() << "lockvet: warning: the index was interrupted: units are missing, and so are "
                    "calls through pointers; run `lockvet index` again\n";
  llvm::Expected<std::unique_ptr<rules::Analysis>> loaded = rules::Analysis::load(*store, config);
  if (!loaded)
    return loaded.takeError();
  analysis = std::move(*loaded);
  llvm::Expected<rules::Findings> own = path_rules::run(analysis->program(), config, options.rules);
  if (!own)
    return own.takeError();
  return rules::runRules(analysis->input(), config, options.rules, options.with_guesses,
                         std::move(*own));
}

report::Options reportOptions(const CheckOptions& options, const config::Config& config) {
  report::Options result;
  result.format = options.format;
  result.colour = options.colour;
  result.directory = currentDirectory();
  result.root = config.directory;
  result.has_baseline = !options.baseline.empty();
  result.version = LOCKVET_VERSION;
  for (const rules::Rule& rule : rules::allRules())
    result.rules.push_back({rule.id.str(), rule.summary.str(), rule.help.str(), "", rule.severity});
  for (const config::PathRule& rule : config.path_rules)
    result.rules.push_back({rule.rule, rule.message, "Paths of calls that match " + rule.path, "",
                            rules::Severity::Warning});
  return result;
}

} // namespace

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
  llvm::Expected<rules::Findings> findings = findAll(options, *config, analysis);
  if (!findings)
    return fail(findings.takeError());
  keepFindings(options.database, *findings);

  std::vector<report::Entry> entries = report::entriesOf(std::move(*findings));
  report::SourceCache sources;
  std::vector<llvm::StringRef> known_rules;
  for (const rules::Rule& rule : rules::allRules())
    known_rules.push_back(rule.id);
  for (const config::PathRule& rule : config->path_rules)
    known_rules.push_back(rule.rule);
  if (llvm::Error error = report::suppress(
          entries, *config, known_rules,
          [&](const rules::Finding& finding) { return definitionOf(analysis->program(), finding); },
          sources))
    return fail(std::move(error));
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
