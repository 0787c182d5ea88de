// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Guards of a program that was loaded again: what nothing has changed for stays as it was found
// before, and the rest is found anew, with the same result as from the start.

#include "analyzer/program/guard_analysis.h"

namespace lockvet::program {

namespace {

/// What is in one of two sets of functions only.
template <class Visit>
void forEachDifference(const llvm::DenseSet<Id>& one, const llvm::DenseSet<Id>& other,
                       Visit visit) {
  for (Id function : one)
    if (!other.contains(function))
      visit(function);
  for (Id function : other)
    if (!one.contains(function))
      visit(function);
}

} // namespace

/// Does what was found of a function have its callers looked at?
bool GuardAnalysis::tellsCallers(Id function) const {
  auto found = guards_.bodies_.find(function);
  if (found == guards_.bodies_.end())
    return false;
  const ContextGuards::Exits& body = found->second;
  const bool asserts = body.exits != kEither || !body.conditional_exits.empty();
  return (asserts && !saysSoItself(function)) || guards_.answer(function, kInside) != kUnknown ||
         guards_.answer(function, kOutside) != kUnknown;
}

void GuardAnalysis::keep(Id function, const ContextGuards& before, const ProgramChange& change) {
  guards_.analyzed_.insert(function);
  for (const Call& call : program_.callsOf(function)) {
    const auto now = static_cast<uint32_t>(program_.indexOf(call));
    const uint32_t then = *change.before(now);
    if (const Contexts contexts = before.at(then); contexts != kEither)
      guards_.at_call_[now] = contexts;
    guards_.conditions_.erase(now);
    if (const llvm::ArrayRef<ParameterCondition> known = before.conditions(then); !known.empty())
      guards_.conditions_[now].assign(known.begin(), known.end());
  }
  auto found = before.bodies_.find(function);
  if (found == before.bodies_.end())
    return;
  ContextGuards::Exits& body = guards_.bodies_[function];
  body = found->second;
  body.deciding = *change.now(static_cast<uint32_t>(body.deciding));
}

/// The work is what must be found anew; all else is kept.
void GuardAnalysis::reuse(const ContextGuards& before, const ProgramChange& change) {
  llvm::DenseSet<Id> affected;
  llvm::SmallVector<Id> waiting;
  auto affect = [&](Id function) {
    if (function < program_.functions().size() && affected.insert(function).second)
      waiting.push_back(function);
  };
  auto affectWithCallers = [&](Id function) {
    affect(function);
    forEachCaller(function, affect);
  };
  for (Id id = 1; id < program_.functions().size(); ++id) {
    if (change.isChanged(id))
      affect(id);
    if (change.isRelabelled(id))
      affectWithCallers(id);
  }
  forEachDifference(before.never_returns_, guards_.never_returns_, affectWithCallers);
  forEachDifference(before.asking_, guards_.asking_, affectWithCallers);
  forEachDifference(before.begun_, guards_.begun_, affect);
  for (const auto& [call, arguments] : guards_.arguments_)
    if (const std::optional<uint32_t> then = change.before(static_cast<uint32_t>(call));
        then && before.arguments(*then) != llvm::ArrayRef<KnownArgument>(arguments))
      affect(program_.calls()[call].caller);
  for (const auto& [call, arguments] : before.arguments_)
    if (const std::optional<uint32_t> now = change.now(static_cast<uint32_t>(call));
        now && guards_.arguments(*now).empty())
      affect(program_.calls()[*now].caller);
  // What was found of one of them may be known no more, and with it what its callers made of that.
  while (!waiting.empty()) {
    const Id function = waiting.pop_back_val();
    guards_.found_.insert(function);
    if (before.bodies_.contains(function))
      forEachCaller(function, affect);
  }
  const llvm::SetVector<Id> all_work = std::move(work_);
  work_.clear();
  for (Id function : all_work)
    if (affected.contains(function))
      work_.insert(function);
  for (Id function : before.analyzed_)
    if (function < program_.functions().size() && !affected.contains(function))
      keep(function, before, change);
  for (const auto& [function, body] : guards_.bodies_)
    if (tellsCallers(function))
      forEachCaller(function, [&](Id caller) {
        if (affected.contains(caller))
          work_.insert(caller);
      });
}

} // namespace lockvet::program
