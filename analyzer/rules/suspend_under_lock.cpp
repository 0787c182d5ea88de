// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/lock_frontier.h"

namespace lockvet::rules {

using namespace program;
using locks::LockEvent;

namespace {

std::optional<unsigned> rankOfSuspension(const LockEvent& event) {
  if (!(event.labels & (kSuspends | kBlocking)) || (event.holds & locks::kUnheld))
    return std::nullopt;
  return 0;
}

/// Where a finding stands for several calls.
std::string otherCalls(size_t others) {
  return others == 0 ? ""
         : others == 1
             ? "; one other call under the lock leads there, too"
             : "; " + std::to_string(others) + " other calls under the lock lead there, too";
}

/// A thread's lock is in the way in coroutines only: how its holder comes to be in one, first.
void addContextSteps(const RuleInput& input, const locks::HeldEntry& root, Finding& finding) {
  if (root.context != kInside || input.program.isCoroutineFn(root.function))
    return;
  const std::optional<Way> way = input.contexts.wayInto(root.function, kInside);
  if (!way)
    return;
  std::vector<Step> steps = waySteps(input, *way, root.function, kInside);
  finding.witness.insert(finding.witness.begin(), steps.begin(), steps.end());
  finding.confidence = std::max(finding.confidence, confidenceOf(*way));
}

void checkSuspendUnderLock(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  for (const auto& [way, others] : foldedByEnd(input, worstAtFrontiers(input, rankOfSuspension))) {
    const bool is_direct = way.way.calls.size() == 1;
    const bool is_spin =
        way.root.lock.type && way.root.lock.type->kind == config::LockType::Kind::Spin;
    const std::string what = is_spin ? "sleeps" : "suspends the coroutine";
    const std::string can = is_spin ? "can sleep" : "can suspend the coroutine";
    Finding finding =
        lockFinding(input, kSuspendUnderLock.id, Severity::Error, way,
                    quoted(program, way.root.function) + " holds " + lockName(input, way.root) +
                        (is_spin ? ", under which nothing may sleep, and calls "
                                 : ", a thread's lock, and calls ") +
                        quoted(program, way.way.targets.front()) + ", which " +
                        (is_direct ? what : can) + otherCalls(others),
                    ", which " + what);
    if (!is_spin)
      addContextSteps(input, way.root, finding);
    // The same whichever of the calls it is shown with.
    finding.identity = {program.function(program.calls()[way.way.calls.back()].caller).usr.str(),
                        program.function(way.way.targets.back()).usr.str(),
                        lockName(input, way.root)};
    findings.push_back(std::move(finding));
  }
}

} // namespace

const Rule kSuspendUnderLock = {
    "suspend-under-lock",
    "A coroutine suspends while it holds a thread's lock, or something sleeps under a spin lock.",
    "While it is suspended its thread goes on with something else that may want the lock, and the "
    "coroutine may wake in another thread, which must not give it back. Give the lock back first, "
    "or use a coroutine's own lock.",
    Severity::Error, checkSuspendUnderLock};

} // namespace lockvet::rules
