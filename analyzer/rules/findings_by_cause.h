// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Collects the findings of a rule about calls that the wrong context reaches, and makes those that
// have one cause one finding. A helper of rules; used once a run.

#pragma once

#include "analyzer/rules/witness.h"
#include "llvm/ADT/MapVector.h"

namespace lockvet::rules {

class FindingsByCause {
public:
  /// `describe` says what is wrong with a function that makes a call, in a sentence about any of
  /// its callers.
  FindingsByCause(const RuleInput& input, llvm::StringRef rule,
                  llvm::function_ref<std::string(program::Id, const program::Call&)> describe)
      : input_(input), rule_(rule), describe_(describe) {}

  /// `finding` is about a call of `target`. If that is bound to a context only because of what it
  /// calls, many callers have one cause; what asserts the context itself means it.
  void add(const program::Call& call, program::Id target, Finding finding);

  void moveTo(Findings& findings);

private:
  /// A finding, and the caller that it is about.
  using Part = std::pair<program::Id, Finding>;

  bool isUnaware(const program::Call& call, program::Id target) const;
  Finding fold(program::Id callee, std::vector<Part> parts) const;

  const RuleInput& input_;
  llvm::StringRef rule_;
  llvm::function_ref<std::string(program::Id, const program::Call&)> describe_;
  Findings single_;
  llvm::MapVector<program::Id, std::vector<Part>> parts_of_;
};

} // namespace lockvet::rules
