// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/findings_by_cause.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <optional>

namespace lockvet::rules {

using namespace program;

namespace {

/// Must the callee not be called from a coroutine: by its marker, or since it asserts so?
bool forbidsCoroutines(const RuleInput& input, const Call& call) {
  const Program& program = input.program;
  if (call.callee == kNoId)
    return call.slot != kNoId &&
           (program.slot(call.slot).labels & (kNoCoroutineFn | kMixedFn)) == kNoCoroutineFn;
  if (program.isNoCoroutineFn(call.callee))
    return !program.isMixedFn(call.callee);
  return !program.isMarked(call.callee) && call.kind == facts::CallKind::Direct &&
         input.guards.exitsAt(call.callee, program.indexOf(call)) == kOutside;
}

/// What a call must not run in a coroutine: kNoId for the pointer itself.
struct Forbidden {
  Id target = kNoId;
  EdgeKind edge = EdgeKind::Direct;
};

/// The callee or pointer as named; else the first marked function that is behind them.
std::optional<Forbidden> forbiddenBy(const RuleInput& input, const Call& call) {
  const Program& program = input.program;
  if (forbidsCoroutines(input, call))
    return Forbidden{call.callee, EdgeKind::Direct};
  const Labels named = call.callee != kNoId ? program.function(call.callee).labels
                       : call.slot != kNoId ? program.slot(call.slot).labels
                                            : 0;
  if (named & (kCoroutineFn | kMixedFn))
    return std::nullopt; // what it holds is pointer-annotation's and annotation-mismatch's question
  std::optional<Forbidden> found;
  if (call.kind == facts::CallKind::Indirect || call.kind == facts::CallKind::Virtual)
    program.forEachTarget(call, [&](Target target) {
      if (!found && program.isNoCoroutineFn(target.function) && !program.isMixedFn(target.function))
        found = Forbidden{target.function, target.kind};
    });
  return found;
}

/// A call through a pointer or a base class where both contexts come by: which function is for
/// which is up to the objects.
bool isUpToTheObject(const RuleInput& input, const Call& call, const Forbidden& forbidden) {
  return forbidden.edge >= EdgeKind::Virtual &&
         input.guards.at(input.program.indexOf(call)) == kEither &&
         input.contexts.isReached(call.caller, kInside) &&
         input.contexts.isReached(call.caller, kOutside);
}

/// Does a call of the function around another hand over what that other call depends on?
bool tells(const RuleInput& input, size_t call, llvm::ArrayRef<ParameterCondition> conditions) {
  return llvm::all_of(conditions, [&](const ParameterCondition& condition) {
    return llvm::any_of(input.guards.arguments(call), [&](const KnownArgument& argument) {
      return argument.index == condition.index && !argument.parameter &&
             argument.value == condition.value;
    });
  });
}

/// A function for both contexts that asks a parameter knows where it is, unless a coroutine tells
/// it otherwise.
std::optional<Way> wayOfWrongArgument(const RuleInput& input, const Call& call) {
  const Program& program = input.program;
  llvm::ArrayRef<ParameterCondition> conditions = input.guards.conditions(program.indexOf(call));
  if (!(input.guards.at(program.indexOf(call)) & kInside))
    return std::nullopt;
  for (uint32_t position : program.exactCallsTo(call.caller)) {
    const Call& telling = program.calls()[position];
    if (telling.caller == kNoId || !tells(input, position, conditions))
      continue;
    std::optional<Way> way = input.contexts.wayTo(telling, kInside);
    // Of a mixed caller, too, nobody knows that it tells this in a coroutine.
    if (!way || way->is_ambiguous || startsMixed(input, *way))
      continue;
    way->calls.push_back(position);
    way->edges.push_back(telling.kind == facts::CallKind::Implicit ? EdgeKind::Implicit
                                                                   : EdgeKind::Direct);
    return way;
  }
  return std::nullopt;
}

/// How the call comes to happen in a coroutine, as far as is known.
std::optional<Way> wayInCoroutine(const RuleInput& input, const Call& call) {
  const Program& program = input.program;
  if (program.isMarked(call.caller) && !program.isCoroutineFn(call.caller) &&
      !program.isMixedFn(call.caller))
    return std::nullopt;
  if (!program.isMarked(call.caller) && input.guards.exits(call.caller) == kOutside) {
    // What is for outside coroutines only is reported where a coroutine calls it by its name;
    // entries of coroutines, pointers and virtual calls say nothing of it there.
    std::optional<Way> way = input.contexts.wayTo(call, kInside);
    const bool by_name = way && !way->edges.empty() && way->edges.back() < EdgeKind::Virtual;
    return by_name ? std::nullopt : way;
  }
  if (program.isMixedFn(call.caller) && !input.guards.conditions(program.indexOf(call)).empty())
    return wayOfWrongArgument(input, call);
  return input.contexts.wayTo(call, kInside);
}

Finding report(const RuleInput& input, const Call& call, const Way& way,
               const Forbidden& forbidden) {
  const Program& program = input.program;
  const std::string caller = program.function(call.caller).qualified_name.str() + "()";
  const Id target = forbidden.target;
  const bool is_marked_callee = target == kNoId || program.isNoCoroutineFn(target);
  std::string callee = target != kNoId ? program.function(target).qualified_name.str() + "()"
                                       : "pointer " + program.slot(call.slot).name.str();
  if (target != kNoId && call.callee == kNoId)
    callee += " through " + program.slot(call.slot).name.str();
  const std::string what = is_marked_callee ? "no_coroutine_fn " + callee
                                            : callee + ", which is for outside coroutines only,";
  std::vector<Step> steps;
  std::string message;
  Severity severity = Severity::Error;
  if (program.isCoroutineFn(call.caller)) {
    message = "coroutine_fn " + caller + " calls " + what;
    steps.push_back(markerStep(program, call.caller, kCoroutineFn));
  } else if (program.isMarked(call.caller) && way.calls.empty()) {
    const bool is_inside = input.guards.at(program.indexOf(call)) == kInside;
    message = "coroutine_mixed_fn " + caller + " calls " + what +
              (is_inside ? " where it knows that it is in a coroutine"
                         : " without knowing that it is outside a coroutine");
    steps.push_back(markerStep(program, call.caller, kMixedFn));
    severity = is_inside ? Severity::Error : Severity::Warning;
  } else {
    message = caller + " can run in a coroutine and calls " + what;
    steps = waySteps(input, way, call.caller, kInside);
    if (startsMixed(input, way))
      severity = Severity::Warning;
  }
  while (!message.empty() && message.back() == ',')
    message.pop_back();
  if (!program.isMarked(call.caller))
    message += otherCallers(input, call, way, kInside);
  Finding finding = findingAt(input, kNoCoroutineCall.id, severity, call, std::move(message));
  addGuardStep(input, call, steps);
  steps.push_back(callStep(program, call, target, forbidden.edge));
  if (target != kNoId && is_marked_callee)
    steps.push_back(markerStep(program, target, kNoCoroutineFn));
  else if (target != kNoId)
    addAssertionSteps(input, target, steps);
  finding.witness = std::move(steps);
  finding.confidence = isUpToTheObject(input, call, forbidden)
                           ? Confidence::Type
                           : std::max(confidenceOf(way), confidenceOf(forbidden.edge));
  return finding;
}

std::string describe(const RuleInput& input, Id caller, const Call& call) {
  const Program& program = input.program;
  std::string what = program.function(call.callee).qualified_name.str() + "()";
  if (program.isNoCoroutineFn(call.callee))
    what = "no_coroutine_fn " + what;
  else
    what += ", which is for outside coroutines only";
  return program.function(caller).qualified_name.str() + "() can run in a coroutine and calls " +
         what;
}

void checkNoCoroutineCall(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  llvm::DenseSet<std::pair<Id, Id>> reported;
  auto describe_call = [&](Id caller, const Call& call) { return describe(input, caller, call); };
  FindingsByCause by_cause(input, kNoCoroutineCall.id, describe_call);
  for (const Call& call : program.calls()) {
    if (call.caller == kNoId)
      continue;
    std::optional<Forbidden> forbidden = forbiddenBy(input, call);
    std::optional<Way> way = forbidden ? wayInCoroutine(input, call) : std::nullopt;
    if (!way)
      continue;
    // The same call twice in one body is one thing to mend, and so is a marker that claims too
    // much.
    const std::pair<Id, Id> cause =
        startsMixed(input, *way) && !program.isMarked(call.caller)
            ? std::pair(way->root, kNoId)
            : std::pair(call.caller, call.callee != kNoId ? call.callee : call.slot);
    if (!reported.insert(cause).second)
      continue;
    by_cause.add(call, forbidden->target, report(input, call, *way, *forbidden));
  }
  by_cause.moveTo(findings);
}

} // namespace

const Rule kNoCoroutineCall = {
    "no-coroutine-call",
    "A coroutine reaches a no_coroutine_fn, or code that asserts that it is outside coroutines.",
    "A no_coroutine_fn blocks, polls an event loop, or has a twin for coroutines. Call the twin "
    "(often the same name with co_), or move the call out of the coroutine.",
    Severity::Error, checkNoCoroutineCall};

} // namespace lockvet::rules
