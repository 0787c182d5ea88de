// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What inference looks at: a program with what guards and markers say of contexts, and its locks.
// Loaded from a store once a run and owned by the command.

#pragma once

#include "analyzer/infer/lock_summary.h"
#include "analyzer/program/context_analysis.h"

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
    return {program(),
            contexts_->guards,
            contexts_->contexts,
            contexts_->thread_guards,
            contexts_->thread_contexts,
            contexts_->config,
            locks_};
  }
  const program::Program& program() const { return *contexts_->program; }

private:
  explicit Loaded(std::unique_ptr<const program::ContextAnalysis> contexts);

  std::unique_ptr<const program::ContextAnalysis> contexts_;
  LockSummary locks_;
};

} // namespace lockvet::infer
