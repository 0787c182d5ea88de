// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A Session as Python may use it: from any thread, without the interpreter's lock while it works,
// and so that Ctrl-C ends what it does. What is only looked up comes from a snapshot and waits for
// nobody, unless something was added to the graph.

#pragma once

#include "vrc/command/session.h"

#include <functional>
#include <mutex>
#include <optional>
#include <pybind11/pybind11.h>

namespace lockvet::python {

/// Bytes of other people's sources as a str; what is no UTF-8 survives as surrogates.
pybind11::str toStr(llvm::StringRef text);

/// Throws vrc.QueryError, with the place in `query`, or vrc.Error.
[[noreturn]] void raise(llvm::Error error, llvm::StringRef query = "");

template <typename Value> Value valueOr(llvm::Expected<Value> value, llvm::StringRef query = "") {
  if (!value)
    raise(value.takeError(), query);
  return std::move(*value);
}

/// What a session looked like between two commands.
struct Snapshot {
  std::shared_ptr<const graph::Graph> graph;
  std::optional<graph::NodeSet> visible;
  uint64_t generation = 0;
  std::string database;
  bool wants_to_quit = false;
  bool is_complete = true; ///< false: the graph lacks what was added last

  query::View view(graph::EdgeKinds edges) const {
    return {*graph, edges, visible ? &*visible : nullptr, nullptr};
  }
};

class Conversation {
public:
  explicit Conversation(config::Config config);

  /// work(session) returns an Expected and must not touch Python. Throws KeyboardInterrupt.
  template <typename Work> auto run(Work work) {
    std::optional<std::invoke_result_t<Work, command::Session&>> result;
    const bool is_done = runInThread([&] { result.emplace(work(session_)); });
    if (!is_done) {
      if (!*result)
        llvm::consumeError(result->takeError());
      throw pybind11::error_already_set();
    }
    return std::move(*result);
  }

  /// As it is now. What was added to the graph since somebody asked is put in first, which waits
  /// for a search of another thread; Ctrl-C ends that with a KeyboardInterrupt.
  std::shared_ptr<const Snapshot> snapshot();
  /// The same for those who want everything but the graph: waits for nobody.
  std::shared_ptr<const Snapshot> glance() const;
  void interrupt() { session_.interrupt(); }

private:
  /// False if a signal handler raised an exception, which is then set; the work has ended as well.
  bool runInThread(const std::function<void()>& work);
  void takeSnapshot();

  std::mutex running_; ///< whoever has it uses the session
  command::Session session_;
  mutable std::mutex looking_; ///< held for moments only
  std::shared_ptr<const Snapshot> snapshot_;
};

} // namespace lockvet::python
