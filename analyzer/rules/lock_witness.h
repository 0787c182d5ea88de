// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Findings about locks: words for locks and holds, and witnesses from where a lock is held to what
// happens under it. Helpers of the lock rules; stateless.

#pragma once

#include "analyzer/rules/witness.h"

namespace lockvet::rules {

/// A lock event with the way that leads to it.
struct LockWay {
  const locks::LockEvent* event = nullptr;
  locks::HeldEntry root;
  locks::HeldLocks::Way way;
};

/// One for each call with which a holder of the lock sets off the event.
std::vector<LockWay> lockWays(const RuleInput& input, const locks::LockEvent& event);

/// "graph_lock", "BDRVQcow2State::lock"
std::string lockName(const RuleInput& input, const locks::HeldEntry& entry);

/// The severity of what happens behind calls under a lock: of one whose configuration says so, a
/// warning where a callee makes the next of these on some of its ways only.
Severity graded(const RuleInput& input, Severity severity, const config::LockType* type,
                llvm::ArrayRef<std::pair<uint32_t, program::EdgeKind>> calls);

/// How the lock is held at the event: "exclusively", "shared", "".
std::string holdWords(locks::Holds holds);

/// Why an entry's lock is held at a call of its function, or is not: where it is taken or given
/// back, or what says so.
Step heldStep(const RuleInput& input, uint32_t entry, uint32_t call, const std::string& lock,
              bool is_held = true);

/// A finding in the function that holds the lock, at the call that leads to the event. The witness
/// says why the lock is held, then each call, and last, in `last`, what happens.
Finding lockFinding(const RuleInput& input, llvm::StringRef rule, Severity severity,
                    const LockWay& way, std::string message, llvm::StringRef last);

/// "; 3 others call it under the lock, too" where a finding stands for several holders.
std::string otherHolders(size_t others);

/// Makes a finding the same whichever holder of the lock it is shown with.
void foldIdentity(const RuleInput& input, const LockWay& way, Finding& finding);

/// Has the compiler's own analysis said something of a place?
bool compilerReports(const RuleInput& input, const program::Call& call);

/// "f()"
std::string quoted(const program::Program& program, program::Id function);

} // namespace lockvet::rules
