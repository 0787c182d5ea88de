// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/lock_frontier.h"

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

std::optional<unsigned> rankOfWait(const LockEvent& event) {
  if (!(event.labels & (kPolls | kDrains)) || (event.holds & locks::kUnheld))
    return std::nullopt;
  return severityOf(event) == Severity::Error ? 0 : 1;
}

Finding findingOf(const RuleInput& input, const LockWay& way, size_t others) {
  const Program& program = input.program;
  const std::string lock = lockName(input, way.root);
  const std::string hold = holdWords(way.event->holds);
  const bool is_direct = way.way.calls.size() == 1;
  const std::string what =
      way.event->labels & kDrains ? "waits until requests are done" : "runs an event loop";
  return lockFinding(
      input, kPollUnderLock.id, severityOf(*way.event), way,
      quoted(program, way.root.function) + " holds " + lock + (hold.empty() ? "" : " " + hold) +
          " and calls " + quoted(program, way.way.targets.front()) + ", which " +
          (is_direct ? "" : "reaches " + quoted(program, way.event->target) + ", which ") + what +
          otherHolders(others),
      ", which " + what);
}

void checkPollUnderLock(const RuleInput& input, Findings& findings) {
  const std::set<Frontier> excluded = excludedFrontiers(input);
  std::vector<LockWay> tolerated;
  for (LockWay& way : worstAtFrontiers(input, rankOfWait)) {
    if (excluded.contains(frontierOf(input, way)))
      continue;
    if (severityOf(*way.event) == Severity::Error)
      findings.push_back(findingOf(input, way, 0));
    else
      tolerated.push_back(std::move(way));
  }
  // Where many poll in the same way, it is a habit of the tree, and not so many mistakes.
  for (const auto& [way, others] : foldedByCallee(input, std::move(tolerated))) {
    Finding finding = findingOf(input, way, others);
    foldIdentity(input, way, finding);
    findings.push_back(std::move(finding));
  }
}

} // namespace

const Rule kPollUnderLock = {
    "poll-under-lock", "An event loop is run, or drained, while a lock is held.",
    "What the loop waits for may need the lock, in this thread or another; then it waits for "
    "ever. Move the wait out of the lock, or take the lock later. A lock that may be held there "
    "says so under `locks` in .lockvet.yaml (`allows: [poll]`).",
    Severity::Error, checkPollUnderLock};

} // namespace lockvet::rules
