// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/input.h"

namespace lockvet::infer {

Loaded::Loaded(config::Config config, std::unique_ptr<program::Program> program,
               program::ContextGuards guards, program::ContextGuards thread_guards)
    : config_(std::move(config)), program_(std::move(program)), guards_(std::move(guards)),
      thread_guards_(std::move(thread_guards)),
      contexts_(std::make_unique<program::ContextInference>(*program_, guards_)),
      thread_contexts_(std::make_unique<program::ContextInference>(*program_, thread_guards_)) {}

llvm::Expected<std::unique_ptr<Loaded>> Loaded::load(store::Store& store,
                                                     const config::Config& config) {
  llvm::Expected<std::unique_ptr<program::Program>> program = program::Program::load(store, config);
  if (!program)
    return program.takeError();
  using program::ContextDimension, program::ContextGuards;
  llvm::Expected<ContextGuards> guards =
      ContextGuards::compute(store, **program, ContextDimension::coroutines(config));
  if (!guards)
    return guards.takeError();
  llvm::Expected<ContextGuards> thread_guards =
      ContextGuards::compute(store, **program, ContextDimension::threads(config), &*guards);
  if (!thread_guards)
    return thread_guards.takeError();
  std::unique_ptr<Loaded> loaded(
      new Loaded(config, std::move(*program), std::move(*guards), std::move(*thread_guards)));
  llvm::Expected<std::unique_ptr<LockSummary>> locks =
      LockSummary::compute(store, *loaded->program_, loaded->guards_, loaded->config_);
  if (!locks)
    return locks.takeError();
  loaded->locks_ = std::move(*locks);
  return loaded;
}

} // namespace lockvet::infer
