// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/analysis.h"

namespace lockvet::rules {

Analysis::Analysis(std::unique_ptr<const program::ContextAnalysis> contexts)
    : contexts_(std::move(contexts)),
      locks_(*contexts_->program, contexts_->skeletons, contexts_->callers, contexts_->guards,
             contexts_->contexts, contexts_->config) {}

Analysis::Analysis(std::unique_ptr<const program::ContextAnalysis> contexts, Analysis& before,
                   const program::ProgramChange& change)
    : contexts_(std::move(contexts)),
      locks_(*contexts_->program, contexts_->skeletons, contexts_->callers, contexts_->guards,
             contexts_->contexts, contexts_->config, before.locks_, change) {}

llvm::Expected<std::unique_ptr<Analysis>> Analysis::load(store::Store& store,
                                                         const config::Config& config) {
  llvm::Expected<std::unique_ptr<const program::ContextAnalysis>> contexts =
      program::ContextAnalysis::load(store, config);
  if (!contexts)
    return contexts.takeError();
  return std::unique_ptr<Analysis>(new Analysis(std::move(*contexts)));
}

llvm::Expected<std::unique_ptr<Analysis>> Analysis::reload(store::Store& store,
                                                           std::unique_ptr<Analysis>& before) {
  std::unique_ptr<const program::ProgramChange> change;
  llvm::Expected<std::unique_ptr<const program::ContextAnalysis>> contexts =
      program::ContextAnalysis::load(store, *before->contexts_, change);
  if (!contexts)
    return contexts.takeError();
  std::unique_ptr<Analysis> now(new Analysis(std::move(*contexts), *before, *change));
  before.reset();
  return now;
}

} // namespace lockvet::rules
