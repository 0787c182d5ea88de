// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `lockvet watch`: check, and again whenever a file is saved, in one process that keeps what it
// knows. Tells what is new and what is gone.

#include "analyzer/cli/checking.h"
#include "analyzer/index/file_watch.h"
#include "analyzer/program/linker.h"
#include "analyzer/report/paths.h"
#include "analyzer/store/store.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <map>

namespace lockvet::cli {

namespace {

using Clock = std::chrono::steady_clock;

double secondsBetween(Clock::time_point begun, Clock::time_point ended) {
  return std::chrono::duration<double>(ended - begun).count();
}

class Watching {
public:
  Watching(const WatchOptions& options, index::FileWatch files)
      : options_(options), files_(std::move(files)) {}

  int run();

private:
  llvm::Error once(bool reads_config);
  llvm::Error indexAndWatch();
  llvm::Error watchFiles();
  llvm::Error readConfig();
  llvm::Error checkAll();
  void tell(std::vector<report::Entry> entries, report::SourceCache& sources);
  bool isConfig(llvm::StringRef file) const {
    return llvm::sys::path::filename(file) == ".lockvet.yaml" || file == options_.check.config;
  }

  const WatchOptions& options_;
  index::FileWatch files_;
  config::Config config_;
  std::unique_ptr<rules::Analysis> analysis_; ///< null: nothing is known yet
  /// What was told last, by what makes a finding the same; there may be several of one.
  std::multimap<std::string, report::Entry> known_;
  llvm::StringSet<> told_failures_;
  bool is_first_ = true;
  bool is_interrupted_ = false;
};

/// Of parsing, what has not been said before.
llvm::Error Watching::indexAndWatch() {
  llvm::Expected<index::IndexSummary> summary =
      index::runIndex(options_.index, program::link, llvm::errs());
  if (!summary)
    return summary.takeError();
  is_interrupted_ = summary->was_interrupted;
  if (is_interrupted_)
    return llvm::Error::success();
  for (const index::FailedUnit& unit : summary->failed)
    if (told_failures_.insert(unit.reason).second)
      llvm::errs() << unit.file << ": " << unit.reason << "\n";
  // Other units may read other files, and another configuration stands elsewhere.
  return !analysis_ || summary->parsed != 0 ? watchFiles() : llvm::Error::success();
}

/// All that units read, but for what belongs to the system, and what says how to read it.
llvm::Error Watching::watchFiles() {
  llvm::SmallString<256> database(options_.index.compilation_database);
  if (std::error_code error = llvm::sys::fs::make_absolute(database))
    return llvm::createStringError(error, "the current directory cannot be told");
  if (llvm::sys::fs::is_directory(database))
    llvm::sys::path::append(database, "compile_commands.json");
  llvm::sys::path::remove_dots(database, /*remove_dot_dot=*/true);
  llvm::Error failure = files_.add(database);
  if (!config_.directory.empty())
    failure =
        llvm::joinErrors(std::move(failure), files_.add(config_.directory + "/.lockvet.yaml"));
  if (!options_.check.config.empty())
    failure = llvm::joinErrors(std::move(failure), files_.add(options_.check.config));
  if (failure)
    return failure;
  llvm::Expected<store::Store> store = store::Store::openReadOnly(options_.check.database);
  if (!store)
    return store.takeError();
  llvm::Error error = store->reader().forEachFile([&](const store::FileRow& row) {
    if (!failure && !row.path.starts_with("/usr/"))
      failure = files_.add(row.path);
  });
  return llvm::joinErrors(std::move(error), std::move(failure));
}

llvm::Error Watching::readConfig() {
  llvm::Expected<config::Config> config =
      config::load(options_.check.config, currentDirectory(), options_.check.profile);
  if (!config)
    return config.takeError();
  config_ = std::move(*config);
  analysis_.reset();
  return llvm::Error::success();
}

llvm::Error Watching::checkAll() {
  if (llvm::Error error = loadAnalysis(options_.check.database, config_, analysis_))
    return error;
  report::SourceCache sources;
  llvm::Expected<std::vector<report::Entry>> entries =
      findEntries(options_.check, config_, *analysis_, sources);
  if (!entries)
    return entries.takeError();
  tell(std::move(*entries), sources);
  return llvm::Error::success();
}

/// Prints what is new in full, and of what is gone a line each.
void Watching::tell(std::vector<report::Entry> entries, report::SourceCache& sources) {
  std::multimap<std::string, report::Entry> gone = std::move(known_);
  known_.clear();
  std::vector<report::Entry> fresh;
  for (report::Entry& entry : entries) {
    if (entry.suppressed)
      continue;
    if (auto known = gone.find(entry.finding.fingerprint); known != gone.end())
      gone.erase(known);
    else if (!is_first_)
      fresh.push_back(entry);
    known_.emplace(entry.finding.fingerprint, std::move(entry));
  }
  report::Options options = reportOptions(options_.check, config_);
  options.summary = false;
  report::render(fresh, options, sources, llvm::outs());
  for (const auto& [fingerprint, entry] : gone)
    llvm::outs() << "gone: " << report::relativeTo(entry.finding.file, options.directory) << ":"
                 << entry.finding.line << ": " << entry.finding.message << " ["
                 << entry.finding.rule << "]\n";
  if (!is_first_)
    llvm::outs() << fresh.size() << " new, " << gone.size() << " gone, ";
  llvm::outs() << known_.size() << (known_.size() == 1 ? " finding" : " findings")
               << (is_first_ ? " to begin with" : " in all");
  is_first_ = false;
}

llvm::Error Watching::once(bool reads_config) {
  const Clock::time_point begun = Clock::now();
  if (reads_config)
    if (llvm::Error error = readConfig())
      return error;
  if (llvm::Error error = indexAndWatch())
    return error;
  if (is_interrupted_)
    return llvm::Error::success();
  const Clock::time_point indexed = Clock::now();
  if (llvm::Error error = checkAll())
    return error;
  llvm::outs() << " (" << llvm::format("%.2f", secondsBetween(begun, indexed)) << " s to read, "
               << llvm::format("%.2f", secondsBetween(indexed, Clock::now())) << " s to check)\n";
  llvm::outs().flush();
  return llvm::Error::success();
}

int Watching::run() {
  for (bool reads_config = true;;) {
    const bool is_first = is_first_;
    if (llvm::Error error = once(reads_config)) {
      const int status = fail(std::move(error));
      // What is wrong at the start is wrong with the command line; later it is in a file that
      // somebody is just editing.
      if (is_first)
        return status;
    }
    if (is_interrupted_)
      return kInterrupted;
    if (is_first)
      llvm::errs() << "lockvet: watching " << files_.size() << " files\n";
    llvm::Expected<std::vector<std::string>> changed = files_.wait();
    if (!changed)
      return fail(changed.takeError());
    reads_config = llvm::any_of(*changed, [&](const std::string& file) { return isConfig(file); });
  }
}

} // namespace

int runWatch(const WatchOptions& options) {
  if (llvm::Error error = findHeaders())
    return fail(std::move(error));
  llvm::Expected<index::FileWatch> files = index::FileWatch::start();
  if (!files)
    return fail(files.takeError());
  return Watching(options, std::move(*files)).run();
}

} // namespace lockvet::cli
