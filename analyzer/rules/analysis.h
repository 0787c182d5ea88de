// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program and all that rules need to know of it, loaded from a store: about two seconds for a
// tree of QEMU's size. Owned by whoever checks, once a run or once a session.

#pragma once

#include "analyzer/rules/registry.h"

#include <memory>
#include <string>

namespace lockvet::rules {

class Analysis {
public:
  static llvm::Expected<std::unique_ptr<Analysis>> load(store::Store& store,
                                                        const config::Config& config);

  RuleInput input() const {
    return {*program_, guards_, *contexts_, thread_guards_, *thread_contexts_, *locks_, config_};
  }
  const program::Program& program() const { return *program_; }

private:
  Analysis(config::Config config, std::unique_ptr<program::Program> program,
           program::ContextGuards guards, program::ContextGuards thread_guards);

  config::Config config_;
  std::unique_ptr<program::Program> program_;
  program::ContextGuards guards_;
  program::ContextGuards thread_guards_;
  std::unique_ptr<program::ContextInference> contexts_;
  std::unique_ptr<program::ContextInference> thread_contexts_;
  std::unique_ptr<locks::LockAnalysis> locks_;
};

} // namespace lockvet::rules
