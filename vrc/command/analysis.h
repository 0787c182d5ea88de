// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The program behind a session's graph, as the rules see it. Takes some seconds to load for a
// tree of QEMU's size, so it is made when a command first needs it. Owned by the session.

#pragma once

#include "analyzer/rules/analysis.h"

#include <memory>
#include <string>

namespace lockvet::command {

class Analysis {
public:
  static llvm::Expected<std::unique_ptr<Analysis>> load(const std::string& database,
                                                        const config::Config& config);

  rules::RuleInput input() const { return analysis_->input(); }
  const program::Program& program() const { return analysis_->program(); }
  llvm::Expected<rules::Findings> run(llvm::ArrayRef<std::string> only) const;

private:
  explicit Analysis(std::unique_ptr<rules::Analysis> analysis) : analysis_(std::move(analysis)) {}

  std::unique_ptr<rules::Analysis> analysis_;
};

} // namespace lockvet::command
