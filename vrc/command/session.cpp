// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/session.h"

#include "analyzer/store/store.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "vrc/command/analysis.h"
#include "vrc/command/registry.h"
#include "vrc/graph/cache.h"
#include "vrc/graph/from_program.h"
#include "vrc/graph/graph_builder.h"
#include "vrc/query/error.h"

#include <chrono>
#include <sys/resource.h>

namespace lockvet::command {

namespace {

constexpr size_t kMostHistory = 1000;

/// Measures from where it is made.
class Stopwatch {
public:
  Timing elapsed() const {
    const rusage now = usage();
    return {
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(),
        seconds(now.ru_utime) - seconds(before_.ru_utime),
        seconds(now.ru_stime) - seconds(before_.ru_stime),
    };
  }

private:
  static rusage usage() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage;
  }
  static double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  }

  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  rusage before_ = usage();
};

} // namespace

Session::Session(config::Config config)
    : config_(std::move(config)),
      graph_(std::make_shared<const graph::Graph>(graph::GraphBuilder().finish())) {
  edits_.begin(graph_);
}

Session::~Session() = default;

llvm::Expected<graph::Graph> Session::graphOf(const std::string& database) const {
  llvm::Expected<store::Store> store = store::Store::openReadOnly(database);
  if (!store)
    return store.takeError();
  llvm::Expected<int64_t> stamp = store->linkStamp();
  if (!stamp)
    return stamp.takeError();
  if (*stamp == 0)
    return llvm::createStringError("the store '" + database +
                                   "' is of an index that was interrupted: it has no calls through "
                                   "pointers yet; run `lockvet index` again");
  const std::string cache = database + ".graph";
  const uint64_t key = graph::cacheKey(*stamp, config_);
  if (std::optional<graph::Graph> kept = graph::readCache(cache, key))
    return std::move(*kept);
  llvm::Expected<std::unique_ptr<program::Program>> program =
      program::Program::load(*store, config_);
  if (!program)
    return program.takeError();
  graph::Graph graph = graph::fromProgram(**program);
  graph::writeCache(cache, key, graph);
  return graph;
}

llvm::Error Session::open(const std::string& database) {
  llvm::Expected<graph::Graph> graph = graphOf(database);
  if (!graph)
    return graph.takeError();
  adopt(std::move(*graph));
  // It is still meant when somebody has gone to another directory.
  llvm::SmallString<256> path(database);
  if (std::error_code error = llvm::sys::fs::make_absolute(path))
    return llvm::createStringError(error, "the current directory cannot be told");
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  database_ = path.str().str();
  return llvm::Error::success();
}

llvm::Expected<const Analysis*> Session::analysis() {
  if (!analysis_) {
    if (database_.empty())
      return llvm::createStringError("no store is open; `open STORE` opens one");
    llvm::Expected<std::unique_ptr<Analysis>> loaded = Analysis::load(database_, config_);
    if (!loaded)
      return loaded.takeError();
    analysis_ = std::move(*loaded);
  }
  return analysis_.get();
}

void Session::adopt(graph::Graph graph) {
  graph_ = std::make_shared<const graph::Graph>(std::move(graph));
  edits_.begin(graph_);
  analysis_.reset();
  visible.reset();
  changes.clear();
  database_.clear();
  ++generation_;
}

void Session::applyEdits() {
  if (!edits_.isPending())
    return;
  graph_ = edits_.apply();
  if (visible)
    visible->resize(static_cast<unsigned>(graph_->size()), true);
}

const graph::Graph& Session::graph() {
  applyEdits();
  return *graph_;
}

std::shared_ptr<const graph::Graph> Session::shareGraph() {
  applyEdits();
  return graph_;
}

query::View Session::view(graph::EdgeKinds edges) {
  applyEdits();
  return settledView(edges);
}

query::View Session::settledView(graph::EdgeKinds edges) const {
  return {*graph_, edges, visible ? &*visible : nullptr, &stop_};
}

void Session::dropEdits() {
  edits_.dropAll();
  applyEdits();
  ++generation_;
}

void Session::forgetChanges(Change::Kind kind) {
  std::erase_if(changes, [&](const Change& change) { return change.kind == kind; });
}

llvm::Expected<Answer> Session::answer(llvm::StringRef line) {
  // What ends a sourced file's command ends the file.
  if (source_depth == 0)
    stop_.store(false, std::memory_order_relaxed);
  size_t start = 0;
  while (start < line.size() && llvm::isSpace(line[start]))
    ++start;
  if (start == line.size() || line[start] == '#')
    return Answer{Done(), "", std::nullopt, std::nullopt};
  if (source_depth == 0) {
    history.push_back(line.trim().str());
    if (history.size() > kMostHistory)
      history.pop_front();
  }
  const Stopwatch stopwatch;
  llvm::Expected<Answer> answer = answerCommand(line, start);
  if (answer && wants_timing)
    answer->timing = stopwatch.elapsed();
  return answer;
}

llvm::Expected<Answer> Session::answerCommand(llvm::StringRef line, size_t start) {
  size_t end = start;
  while (end < line.size() && !llvm::isSpace(line[end]))
    ++end;
  const llvm::StringRef name = line.slice(start, end);
  const Command* command = commandNamed(name);
  if (!command)
    return query::errorAt(start, "there is no command '" + name.str() + "'" + similarCommand(name) +
                                     "; `help` lists them");
  llvm::SmallVector<Option, 16> options(command->options);
  llvm::append_range(options, formOptions());
  llvm::Expected<Arguments> arguments = Arguments::parse(line, end, options);
  if (!arguments)
    return arguments.takeError();
  llvm::Expected<std::optional<Form>> form = formOf(*arguments);
  if (!form)
    return form.takeError();
  llvm::Expected<Result> result = command->run(*this, *arguments);
  if (!result)
    return result.takeError();
  return Answer{std::move(*result), arguments->line(), *form, std::nullopt};
}

llvm::Expected<Result> Session::run(llvm::StringRef line) {
  llvm::Expected<Answer> got = answer(line);
  if (!got)
    return got.takeError();
  return std::move(got->result);
}

} // namespace lockvet::command
