// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One conversation with a call graph: the graph, what the user added to it, what is hidden, and the
// language that changes and asks. Owned by a face; one command runs at a time, and only interrupt()
// may be called from elsewhere, a signal handler included.

#pragma once

#include "analyzer/config/config.h"
#include "vrc/command/form.h"
#include "vrc/command/result.h"
#include "vrc/query/node_specs.h"

#include <functional>
#include <memory>
#include <optional>

namespace lockvet::command {

class Analysis;

/// What a command line answers, and how it asks to be shown.
struct Answer {
  Result result;
  std::string line;         ///< as it was typed, without blanks around it
  std::optional<Form> form; ///< nullopt: as the face likes
};

class Session {
public:
  explicit Session(config::Config config = {});
  ~Session();

  /// Replaces the graph by that of an indexed tree; what the user had added is gone.
  llvm::Error open(const std::string& database);
  /// Replaces it by a graph made elsewhere: tests, generators.
  void adopt(graph::Graph graph);

  /// One command line. Blank lines and those that begin with '#' do nothing. Errors about the text
  /// are query::QueryErrors with offsets into `line`.
  llvm::Expected<Answer> answer(llvm::StringRef line);
  /// For those who show nothing: the value alone.
  llvm::Expected<Result> run(llvm::StringRef line);

  /// The command that runs ends soon, with an error.
  void interrupt() { stop_.store(true, std::memory_order_relaxed); }
  /// For those who search without run(): forgets interruptions of what ended before.
  void clearInterruption() { stop_.store(false, std::memory_order_relaxed); }
  /// Changes whenever nodes of before may mean others now, or nothing.
  uint64_t generation() const { return generation_; }
  bool wantsToQuit() const { return wants_to_quit_; }

  /// Gets the answers of commands in a file that is sourced, as they come. Unset, they are dropped.
  std::function<void(const Answer&)> on_answer;

  // For commands ----------------------------------------------------------------------------------

  const graph::Graph& graph() const { return *graph_; }
  /// For those who still read it while later commands run.
  std::shared_ptr<const graph::Graph> shareGraph() const { return graph_; }
  const std::string& database() const { return database_; }
  const config::Config& config() const { return config_; }
  /// The program as the rules see it; loaded at the first call.
  llvm::Expected<const Analysis*> analysis();
  /// The graph of a store, this session's or another.
  llvm::Expected<graph::Graph> graphOf(const std::string& database) const;
  query::View view(graph::EdgeKinds edges = graph::kUsualEdges) const;
  /// Exchanges the graph for one with the same nodes and perhaps more.
  void replaceGraph(graph::Graph graph);

  /// Nodes that the filters leave; nullopt: all.
  std::optional<graph::NodeSet> visible;
  /// The commands that changed something, in order, as `save` writes them.
  struct Change {
    enum class Kind : uint8_t { Graph, Filter } kind = Kind::Graph;
    std::string line;
  };
  std::vector<Change> changes;
  void forgetChanges(Change::Kind kind);
  void quit() { wants_to_quit_ = true; }
  /// Takes back what commands added to the graph, nodes included.
  void restoreGraph();
  int source_depth = 0;

private:
  config::Config config_;
  std::string database_;
  std::shared_ptr<const graph::Graph> graph_;
  std::shared_ptr<const graph::Graph> original_; ///< before the first change; nullptr: unchanged
  std::unique_ptr<Analysis> analysis_;           ///< nullptr: not needed yet
  std::atomic<bool> stop_ = false;
  uint64_t generation_ = 0;
  bool wants_to_quit_ = false;
};

} // namespace lockvet::command
