// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/lock_frontier.h"

namespace lockvet::rules {

using namespace program;
using locks::LockEvent;

namespace {

/// One offence is as bad as another.
std::optional<unsigned> rankOfExclusion(const RuleInput& input, const LockEvent& event) {
  return exclusionOffence(input, event) ? std::optional<unsigned>(0) : std::nullopt;
}

void checkLockExcluded(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  for (const LockWay& way :
       worstAtFrontiers(input, [&](const LockEvent& event) { return rankOfExclusion(input, event); })) {
    const bool is_direct = way.way.calls.size() == 1;
    if (is_direct && compilerReports(input, program.calls()[way.way.calls.front()]))
      continue;
    const std::string offence = *exclusionOffence(input, *way.event);
    const std::string lock = lockName(input, way.root);
    const std::string hold = holdWords(way.event->holds);
    findings.push_back(lockFinding(
        input, kLockExcluded.id, Severity::Error, way,
        quoted(program, way.root.function) + " holds " + lock + (hold.empty() ? "" : " " + hold) +
            " and calls " + quoted(program, way.way.targets.front()) + ", which " +
            (is_direct ? "" : "reaches " + quoted(program, way.event->target) + ", which ") +
            offence,
        ", which " + offence));
  }
}

} // namespace

const Rule kLockExcluded = {
    "lock-excluded", "A lock is held where a callee takes it, or must not find it held.",
    "A lock that is not reentrant is waited for by its own holder, for ever; so is a writer's lock "
    "that a reader asks for. Give the lock back before the call, or call a variant that expects it "
    "held.",
    Severity::Error, checkLockExcluded};

} // namespace lockvet::rules
