// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/analysis.h"

namespace lockvet::rules {

Analysis::Analysis(config::Config config, std::unique_ptr<program::Program> program,
                   program::ContextGuards guards)
    : config_(std::move(config)), program_(std::move(program)), guards_(std::move(guards)),
      contexts_(std::make_unique<program::ContextInference>(*program_, guards_, config_)) {}

llvm::Expected<std::unique_ptr<Analysis>> Analysis::load(store::Store& store,
                                                         const config::Config& config) {
  llvm::Expected<std::unique_ptr<program::Program>> program = program::Program::load(store, config);
  if (!program)
    return program.takeError();
  llvm::Expected<program::ContextGuards> guards =
      program::ContextGuards::compute(store, **program, config);
  if (!guards)
    return guards.takeError();
  std::unique_ptr<Analysis> analysis(new Analysis(config, std::move(*program), std::move(*guards)));
  llvm::Expected<std::unique_ptr<locks::LockAnalysis>> locks = locks::LockAnalysis::compute(
      store, *analysis->program_, analysis->guards_, *analysis->contexts_, analysis->config_);
  if (!locks)
    return locks.takeError();
  analysis->locks_ = std::move(*locks);
  return analysis;
}

} // namespace lockvet::rules
