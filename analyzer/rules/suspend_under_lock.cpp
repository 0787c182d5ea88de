// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/lock_witness.h"

namespace lockvet::rules {

using namespace program;
using locks::LockEvent;

namespace {

bool isOfThread(const config::LockType* type) {
  return !type || type->kind == config::LockType::Kind::Thread ||
         type->kind == config::LockType::Kind::Spin;
}

void run(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  const locks::HeldLocks& held = input.locks.held();
  ReportedOnce reported;
  for (const LockEvent& event : held.events()) {
    if (!(event.labels & kSuspends) || (event.holds & locks::kUnheld) || event.operation ||
        event.requirement || held.entries()[event.entry].context != kInside)
      continue;
    const LockWay way = lockWay(input, event);
    if (!isOfThread(way.root.lock.type) ||
        (way.root.lock.type && way.root.lock.type->allows_suspend) ||
        !reported.isNew(input, way, ""))
      continue;
    const bool is_direct = way.way.calls.size() == 1;
    findings.push_back(lockFinding(input, kSuspendUnderLock.id, Severity::Error, way,
                                   quoted(program, way.root.function) + " holds " +
                                       lockName(input, way.root) + ", a thread's lock, and calls " +
                                       quoted(program, way.way.targets.front()) + ", which " +
                                       (is_direct ? "suspends" : "can suspend") + " the coroutine",
                                   ", which suspends the coroutine", ""));
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
