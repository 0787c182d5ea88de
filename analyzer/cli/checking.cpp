// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/cli/checking.h"

#include "analyzer/report/suppressions.h"
#include "analyzer/report/words.h"
#include "analyzer/store/store.h"
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

std::vector<llvm::StringRef> knownRules(const config::Config& config) {
  std::vector<llvm::StringRef> known;
  for (const rules::Rule& rule : rules::allRules())
    known.push_back(rule.id);
  for (const config::PathRule& rule : config.path_rules)
    known.push_back(rule.rule);
  return known;
}

} // namespace

llvm::Error loadAnalysis(const std::string& database, const config::Config& config,
                         std::unique_ptr<rules::Analysis>& analysis) {
  llvm::Expected<store::Store> store = store::Store::openReadOnly(database);
  if (!store)
    return store.takeError();
  llvm::Expected<bool> is_linked = store->isLinked();
  if (!is_linked)
    return is_linked.takeError();
  if (!*is_linked)
    llvm::errs() << "lockvet: warning: the index was interrupted: units are missing, and so are "
                    "calls through pointers; run `lockvet index` again\n";
  llvm::Expected<std::unique_ptr<rules::Analysis>> loaded =
      analysis ? rules::Analysis::reload(*store, analysis) : rules::Analysis::load(*store, config);
  if (!loaded)
    return loaded.takeError();
  analysis = std::move(*loaded);
  return llvm::Error::success();
}

llvm::Expected<std::vector<report::Entry>> findEntries(const CheckOptions& options,
                                                       const config::Config& config,
                                                       const rules::Analysis& analysis,
                                                       report::SourceCache& sources) {
  llvm::Expected<rules::Findings> own = path_rules::run(analysis.program(), config, options.rules);
  if (!own)
    return own.takeError();
  llvm::Expected<rules::Findings> findings = rules::runRules(
      analysis.input(), config, options.rules, options.with_guesses, std::move(*own));
  if (!findings)
    return findings.takeError();
  keepFindings(options.database, *findings);
  std::vector<report::Entry> entries = report::entriesOf(std::move(*findings));
  if (llvm::Error error = report::suppress(
          entries, config, knownRules(config),
          [&](const rules::Finding& finding) { return definitionOf(analysis.program(), finding); },
          sources))
    return std::move(error);
  return entries;
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

} // namespace lockvet::cli
