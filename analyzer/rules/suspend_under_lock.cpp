// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/lock_frontier.h"

namespace lockvet::rules {

using namespace program;
using locks::LockEvent;

namespace {

bool isOfThread(const config::LockType* type) {
  return !type || type->kind == config::LockType::Kind::Thread ||
         type->kind == config::LockType::Kind::Spin;
}

std::optional<unsigned> rankOf(const RuleInput& input, const LockEvent& event) {
  const locks::HeldEntry& entry = input.locks.held().entries()[event.entry];
  const config::LockType* type = entry.lock.type;
  if (!(event.labels & kSuspends) || (event.holds & locks::kUnheld) || event.operation ||
      event.requirement || entry.context != kInside || !isOfThread(type) ||
      (type && type->allows_suspend))
    return std::nullopt;
  return 0;
}

void run(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  for (const auto& [way, others] : foldedByCallee(
           input,
           worstAtFrontiers(input, [&](const LockEvent& event) { return rankOf(input, event); }))) {
    const bool is_direct = way.way.calls.size() == 1;
    Finding finding =
        lockFinding(input, kSuspendUnderLock.id, Severity::Error, way,
                    quoted(program, way.root.function) + " holds " + lockName(input, way.root) +
                        ", a thread's lock, and calls " + quoted(program, way.way.targets.front()) +
                        ", which " + (is_direct ? "suspends" : "can suspend") + " the coroutine" +
                        otherHolders(others),
                    ", which suspends the coroutine", "");
    foldIdentity(input, way, finding);
    findings.push_back(std::move(finding));
  }
}

} // namespace

const Rule kSuspendUnderLock = {
    "suspend-under-lock", "A coroutine suspends while it holds a thread's lock.",
    "While it is suspended its thread goes on with something else that may want the lock, and the "
    "coroutine may wake in another thread, which must not give it back. Give the lock back first, "
    "or use a coroutine's own lock.",
    Severity::Error, run};

} // namespace lockvet::rules
