// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The part of the rule `context` about thread pools: their threads have no event loop, so what runs
// there must not run one. A helper of that rule; stateless.

#pragma once

#include "analyzer/rules/rule.h"

namespace lockvet::rules {

/// One finding for each function that a thread pool runs and that runs an event loop, by calls that
/// are written out.
void addPoolFindings(const RuleInput& input, Findings& findings);

} // namespace lockvet::rules
