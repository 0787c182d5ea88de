// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/lock_witness.h"

namespace lockvet::rules {

using namespace program;
using locks::LockEvent;
using locks::Requirement;

namespace {

bool isMissing(const LockEvent& event) {
  if (event.requirement == Requirement::Kind::Shared)
    return event.holds == locks::bit(locks::Hold::Free);
  return event.requirement == Requirement::Kind::Exclusive &&
         (event.holds & (locks::bit(locks::Hold::Free) | locks::kAnyShared)) == event.holds;
}

void run(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  ReportedOnce reported;
  for (const LockEvent& event : input.locks.held().events()) {
    if (!event.requirement || event.holds == 0 || !isMissing(event))
      continue;
    const LockWay way = lockWay(input, event);
    // Who says that it is called by readers may be called by writers, too.
    const bool is_shared = event.holds & locks::kAnyShared;
    if (is_shared && way.root.origin == locks::HeldEntry::Origin::Required)
      continue;
    const bool is_direct = way.way.calls.size() == 1;
    if ((is_direct && compilerReports(input, program.calls()[way.way.calls.front()])) ||
        !reported.isNew(input, way, ""))
      continue;
    const std::string lock = lockName(input, way.root);
    const std::string need =
        event.requirement == Requirement::Kind::Exclusive ? "needs it exclusively" : "needs it";
    findings.push_back(lockFinding(
        input, kLockRequired.id, Severity::Error, way,
        quoted(program, way.root.function) +
            (is_shared ? " holds " + lock + " shared only" : " does not hold " + lock) +
            " and calls " + quoted(program, way.way.targets.front()) + ", which " +
            (is_direct ? "" : "reaches " + quoted(program, event.target) + ", which ") + need,
        ", which " + need, ""));
  }
}

} // namespace

const Rule kLockRequired = {
    "lock-required", "A lock is not held where a callee needs it.",
    "The compiler sees one function at a time and believes it; this is where a requirement is lost "
    "between functions, behind a pointer or in one without markers. Take the lock, or hand the "
    "requirement on to the callers.",
    Severity::Error, run};

} // namespace lockvet::rules
