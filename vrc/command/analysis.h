// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The program behind a session's graph, as the rules see it. Takes about a second to load for a
// tree of QEMU's size, so it is made when a command first needs it. Owned by the session.

#pragma once

#include "analyzer/rules/registry.h"

#include <memory>
#include <string>

namespace lockvet::command {

class Analysis {
public:
  static llvm::Expected<std::unique_ptr<Analysis>> load(const std::string& database,
                                                        const config::Config& config);

  rules::RuleInput input() const { return {*program_, guards_, *contexts_}; }
  const program::Program& program() const { return *program_; }
  llvm::Expected<rules::Findings> run(llvm::ArrayRef<std::string> only) const;

private:
  Analysis(config::Config config, std::unique_ptr<program::Program> program,
           program::ContextGuards guards);

  config::Config config_;
  std::unique_ptr<program::Program> program_;
  program::ContextGuards guards_;
  std::unique_ptr<program::ContextInference> contexts_;
};

} // namespace lockvet::command
