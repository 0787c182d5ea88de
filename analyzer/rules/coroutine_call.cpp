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

/// Does the call run a coroutine_fn, by its name or by the marker of the pointer called through?
bool callsCoroutineFn(const Program& program, const Call& call) {
  if (call.callee != kNoId)
    return program.isCoroutineFn(call.callee);
  return call.slot != kNoId &&
         (program.slot(call.slot).labels & (kCoroutineFn | kMixedFn)) == kCoroutineFn;
}

std::string calleeName(const Program& program, const Call& call) {
  return call.callee != kNoId ? program.function(call.callee).qualified_name.str() + "()"
                              : "pointer " + program.slot(call.slot).name.str();
}

Verdict judge(const RuleInput& input, const Call& call) {
  const Program& program = input.program;
  const Contexts at = input.guards.at(input.program.indexOf(call));
  if (at == kInside || program.isCoroutineFn(call.caller))
    return Verdict::Fine;
  // A marked function says itself that it may be outside.
  if (at == kOutside || program.isMarked(call.caller))
    return Verdict::Outside;
  if (input.contexts.reach(call.caller, kOutside))
    return Verdict::Outside;
  return input.contexts.reach(call.caller, kInside) ? Verdict::Unmarked : Verdict::Unknown;
}

Finding report(const RuleInput& input, const Call& call, Verdict verdict, size_t others) {
  const Program& program = input.program;
  const std::string caller = program.function(call.caller).qualified_name.str() + "()";
  const std::string callee = calleeName(program, call);
  const Contexts at = input.guards.at(program.indexOf(call));
  std::string message;
  std::vector<Step> steps;
  EdgeKind weakest = EdgeKind::Direct;
  if (verdict == Verdict::Outside && at == kOutside) {
    message = "coroutine_fn " + callee + " is called where the code is outside coroutines";
    addGuardStep(input, call, steps);
  } else if (verdict == Verdict::Outside && program.isMarked(call.caller)) {
    message = markerName(program.function(call.caller).labels).str() + " " + caller +
              " calls coroutine_fn " + callee + " without knowing that it is in a coroutine";
    steps.push_back(markerStep(program, call.caller, kCoroutineFn | kMixedFn | kNoCoroutineFn));
  } else if (verdict == Verdict::Outside) {
    message = caller + " calls coroutine_fn " + callee + " and can run outside coroutines";
    steps = waySteps(input, call.caller, kOutside);
    weakest = input.contexts.way(call.caller, kOutside).weakest;
  } else if (verdict == Verdict::Unmarked) {
    message = caller + " calls coroutine_fn " + callee + " but is not marked coroutine_fn";
    steps = waySteps(input, call.caller, kInside);
    weakest = input.contexts.way(call.caller, kInside).weakest;
  } else {
    message = caller + " calls coroutine_fn " + callee +
              " but is neither marked nor known to run in coroutines";
  }
  if (others > 0)
    message += ", and " + std::to_string(others) + " more";
  const Severity severity = verdict == Verdict::Outside ? Severity::Error : Severity::Warning;
  Finding finding = findingAt(input, kCoroutineCall.id, severity, call, std::move(message));
  steps.push_back(callStep(program, call, call.callee, EdgeKind::Direct));
  if (call.callee != kNoId)
    steps.push_back(markerStep(program, call.callee, kCoroutineFn));
  finding.witness = std::move(steps);
  finding.confidence = confidenceOf(weakest);
  if (!program.isMarked(call.caller) && verdict != Verdict::Outside)
    finding.fixes = insertMarker(program, call.caller, "coroutine_fn");
  return finding;
}

/// One finding a caller: its worst call stands for all of them.
void run(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  for (Id caller = 1; caller < program.functions().size(); ++caller) {
    const Call* worst = nullptr;
    Verdict verdict = Verdict::Fine;
    llvm::DenseSet<Id> callees;
    for (const Call& call : program.callsOf(caller)) {
      if (!callsCoroutineFn(program, call))
        continue;
      const Verdict here = judge(input, call);
      if (here == Verdict::Fine)
        continue;
      callees.insert(call.callee != kNoId ? call.callee : call.slot);
      if (here > verdict) {
        verdict = here;
        worst = &call;
      }
    }
    if (worst)
      findings.push_back(report(input, *worst, verdict, callees.size() - 1));
  }
}

} // namespace

const Rule kCoroutineCall = {
    "coroutine-call",
    "A coroutine_fn is called where the code is not, or is not known to be, in a coroutine.",
    "A coroutine_fn may suspend, which aborts or corrupts outside a coroutine. Mark the caller "
    "coroutine_fn if it only ever runs in coroutines; guard the call with the coroutine predicate "
    "if it runs in both; else start a coroutine for it.",
    Severity::Error, run};

} // namespace lockvet::rules
