// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/session.h"

#include "analyzer/store/store.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "vrc/command/analysis.h"
#include "vrc/command/registry.h"
#include "vrc/graph/cache.h"
#include "vrc/graph/from_program.h"
#include "vrc/graph/graph_builder.h"
#include "vrc/query/error.h"

namespace lockvet::command {

Session::Session(config::Config config)
    : config_(std::move(config)),
      graph_(std::make_shared<const graph::Graph>(graph::GraphBuilder().finish())) {}

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
  database_ = database;
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
  original_.reset();
  analysis_.reset();
  visible.reset();
  changes.clear();
  database_.clear();
  ++generation_;
}

void Session::replaceGraph(graph::Graph graph) {
  auto next = std::make_shared<const graph::Graph>(std::move(graph));
  if (!original_)
    original_ = std::move(graph_);
  graph_ = std::move(next);
  if (visible)
    visible->resize(static_cast<unsigned>(graph_->size()), true);
}

void Session::restoreGraph() {
  if (original_) {
    graph_ = std::move(original_);
    ++generation_;
  }
  forgetChanges(Change::Kind::Graph);
  if (visible)
    visible->resize(static_cast<unsigned>(graph_->size()));
}

void Session::forgetChanges(Change::Kind kind) {
  std::erase_if(changes, [&](const Change& change) { return change.kind == kind; });
}

query::View Session::view(graph::EdgeKinds edges) const {
  return {*graph_, edges, visible ? &*visible : nullptr, &stop_};
}

llvm::Expected<Answer> Session::answer(llvm::StringRef line) {
  // What ends a sourced file's command ends the file.
  if (source_depth == 0)
    stop_.store(false, std::memory_order_relaxed);
  size_t start = 0;
  while (start < line.size() && llvm::isSpace(line[start]))
    ++start;
  if (start == line.size() || line[start] == '#')
    return Answer{Done(), "", std::nullopt};
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
  return Answer{std::move(*result), arguments->line(), *form};
}

llvm::Expected<Result> Session::run(llvm::StringRef line) {
  llvm::Expected<Answer> got = answer(line);
  if (!got)
    return got.takeError();
  return std::move(got->result);
}

} // namespace lockvet::command
