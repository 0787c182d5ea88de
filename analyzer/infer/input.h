// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What inference looks at: a program with what guards and markers say of contexts, and its locks.
// Loaded from a store once a run and owned by the command.

#pragma once

#include "analyzer/infer/lock_summary.h"
#include "analyzer/program/contexts.h"

#include <memory>

namespace lockvet::infer {

struct Input {
  const program::Program& program;
  const program::ContextGuards& guards;
  const program::ContextInference& contexts;
  const program::ContextGuards& thread_guards; ///< whether in the main loop's thread
  const program::ContextInference& thread_contexts;
  const config::Config& config;
  LockSummary& locks; ///< learns names of locks
};

class Loaded {
public:
  static llvm::Expected<std::unique_ptr<Loaded>> load(store::Store& store,
                                                      const config::Config& config);

  Input input() {
    return {*program_, guards_, *contexts_, thread_guards_, *thread_contexts_, config_, *locks_};
  }
  const program::Program& program() const { return *program_; }

private:
  Loaded(config::Config config, std::unique_ptr<program::Program> program,
         program::ContextGuards guards, program::ContextGuards thread_guards);

  config::Config config_;
  std::unique_ptr<program::Program> program_;
  program::ContextGuards guards_;
  program::ContextGuards thread_guards_;
  std::unique_ptr<program::ContextInference> contexts_;
  std::unique_ptr<program::ContextInference> thread_contexts_;
  std::unique_ptr<LockSummary> locks_;
};

} // namespace lockvet::infer
