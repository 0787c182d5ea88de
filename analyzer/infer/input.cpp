// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/input.h"

namespace lockvet::infer {

Loaded::Loaded(std::unique_ptr<const program::ContextAnalysis> contexts)
    : contexts_(std::move(contexts)),
      locks_(*contexts_->program, contexts_->skeletons, contexts_->callers, contexts_->guards,
             contexts_->config) {}

llvm::Expected<std::unique_ptr<Loaded>> Loaded::load(store::Store& store,
                                                     const config::Config& config) {
  llvm::Expected<std::unique_ptr<const program::ContextAnalysis>> contexts =
      program::ContextAnalysis::load(store, config);
  if (!contexts)
    return contexts.takeError();
  return std::unique_ptr<Loaded>(new Loaded(std::move(*contexts)));
}

} // namespace lockvet::infer
