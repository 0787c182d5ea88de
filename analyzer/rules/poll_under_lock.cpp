// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/lock_witness.h"

namespace lockvet::rules {

using namespace program;
using locks::LockEvent;

namespace {

/// Draining, and waiting while others can't even read, never ends well; a poll under a reader's
/// lock works as long as nobody wants to write.
Severity severityOf(const LockEvent& event) {
  return (event.labels & kDrains) || !(event.holds & locks::kAnyShared) ? Severity::Error
                                                                        : Severity::Warning;
}

void run(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  ReportedOnce reported;
  for (const LockEvent& event : input.locks.held().events()) {
    if (!(event.labels & (kPolls | kDrains)) || (event.holds & locks::kUnheld) || event.operation ||
        event.requirement)
      continue;
    const LockWay way = lockWay(input, event);
    if (way.root.lock.type && way.root.lock.type->allows_poll)
      continue;
    const bool drains = event.labels & kDrains;
    const std::string what = drains ? "drains" : "polls";
    if (!reported.isNew(input, way, what))
      continue;
    const std::string lock = lockName(input, way.root);
    const std::string hold = holdWords(event.holds);
    const std::string first = quoted(program, way.way.targets.front());
    const bool is_direct = way.way.calls.size() == 1;
    findings.push_back(lockFinding(
        input, kPollUnderLock.id, severityOf(event), way,
        quoted(program, way.root.function) + " holds " + lock + (hold.empty() ? "" : " " + hold) +
            " and calls " + first + ", which " +
            (is_direct ? "" : "reaches " + quoted(program, event.target) + ", which ") +
            (drains ? "waits until requests are done" : "runs an event loop"),
        drains ? ", which waits until requests are done" : ", which runs an event loop", what));
  }
}

} // namespace

const Rule kPollUnderLock = {
    "poll-under-lock", "An event loop is run, or drained, while a lock is held.",
    "What the loop waits for may need the lock, in this thread or another; then it waits for "
    "ever. Move the wait out of the lock, or take the lock later. A lock that may be held there "
    "says so under `locks` in .lockvet.yaml (`allows: [poll]`).",
    Severity::Error, run};

} // namespace lockvet::rules
