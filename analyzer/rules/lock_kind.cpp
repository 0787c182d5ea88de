// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/witness.h"

#include <optional>

namespace lockvet::rules {

using namespace program;

namespace {

using LockOf = llvm::DenseMap<Id, const config::LockType*>;

/// The functions that take a coroutine's lock, waiting for it, each with the lock. Templates of a
/// library that do so for others, such as guards, count as well: nobody mends those.
LockOf coroutineLocks(const RuleInput& input) {
  const Program& program = input.program;
  LockOf lock_of;
  llvm::SmallVector<Id> work;
  for (Id id = 1; id < program.functions().size(); ++id)
    for (const locks::LockOperation& operation : input.locks.operations().operationsOf(id))
      if (operation.type && operation.type->kind == config::LockType::Kind::Coroutine &&
          (operation.operation == locks::Operation::Acquire ||
           operation.operation == locks::Operation::AcquireShared) &&
          lock_of.insert({id, operation.type}).second)
        work.push_back(id);
  while (!work.empty()) {
    const Id callee = work.pop_back_val();
    const config::LockType* lock = lock_of.lookup(callee);
    for (uint32_t position : program.exactCallsTo(callee))
      if (const Id caller = program.calls()[position].caller;
          caller != kNoId && program.function(caller).is_of_system &&
          lock_of.insert({caller, lock}).second)
        work.push_back(caller);
  }
  return lock_of;
}

std::optional<Way> wayOutside(const RuleInput& input, const Call& call) {
  // Calls of what says or asserts that it is for coroutines are coroutine-call's.
  if (input.program.isCoroutineFn(call.callee) || input.guards.exits(call.callee) == kInside)
    return std::nullopt;
  return input.contexts.wayTo(call, kOutside);
}

Finding report(const RuleInput& input, const Call& call, const Way& way,
               const config::LockType& lock) {
  const Program& program = input.program;
  const std::string caller = program.function(call.caller).qualified_name.str() + "()";
  std::string message = caller + " can run outside coroutines and takes " + lock.name +
                        ", a coroutine's lock, by " +
                        program.function(call.callee).qualified_name.str() + "()" +
                        otherCallers(input, call, way, kOutside);
  const Severity severity = startsMixed(input, way) ? Severity::Warning : Severity::Error;
  Finding finding = findingAt(input, kLockKind.id, severity, call, std::move(message));
  finding.witness = waySteps(input, way, call.caller, kOutside);
  addGuardStep(input, call, finding.witness);
  finding.witness.push_back(callStep(program, call, call.callee, EdgeKind::Direct));
  finding.confidence = confidenceOf(way);
  return finding;
}

void checkLockKind(const RuleInput& input, Findings& findings) {
  const LockOf lock_of = coroutineLocks(input);
  if (lock_of.empty())
    return;
  llvm::DenseSet<std::pair<Id, Id>> reported;
  for (const Call& call : input.program.calls()) {
    const config::LockType* lock = lock_of.lookup(call.callee);
    // How the lock is taken inside what takes it is its own business.
    if (!lock || call.caller == kNoId || lock_of.contains(call.caller))
      continue;
    std::optional<Way> way = wayOutside(input, call);
    if (way && reported.insert({call.caller, call.callee}).second)
      findings.push_back(report(input, call, *way, *lock));
  }
}

} // namespace

const Rule kLockKind = {
    "lock-kind", "A coroutine's lock is taken where code can run outside coroutines.",
    "Who finds such a lock taken suspends until it is free, which only a coroutine can. Take it in "
    "a coroutine, or use a thread's lock if the data is used outside coroutines as well.",
    Severity::Error, checkLockKind};

} // namespace lockvet::rules
