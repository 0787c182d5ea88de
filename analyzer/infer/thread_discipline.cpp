// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/thread_discipline.h"

#include "llvm/ADT/STLExtras.h"

namespace lockvet::infer {

using namespace program;
using Kind = Answer::Kind;

std::optional<Way> sureWayOutside(const Input& input, const Call& call) {
  std::optional<Way> way = input.thread_contexts.wayTo(call, kOutside);
  const ContextDimension& dimension = input.thread_guards.dimension();
  if (!way || way->is_ambiguous ||
      (way->kind == RootKind::Marked &&
       dimension.isEither(input.program.function(way->root).labels)))
    return std::nullopt;
  return way;
}

ThreadDiscipline::ThreadDiscipline(const Input& input, MarkerKind kind,
                                   const llvm::DenseSet<Id>& settled)
    : input_(input), kind_(kind), label_(labelNamed(wordFor(kind))), settled_(settled) {
  for (const Registration& registration : input.program.registrations().all()) {
    std::optional<Context> context = input.thread_guards.dimension().contextOf(registration);
    if (context)
      (*context == kInside ? in_main_loop_ : in_pool_).insert(registration.slot);
  }
}

/// Is whoever calls the function bound to the main loop, whatever way it takes through its body?
/// A marker that is a statement holds where it stands.
bool ThreadDiscipline::isBound(Id function) const {
  const Labels labels = input_.program.function(function).labels;
  const ContextDimension& dimension = input_.thread_guards.dimension();
  if (input_.thread_guards.isBoundByMarker(function, labels))
    return true;
  return (dimension.isAsserting(labels) || !dimension.isMarked(labels)) &&
         input_.thread_guards.exits(function) == kInside &&
         !input_.thread_guards.isPredicate(function);
}

/// By the predicate, and not by calling what does.
bool ThreadDiscipline::assertsByItself(Id function) const {
  std::optional<size_t> deciding = input_.thread_guards.decidingCall(function);
  return deciding && input_.thread_guards.exits(function) == kInside &&
         input_.thread_guards.isPredicate(input_.program.calls()[*deciding].callee) &&
         llvm::none_of(input_.program.callsOf(function), [&](const Call& call) {
           return call.callee != kNoId && isBound(call.callee);
         });
}

void ThreadDiscipline::addSeeds(Needs& needs) const {
  const Program& program = input_.program;
  const ContextDimension& dimension = input_.thread_guards.dimension();
  auto has = [&](Labels labels) {
    return (labels & label_) && (kind_ == MarkerKind::IoOrGs || !dimension.isEither(labels));
  };
  for (Id function = 1; function < program.functions().size(); ++function) {
    Need need;
    need.subject.function = function;
    need.kind = kind_;
    if (has(program.function(function).labels)) {
      if (kind_ == MarkerKind::IoOrGs || isBound(function))
        needs.add(std::move(need));
    } else if (kind_ == MarkerKind::MainLoop &&
               !dimension.isMarked(program.function(function).labels) &&
               assertsByItself(function)) {
      need.source = Need::Source::Observed;
      need.place = program.calls()[*input_.thread_guards.decidingCall(function)].place;
      need.observation = "asserts that it is in the main loop";
      needs.add(std::move(need));
    }
  }
  for (Id slot = 1; slot < program.slots().size(); ++slot)
    if (has(program.slot(slot).labels)) {
      Need need;
      need.subject.slot = slot;
      need.kind = kind_;
      needs.add(std::move(need));
    }
}

Answer ThreadDiscipline::answer(const Need&, uint32_t position) {
  const Id caller = input_.program.calls()[position].caller;
  const Contexts at = input_.thread_guards.at(position);
  if (at == 0)
    return {};
  if (!(at & kOutside))
    return {Kind::Given};
  const Labels labels = input_.program.function(caller).labels;
  if (input_.thread_guards.dimension().isMarked(labels)) {
    // What is for both often says more than is true; and I/O code may be in its object's thread.
    if (labels & (label_ | kMainLoop))
      return {Kind::Given};
    return {kind_ == MarkerKind::MainLoop && !(labels & kEitherThread) ? Kind::Broken
                                                                       : Kind::Unknown};
  }
  if (settled_.contains(caller))
    return {};
  return answerOfUnmarked(caller, position);
}

Answer ThreadDiscipline::answerOfUnmarked(Id caller, uint32_t position) {
  const Program& program = input_.program;
  if (input_.thread_guards.at(position) == kOutside && kind_ == MarkerKind::MainLoop)
    return {Kind::Broken};
  if (isOptional(program, input_.thread_guards, position, [&](uint32_t calling) {
        const Id other = program.calls()[calling].caller;
        return other == kNoId || !(program.function(other).labels & (label_ | kMainLoop));
      }))
    return {};
  // Where no other thread is known to come, it runs where its callers do: no marker says more. And
  // where any may come it would be wrong.
  const Call& call = program.calls()[position];
  const bool is_elsewhere = input_.thread_contexts.isReached(caller, kOutside);
  if (kind_ == MarkerKind::IoOrGs)
    return {is_elsewhere && !sureWayOutside(input_, call) ? Kind::Open : Kind::Unknown};
  if (input_.thread_guards.exits(caller) == kInside)
    return {Kind::Open};
  // Only some ways lead to the call. Others may be for other threads, if any come here.
  if (is_elsewhere) {
    if (sureWayOutside(input_, call))
      torn_.insert({caller, position});
    return {};
  }
  const bool is_perhaps_elsewhere = input_.thread_contexts.wayInto(caller, kOutside).has_value() &&
                                    !input_.thread_contexts.isReached(caller, kInside);
  return {is_perhaps_elsewhere ? Kind::Unknown : Kind::Open};
}

Answer::Kind ThreadDiscipline::mayCarry(const Need&, Id slot) {
  if (in_pool_.contains(slot) && kind_ == MarkerKind::MainLoop)
    return Kind::Broken;
  const bool is_given =
      (input_.program.slot(slot).labels & (label_ | kMainLoop)) || in_main_loop_.contains(slot);
  return is_given ? Kind::Given : Kind::Unknown;
}

bool ThreadDiscipline::isEnteredWithout(const Need&) {
  return false; // pools are asked by their parameters, and programs start in the main loop
}

} // namespace lockvet::infer
