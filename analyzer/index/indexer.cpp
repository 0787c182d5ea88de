// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/indexer.h"

#include "analyzer/facts/serialize.h"
#include "analyzer/index/change_detection.h"
#include "analyzer/index/compilation_database.h"
#include "analyzer/index/stop_signals.h"
#include "analyzer/store/file_stamp.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/Threading.h"

#include <chrono>
#include <optional>
#include <utility>

namespace lockvet::index {
namespace {

using Clock = std::chrono::steady_clock;

/// A kill costs what was parsed since the last commit; a commit costs a few fsyncs.
constexpr auto kCommitInterval = std::chrono::seconds(2);
constexpr int kWaitMs = 500;

uint64_t limitsKey(const WorkerLimits& limits) {
  return static_cast<uint64_t>(limits.seconds * 1000) << 24 | (limits.memory_bytes >> 20);
}

unsigned workerCount(unsigned wanted) {
  return wanted != 0 ? wanted : llvm::hardware_concurrency().compute_thread_count();
}

/// The file as it is now; with no content if it is missing.
facts::InputFile inputNow(const std::string& path) {
  facts::InputFile input;
  input.path = path;
  const std::optional<store::FileStamp> stamp = store::stampOf(path.c_str());
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (stamp && buffer) {
    input.content = facts::hashOf((*buffer)->getBuffer());
    input.size = stamp->size;
    input.mtime_ns = stamp->mtime_ns;
  }
  return input;
}

class Indexer {
public:
  Indexer(const IndexOptions& options, Link link, llvm::raw_ostream& out)
      : options_(options), link_(link), out_(out), limits_(limitsKey(options.limits)) {}

  llvm::Expected<IndexSummary> run() {
    const Clock::time_point start = Clock::now();
    for (auto step : {&Indexer::readDatabase, &Indexer::plan, &Indexer::prepare, &Indexer::parse,
                      &Indexer::link})
      if (llvm::Error error = (this->*step)())
        return error;
    summary_.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return std::move(summary_);
  }

private:
  llvm::Error readDatabase() {
    llvm::Expected<CompilationDatabase> database =
        readCompilationDatabase(options_.compilation_database);
    if (!database)
      return database.takeError();
    commands_ = std::move(database->commands);
    summary_.units = commands_.size();
    summary_.duplicates = database->duplicates;
    summary_.other_languages = database->other_languages;
    summary_.problems = std::move(database->problems);
    return llvm::Error::success();
  }

  llvm::Error plan() {
    std::optional<llvm::Regex> filter;
    if (!options_.filter.empty()) {
      filter.emplace(options_.filter);
      if (std::string why; !filter->isValid(why))
        return llvm::createStringError("the filter '" + options_.filter +
                                       "' is no regular expression: " + why);
      if (!commands_.empty() && llvm::none_of(commands_, [&](const CompileCommand& command) {
            return filter->match(command.file);
          }))
        return llvm::createStringError("the filter '" + options_.filter + "' matches none of the " +
                                       llvm::Twine(commands_.size()) + " files");
    }
    llvm::Expected<store::Store> store = store::Store::openForIndexing(options_.store);
    if (!store)
      return store.takeError();
    store_.emplace(std::move(*store));
    llvm::Expected<Plan> plan = makePlan(*store_, commands_,
                                         {.filter = filter ? &*filter : nullptr,
                                          .retry_failed = options_.retry_failed,
                                          .limits = limits_});
    if (!plan)
      return plan.takeError();
    plan_ = std::move(*plan);
    summary_.up_to_date = plan_.up_to_date;
    summary_.filtered_out = plan_.filtered_out;
    summary_.removed = plan_.remove.size();
    for (KnownFailure& failure : plan_.failures)
      summary_.failed.push_back(
          {std::move(failure.file), failure.status, std::move(failure.reason)});
    return llvm::Error::success();
  }

  llvm::Error prepare() {
    if (plan_.remove.empty() && plan_.touched.empty())
      return llvm::Error::success();
    if (llvm::Error error = store_->begin())
      return error;
    for (const facts::Hash& command : plan_.remove)
      if (llvm::Error error = store_->removeUnit(command))
        return error;
    for (const TouchedFile& file : plan_.touched) {
      store::FileRow row;
      row.id = file.id;
      row.size = file.size;
      row.mtime_ns = file.mtime_ns;
      row.inode = file.inode;
      if (llvm::Error error = store_->refreshFile(row))
        return error;
    }
    return store_->commit();
  }

  llvm::Error parse() {
    if (plan_.parse.empty())
      return llvm::Error::success();
    StopSignals stop;
    WorkerPool pool({.program = options_.worker_program,
                     .workers = workerCount(options_.jobs),
                     .limits = options_.limits});
    Progress progress(options_.progress, out_);
    Counts counts{.total = plan_.parse.size()};
    if (llvm::Error error = submitAll(pool, counts))
      return error;
    while (pool.pending() != 0 && !stop.received()) {
      llvm::Expected<std::vector<Completion>> done = pool.wait(kWaitMs, stop.fd());
      if (!done)
        return done.takeError();
      for (Completion& completion : *done)
        if (llvm::Error error = take(std::move(completion), pool, counts))
          return error;
      if (is_open_ && Clock::now() - opened_ >= kCommitInterval)
        if (llvm::Error error = commit())
          return error;
      progress.update(counts);
    }
    summary_.was_interrupted = stop.received();
    return commit();
  }

  llvm::Error submitAll(WorkerPool& pool, Counts& counts) {
    for (size_t ticket = 0; ticket != plan_.parse.size(); ++ticket) {
      const CompileCommand& command = commands_[plan_.parse[ticket].command];
      if (llvm::sys::fs::exists(command.file)) {
        pool.submit(ticket, jobOf(command));
        continue;
      }
      facts::UnitFacts missing;
      missing.status = facts::UnitStatus::BadCommand;
      missing.reason = "the file does not exist; if the build generates it, build first";
      if (llvm::Error error = put(ticket, std::move(missing), nullptr, counts))
        return error;
    }
    return llvm::Error::success();
  }

  static Job jobOf(const CompileCommand& command) {
    return {.directory = command.directory,
            .file = command.file,
            .arguments = command.arguments,
            .send_all = false};
  }

  llvm::Error take(Completion completion, WorkerPool& pool, Counts& counts) {
    return put(completion.ticket, std::move(completion.unit), &pool, counts);
  }

  llvm::Error put(size_t ticket, facts::UnitFacts unit, WorkerPool* pool, Counts& counts) {
    const PlannedUnit& planned = plan_.parse[ticket];
    const CompileCommand& command = commands_[planned.command];
    if (unit.inputs.empty())
      unit.inputs = guessInputs(command, planned);
    if (llvm::Error error = open())
      return error;
    const store::UnitIdentity identity{.command = command.identity,
                                       .directory = command.directory,
                                       .file = command.file,
                                       .limits = limits_};
    llvm::Expected<store::PutOutcome> outcome = store_->putUnit(identity, unit);
    if (!outcome && outcome.errorIsA<store::BadFragmentError>()) {
      facts::UnitFacts garbled;
      garbled.status = facts::UnitStatus::Crashed;
      garbled.reason =
          "its parse gave facts that cannot be read: " + llvm::toString(outcome.takeError());
      return put(ticket, std::move(garbled), pool, counts);
    }
    if (!outcome)
      return outcome.takeError();
    if (*outcome == store::PutOutcome::MissingFragments && pool) {
      // The worker was told off-hand that a body is known that has left the store since.
      Job again = jobOf(command);
      again.send_all = true;
      pool->submit(ticket, std::move(again), /*urgent=*/true);
      return llvm::Error::success();
    }
    ++counts.done;
    ++summary_.parsed;
    if (unit.status != facts::UnitStatus::Parsed) {
      ++counts.failed;
      summary_.failed.push_back({command.file, unit.status, std::move(unit.reason)});
    }
    return llvm::Error::success();
  }

  /// Of a unit that failed before it could say what it reads.
  static std::vector<facts::InputFile> guessInputs(const CompileCommand& command,
                                                   const PlannedUnit& planned) {
    std::vector<facts::InputFile> inputs = {inputNow(command.file)};
    for (const facts::InputFile& input : planned.last_inputs)
      if (input.path != command.file)
        inputs.push_back(input);
    return inputs;
  }

  llvm::Error open() {
    if (is_open_)
      return llvm::Error::success();
    is_open_ = true;
    opened_ = Clock::now();
    return store_->begin();
  }

  llvm::Error commit() {
    if (!is_open_)
      return llvm::Error::success();
    is_open_ = false;
    return store_->commit();
  }

  llvm::Error link() {
    if (summary_.was_interrupted)
      return llvm::Error::success();
    llvm::Expected<bool> is_linked = store_->isLinked();
    if (!is_linked)
      return is_linked.takeError();
    if (!*is_linked) {
      Progress progress(options_.progress, out_);
      progress.phase("linking");
      if (llvm::Error error = store_->begin())
        return error;
      if (llvm::Error error = link_(*store_))
        return error;
      if (llvm::Error error = store_->setLinked())
        return error;
      if (llvm::Error error = store_->commit())
        return error;
    }
    return store_->finish();
  }

  const IndexOptions& options_;
  Link link_;
  llvm::raw_ostream& out_;
  uint64_t limits_;
  std::vector<CompileCommand> commands_;
  std::optional<store::Store> store_;
  Plan plan_;
  IndexSummary summary_;
  bool is_open_ = false; ///< a transaction
  Clock::time_point opened_;
};

} // namespace

llvm::Expected<IndexSummary> runIndex(const IndexOptions& options, Link link,
                                      llvm::raw_ostream& out) {
  return Indexer(options, link, out).run();
}

} // namespace lockvet::index
