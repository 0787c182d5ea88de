// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All rules, and how a set of them is run over a program.

#pragma once

#include "analyzer/config/config.h"
#include "analyzer/rules/rule.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace lockvet::rules {

/// In alphabetical order; the compiler's warning groups are among them, without a function.
llvm::ArrayRef<Rule> allRules();

/// Null if there is none of that id.
const Rule* findRule(llvm::StringRef id);

/// Runs the rules named in `only` (all, if it is empty), at the levels of the configuration. The
/// findings are sorted by place, each with its fingerprint; guesses (Confidence::Type) are left out
/// unless `with_guesses`. Unknown ids in `only` or the
/// configuration are an error.
/// Whether there is a rule of that id, of the built-in ones or the configuration's own.
bool isRule(llvm::StringRef id, const config::Config& config);

/// Runs all rules, or those of `only`. `own` are findings of the configuration's own rules, made by
/// whoever can evaluate paths; levels, fingerprints and order are theirs, too.
llvm::Expected<Findings> runRules(const RuleInput& input, const config::Config& config,
                                  llvm::ArrayRef<std::string> only, bool with_guesses,
                                  Findings own = {});

/// 32 hexadecimal digits that stay the same when lines move: of the rule and the identity.
std::string fingerprintOf(const Finding& finding, const config::Config& config);

} // namespace lockvet::rules
