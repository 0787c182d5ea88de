// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/lock_witness.h"

#include <optional>

namespace lockvet::rules {

using namespace program;
using locks::LockEvent;
using locks::Operation;
using locks::Requirement;

namespace {

/// What is wrong with an event under a lock; no value where nothing is.
std::optional<std::string> offenceOf(const LockEvent& event, const config::LockType* type) {
  if (event.requirement == Requirement::Kind::Excluded)
    return "must not be called with it held";
  const bool is_reentrant = type && type->is_reentrant;
  if (event.operation == Operation::Acquire && (event.holds & locks::kAnyShared) == event.holds)
    return "takes it exclusively, which waits for all readers";
  if (event.operation == Operation::Acquire && !is_reentrant)
    return "takes it again";
  return std::nullopt;
}

void run(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  ReportedOnce reported;
  for (const LockEvent& event : input.locks.held().events()) {
    if ((event.holds & locks::kUnheld) || (!event.operation && !event.requirement))
      continue;
    const LockWay way = lockWay(input, event);
    std::optional<std::string> offence = offenceOf(event, way.root.lock.type);
    if (!offence || (way.way.calls.size() == 1 &&
                     compilerReports(input, program.calls()[way.way.calls.front()])))
      continue;
    if (!reported.isNew(input, way, ""))
      continue;
    const std::string lock = lockName(input, way.root);
    const std::string hold = holdWords(event.holds);
    const bool is_direct = way.way.calls.size() == 1;
    findings.push_back(lockFinding(
        input, kLockExcluded.id, Severity::Error, way,
        quoted(program, way.root.function) + " holds " + lock + (hold.empty() ? "" : " " + hold) +
            " and calls " + quoted(program, way.way.targets.front()) + ", which " +
            (is_direct ? "" : "reaches " + quoted(program, event.target) + ", which ") + *offence,
        ", which " + *offence, ""));
  }
}

} // namespace

const Rule kLockExcluded = {
    "lock-excluded", "A lock is held where a callee takes it, or must not find it held.",
    "A lock that is not reentrant is waited for by its own holder, for ever; so is a writer's lock "
    "that a reader asks for. Give the lock back before the call, or call a variant that expects it "
    "held.",
    Severity::Error, run};

} // namespace lockvet::rules
