// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program and all that rules need to know of it, loaded from a store, or loaded once more after
// the store has changed. Owned by whoever checks, once a run or once a session.

#pragma once

#include "analyzer/program/context_analysis.h"
#include "analyzer/rules/registry.h"

#include <memory>
#include <string>

namespace lockvet::rules {

class Analysis {
public:
  static llvm::Expected<std::unique_ptr<Analysis>> load(store::Store& store,
                                                        const config::Config& config);

  /// The same after the store has changed: much faster than from the start where little has.
  /// `before` is used up, unless there is an error.
  static llvm::Expected<std::unique_ptr<Analysis>> reload(store::Store& store,
                                                          std::unique_ptr<Analysis>& before);

  RuleInput input() const {
    return {program(),
            contexts_->guards,
            contexts_->contexts,
            contexts_->thread_guards,
            contexts_->thread_contexts,
            locks_,
            contexts_->config};
  }
  const program::Program& program() const { return *contexts_->program; }

private:
  explicit Analysis(std::unique_ptr<const program::ContextAnalysis> contexts);
  Analysis(std::unique_ptr<const program::ContextAnalysis> contexts, Analysis& before,
           const program::ProgramChange& change);

  std::unique_ptr<const program::ContextAnalysis> contexts_;
  locks::LockAnalysis locks_;
};

} // namespace lockvet::rules
