// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One conversation with a call graph: the graph, what the user added to it, what is hidden, and the
// language that changes and asks. Owned by a face; one command runs at a time, and only interrupt()
// may be called from elsewhere, a signal handler included.

#pragma once

#include "analyzer/config/config.h"
#include "vrc/command/compilation_database.h"
#include "vrc/command/edits.h"
#include "vrc/command/form.h"
#include "vrc/command/result.h"
#include "vrc/query/node_specs.h"

#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace lockvet::command {

class Analysis;

/// How long a command took, without what its answer takes to be shown. In seconds.
struct Timing {
  double wall = 0, user = 0, system = 0;
};

/// What a command line answers, and how it asks to be shown.
struct Answer {
  Result result;
  std::string line;             ///< as it was typed, without blanks around it
  std::optional<Form> form;     ///< nullopt: as the face likes
  std::optional<Timing> timing; ///< nullopt: nobody wants to know
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

  /// Gets paths one by one where a command finds them so and is not asked for another form than
  /// text; they are not in its answer then. Unset, they are.
  std::function<void(const query::Path&)> on_path;

  // For commands ----------------------------------------------------------------------------------

  /// The graph with all that was added to it. What commands added last is put in now, which takes
  /// a moment.
  const graph::Graph& graph();
  /// For those who still read it while later commands run.
  std::shared_ptr<const graph::Graph> shareGraph();
  query::View view(graph::EdgeKinds edges = graph::kUsualEdges);
  /// The same without what commands added since the last call of one of these: enough for the
  /// nodes of the last answer.
  std::shared_ptr<const graph::Graph> settledGraph() const { return graph_; }
  query::View settledView(graph::EdgeKinds edges = graph::kUsualEdges) const;
  bool hasPendingEdits() const { return edits_.isPending(); }
  /// Where commands put what they add.
  Edits& edits() { return edits_; }
  /// Takes back all nodes, edges and labels.
  void dropEdits();

  /// An absolute path; "" where no store is open.
  const std::string& database() const { return database_; }
  const config::Config& config() const { return config_; }
  /// The program as the rules see it; loaded at the first call.
  llvm::Expected<const Analysis*> analysis();
  /// The graph of a store, this session's or another.
  llvm::Expected<graph::Graph> graphOf(const std::string& database) const;
  const std::atomic<bool>& stopFlag() const { return stop_; }

  /// Nodes that the filters leave; nullopt: all. What has no bit yet is visible.
  std::optional<graph::NodeSet> visible;
  bool sees(graph::Node node) const {
    return !visible || node >= visible->size() || visible->test(node);
  }
  /// The commands that changed something, in order, as `save` writes them.
  struct Change {
    enum class Kind : uint8_t { Graph, Label, Filter } kind = Kind::Graph;
    std::string line;
  };
  std::vector<Change> changes;
  void forgetChanges(Change::Kind kind);
  /// The last lines that were given to answer(), without those of files that were sourced.
  std::deque<std::string> history;
  /// What `compdb` read, and its absolute path.
  std::vector<Unit> units;
  std::string compilation_database;
  bool wants_timing = false;
  void quit() { wants_to_quit_ = true; }
  int source_depth = 0;

private:
  llvm::Expected<Answer> answerCommand(llvm::StringRef line, size_t start);
  void applyEdits();

  config::Config config_;
  std::string database_;
  std::shared_ptr<const graph::Graph> graph_; ///< without what is pending in edits_
  Edits edits_;
  std::unique_ptr<Analysis> analysis_; ///< nullptr: not needed yet
  std::atomic<bool> stop_ = false;
  uint64_t generation_ = 0;
  bool wants_to_quit_ = false;
};

} // namespace lockvet::command
