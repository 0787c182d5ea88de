// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds findings and their witnesses: turns calls, markers and the ways of the context inference
// into steps that a person can follow. Helpers of all rules; stateless.

#pragma once

#include "analyzer/rules/rule.h"

namespace lockvet::rules {

/// "coroutine_fn" and the like, in the words of the marker.
llvm::StringRef markerName(program::Labels labels);

Step stepAt(const program::Program& program, program::Id function, program::Place place,
            std::string reason);

/// "calls f()", "calls f() through Record::field", "runs f() at the end of the scope".
Step callStep(const program::Program& program, const program::Call& call, program::Id target,
              program::EdgeKind edge);

/// Where a function says that it is what it is: its marker's place, or its own.
Step markerStep(const program::Program& program, program::Id function, program::Labels label);

/// All steps of a way to `function`: why its root runs in the context, then each call.
std::vector<Step> waySteps(const RuleInput& input, const program::Way& way, program::Id function,
                           program::Context context);
std::vector<Step> waySteps(const program::Program& program, const program::ContextGuards& guards,
                           const program::Way& way, program::Id function, program::Context context);

/// Does the way start at a function that is marked for both contexts? Such a marker often says more
/// than is true.
bool startsMixed(const RuleInput& input, const program::Way& way);

/// "; called by f() and 3 other callers" where a finding at a call stands for more callers than the
/// one that its witness comes by; else "".
std::string otherCallers(const RuleInput& input, const program::Call& call, const program::Way& way,
                         program::Context context);

/// "; called by f() and 3 other callers"
std::string otherCallers(const program::Program& program, program::Id first, size_t others);

/// Adds how the code itself knows the context at a call, if it does.
void addGuardStep(const RuleInput& input, const program::Call& call, std::vector<Step>& steps);

/// Why an unmarked function asserts that it is in a context: down to the predicate.
void addAssertionSteps(const RuleInput& input, program::Id function, std::vector<Step>& steps);

/// A finding at a call: place, function and identity filled in.
Finding findingAt(const RuleInput& input, llvm::StringRef rule, Severity severity,
                  const program::Call& call, std::string message);

Confidence confidenceOf(program::EdgeKind weakest);
Confidence confidenceOf(const program::Way& way);

/// Inserts a marker in front of the name in each declaration that lacks it.
std::vector<FixIt> insertMarker(const program::Program& program, program::Id function,
                                llvm::StringRef marker);

} // namespace lockvet::rules
