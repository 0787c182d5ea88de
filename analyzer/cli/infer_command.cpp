// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/cli/commands.h"
#include "analyzer/cli/path_filter.h"
#include "analyzer/config/config.h"
#include "analyzer/infer/findings.h"
#include "analyzer/infer/fixes.h"
#include "analyzer/infer/unified_diff.h"
#include "analyzer/report/paths.h"
#include "analyzer/rules/registry.h"
#include "analyzer/store/store.h"
#include "llvm/Support/raw_ostream.h"

namespace lockvet::cli {

namespace {

/// What was inferred, cut down to the files that are meant.
struct Result {
  std::vector<infer::Missing> missing;
  std::vector<infer::Conflict> conflicts;
  infer::Fixes fixes;
};

/// Has the subject of a marker a declaration in these files?
bool isDeclaredIn(const program::Program& program, const infer::Subject& subject,
                  const PathFilter& filter) {
  auto isMeant = [&](program::Place place) {
    return place.file != program::kNoId && filter.matches(program.file(place.file));
  };
  if (subject.slot != program::kNoId)
    return isMeant(program.slot(subject.slot).place);
  return llvm::any_of(program.declarationsOf(subject.function),
                      [&](const auto& declaration) { return isMeant(declaration.place); });
}

llvm::Expected<Result> inferIn(infer::Loaded& loaded, const config::Config& config,
                               const infer::IncludedHeaders& headers,
                               const infer::MarkerKinds& kinds, const PathFilter& filter) {
  const program::Program& program = loaded.program();
  infer::Inference inference = infer::infer(loaded.input(), kinds);
  Result result;
  for (infer::Missing& missing : inference.missing)
    if (isDeclaredIn(program, missing.marking.subject, filter))
      result.missing.push_back(std::move(missing));
  for (infer::Conflict& conflict : inference.conflicts)
    if (conflict.place.file != program::kNoId && filter.matches(program.file(conflict.place.file)))
      result.conflicts.push_back(std::move(conflict));
  llvm::Expected<infer::Fixes> fixes =
      infer::planFixes(program, config, headers, result.missing,
                       [&](llvm::StringRef file) { return filter.matches(file); });
  if (!fixes)
    return fixes.takeError();
  result.fixes = std::move(*fixes);
  return result;
}

llvm::Error write(const infer::ChangedFile& file) {
  return llvm::writeToOutput(file.path, [&](llvm::raw_ostream& stream) -> llvm::Error {
    stream << file.after;
    return llvm::Error::success();
  });
}

/// What is found as a report; of markers that are written already only those that could not be.
void show(const InferOptions& options, const program::Program& program, const Result& result,
          const config::Config& config, llvm::StringRef directory) {
  std::vector<report::Entry> entries;
  auto add = [&](rules::Finding finding) {
    finding.fingerprint = rules::fingerprintOf(finding, config);
    entries.push_back({std::move(finding), false, std::nullopt});
  };
  for (size_t index = 0; index < result.missing.size(); ++index) {
    const std::vector<rules::FixIt>& insertions = result.fixes.insertions[index];
    if (result.fixes.is_elsewhere[index] || (options.fix && result.fixes.obstacles[index].empty()))
      continue;
    rules::Finding finding = infer::findingOf(program, result.missing[index]);
    finding.fixes = insertions;
    if (!result.fixes.obstacles[index].empty())
      finding.message += "; it has to be written by hand: " + result.fixes.obstacles[index];
    add(std::move(finding));
  }
  for (const infer::Conflict& conflict : result.conflicts)
    add(infer::findingOf(program, conflict));
  report::Options shown;
  shown.format = options.format;
  shown.colour = options.colour;
  shown.directory = directory.str();
  shown.root = config.directory;
  shown.version = LOCKVET_VERSION;
  shown.rules = {{infer::kMissingMarker.str(), "A marker follows from others, and is missing.", "",
                  "", rules::Severity::Note},
                 {infer::kMarkerConflict.str(), "No marking of a function is consistent.", "", "",
                  rules::Severity::Warning}};
  report::SourceCache sources;
  report::render(entries, shown, sources, llvm::outs());
  llvm::outs().flush();
}

size_t writtenMarkers(const infer::Fixes& fixes) {
  return static_cast<size_t>(
      llvm::count_if(fixes.insertions, [](const auto& insertions) { return !insertions.empty(); }));
}

} // namespace

int runInfer(const InferOptions& options) {
  const std::string directory = currentDirectory();
  llvm::Expected<config::Config> config = config::load(options.config, directory, options.profile);
  if (!config)
    return fail(config.takeError());
  llvm::Expected<PathFilter> filter = PathFilter::create(options.paths, directory);
  if (!filter)
    return fail(filter.takeError());
  llvm::Expected<store::Store> store = store::Store::openReadOnly(options.database);
  if (!store)
    return fail(store.takeError());
  llvm::Expected<std::unique_ptr<infer::Loaded>> loaded = infer::Loaded::load(*store, *config);
  if (!loaded)
    return fail(loaded.takeError());
  llvm::Expected<infer::IncludedHeaders> headers = infer::IncludedHeaders::load(*store, *config);
  if (!headers)
    return fail(headers.takeError());
  llvm::Expected<Result> result = inferIn(**loaded, *config, *headers, options.kinds, *filter);
  if (!result)
    return fail(result.takeError());
  if (options.diff) {
    for (const infer::ChangedFile& file : result->fixes.files)
      llvm::outs() << infer::unifiedDiff(report::relativeTo(file.path, directory), file.before,
                                         file.after);
    llvm::outs().flush();
    return result->fixes.files.empty() ? kClean : kFindings;
  }
  // Before the files change: places are those of the index.
  show(options, (*loaded)->program(), *result, *config, directory);
  if (options.fix) {
    for (const infer::ChangedFile& file : result->fixes.files)
      if (llvm::Error error = write(file))
        return fail(std::move(error));
    llvm::errs() << "lockvet: wrote " << writtenMarkers(result->fixes) << " markers into "
                 << result->fixes.files.size() << " files\n";
  }
  const bool is_done = options.fix ? result->fixes.unwritten == 0
                                   : llvm::all_of(result->fixes.is_elsewhere, llvm::identity());
  return is_done && result->conflicts.empty() ? kClean : kFindings;
}

} // namespace lockvet::cli
