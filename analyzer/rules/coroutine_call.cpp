// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/witness.h"

namespace lockvet::rules {

using namespace program;

namespace {

/// How bad a call of a coroutine_fn is where it stands; later ones are worse.
enum class Verdict : uint8_t {
  Fine,
  Unknown,  ///< nobody knows where the caller runs
  Unmarked, ///< all that is known to call the caller is in a coroutine
  Outside   ///< some way leads here outside coroutines
};

struct Judgement {
  Verdict verdict = Verdict::Fine;
  std::optional<Way> way; ///< that leads to the verdict; none where markers or guards do
};

/// Does the call run a coroutine_fn, by its name or by the marker of the pointer called through?
bool callsCoroutineFn(const Program& program, const Call& call) {
  if (call.callee != kNoId)
    return program.isCoroutineFn(call.callee);
  return call.slot != kNoId &&
         (program.slot(call.slot).labels & (kCoroutineFn | kMixedFn)) == kCoroutineFn;
}

/// Does the call run something that says nothing, and asserts that it is in a coroutine?
bool callsAsserting(const RuleInput& input, const Call& call) {
  return call.kind == facts::CallKind::Direct && call.callee != kNoId &&
         !input.program.isMarked(call.callee) && input.guards.exits(call.callee) == kInside;
}

/// The callee in the words of a message; what it is comes before or behind its name.
std::string calleeName(const Program& program, const Call& call) {
  if (call.callee == kNoId)
    return "coroutine_fn pointer " + program.slot(call.slot).name.str();
  const std::string name = program.function(call.callee).qualified_name.str() + "()";
  return program.isCoroutineFn(call.callee) ? "coroutine_fn " + name
                                            : name + ", which is for coroutines only,";
}

/// Only what is known to be outside breaks an assertion. A function for both contexts that calls an
/// asserting one means it as a guard.
Judgement judgeAsserting(const RuleInput& input, const Call& call) {
  const Program& program = input.program;
  const Contexts at = input.guards.at(program.indexOf(call));
  if (at == kOutside)
    return {Verdict::Outside, std::nullopt};
  if (!(at & kOutside) || program.isCoroutineFn(call.caller) || program.isMixedFn(call.caller))
    return {};
  if (program.isMarked(call.caller))
    return {Verdict::Outside, std::nullopt};
  std::optional<Way> way = input.contexts.wayTo(call, kOutside);
  if (!way || startsMixed(input, *way))
    return {};
  // A caller that comes here in any case is for coroutines only itself: the finding is where
  // somebody calls that by its name. Threads, pointers and virtual calls have no such place.
  const bool by_name = !way->edges.empty() && way->edges.back() < EdgeKind::Virtual;
  if (by_name && input.guards.exits(call.caller) == kInside)
    return {};
  return {Verdict::Outside, std::move(way)};
}

Judgement judge(const RuleInput& input, const Call& call) {
  const Program& program = input.program;
  if (callsAsserting(input, call))
    return judgeAsserting(input, call);
  const Contexts at = input.guards.at(program.indexOf(call));
  if (!(at & kOutside) || program.isCoroutineFn(call.caller))
    return {};
  // A marked function says itself that it may be outside.
  if (at == kOutside || program.isMarked(call.caller))
    return {Verdict::Outside, std::nullopt};
  // Nobody can mark what the compiler writes, so that only those who run it outside are wrong.
  const bool can_be_marked = !program.function(call.caller).is_implicit;
  // A pointer that both contexts call through (a lock of either kind, say) knows best itself: ways
  // through it are guesses, and good only where there are no others.
  std::optional<Way> outside = input.contexts.wayTo(call, kOutside);
  std::optional<Way> inside = input.contexts.wayTo(call, kInside);
  if (outside && !outside->is_ambiguous)
    return {Verdict::Outside, std::move(outside)};
  if (inside && !inside->is_ambiguous) {
    // What coroutines start in is called by its address only, what overrides a coroutine_fn by its
    // base's name: nobody misses its marker. And one that is called in both contexts, with a
    // parameter that tells, needs none.
    const bool is_entry = inside->calls.empty() && (inside->kind == RootKind::CoroutineSlot ||
                                                    inside->kind == RootKind::Registered ||
                                                    inside->kind == RootKind::Overriding);
    if (is_entry || !can_be_marked || input.contexts.isReached(call.caller, kOutside))
      return {};
    return {Verdict::Unmarked, std::move(inside)};
  }
  if (outside)
    return {Verdict::Outside, std::move(outside)};
  if (!can_be_marked)
    return {};
  if (inside)
    return {Verdict::Unmarked, std::move(inside)};
  // It is called, and never in a way that comes here.
  if (input.contexts.isReached(call.caller, kInside) ||
      input.contexts.isReached(call.caller, kOutside))
    return {};
  return {Verdict::Unknown, std::nullopt};
}

Finding report(const RuleInput& input, const Call& call, const Judgement& judgement,
               size_t others) {
  const Verdict verdict = judgement.verdict;
  const Program& program = input.program;
  const std::string caller = program.function(call.caller).qualified_name.str() + "()";
  const std::string callee = calleeName(program, call);
  const Contexts at = input.guards.at(program.indexOf(call));
  std::string message;
  std::vector<Step> steps;
  if (verdict == Verdict::Outside && at == kOutside) {
    message = callee + " is called where the code is outside coroutines";
    addGuardStep(input, call, steps);
  } else if (verdict == Verdict::Outside && program.isMarked(call.caller)) {
    message = markerName(program.function(call.caller).labels).str() + " " + caller + " calls " +
              callee + " without knowing that it is in a coroutine";
    steps.push_back(markerStep(program, call.caller, kCoroutineFn | kMixedFn | kNoCoroutineFn));
  } else if (verdict == Verdict::Outside) {
    message = caller + " calls " + callee + " and can run outside coroutines";
    steps = waySteps(input, *judgement.way, call.caller, kOutside);
  } else if (verdict == Verdict::Unmarked) {
    message = caller + " calls " + callee + " but is not marked coroutine_fn";
    steps = waySteps(input, *judgement.way, call.caller, kInside);
  } else {
    message = caller + " calls " + callee + " but is neither marked nor known to run in coroutines";
  }
  if (others > 0)
    message += ", and " + std::to_string(others) + " more";
  if (verdict == Verdict::Outside && judgement.way)
    message += otherCallers(input, call, *judgement.way, kOutside);
  const Severity severity = verdict == Verdict::Outside ? Severity::Error : Severity::Warning;
  Finding finding = findingAt(input, kCoroutineCall.id, severity, call, std::move(message));
  steps.push_back(callStep(program, call, call.callee, EdgeKind::Direct));
  if (call.callee != kNoId && program.isCoroutineFn(call.callee))
    steps.push_back(markerStep(program, call.callee, kCoroutineFn));
  else if (call.callee != kNoId)
    addAssertionSteps(input, call.callee, steps);
  finding.witness = std::move(steps);
  if (judgement.way)
    finding.confidence = confidenceOf(*judgement.way);
  if (!program.isMarked(call.caller) && verdict != Verdict::Outside)
    finding.fixes = insertMarker(program, call.caller, "coroutine_fn");
  return finding;
}

/// One finding a caller: its worst call stands for all of them.
void checkCoroutineCall(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  for (Id caller = 1; caller < program.functions().size(); ++caller) {
    const Call* worst = nullptr;
    Judgement judgement;
    llvm::DenseSet<Id> callees;
    for (const Call& call : program.callsOf(caller)) {
      if (!callsCoroutineFn(program, call) && !callsAsserting(input, call))
        continue;
      Judgement here = judge(input, call);
      if (here.verdict == Verdict::Fine)
        continue;
      callees.insert(call.callee != kNoId ? call.callee : call.slot);
      if (here.verdict > judgement.verdict) {
        judgement = std::move(here);
        worst = &call;
      }
    }
    if (worst)
      findings.push_back(report(input, *worst, judgement, callees.size() - 1));
  }
}

} // namespace

const Rule kCoroutineCall = {
    "coroutine-call",
    "A coroutine_fn is called where the code is not, or is not known to be, in a coroutine, or an "
    "assertion of being in one is reached outside.",
    "A coroutine_fn may suspend, which aborts or corrupts outside a coroutine. Mark the caller "
    "coroutine_fn if it only ever runs in coroutines; guard the call with the coroutine predicate "
    "if it runs in both; else start a coroutine for it.",
    Severity::Error, checkCoroutineCall};

} // namespace lockvet::rules
