// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/witness.h"

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
         input.guards.exits(call.callee) == kOutside;
}

/// How the call comes to happen in a coroutine, as far as is known.
std::optional<Way> wayInCoroutine(const RuleInput& input, const Call& call) {
  const Program& program = input.program;
  if (program.isMarked(call.caller) && !program.isCoroutineFn(call.caller) &&
      !program.isMixedFn(call.caller))
    return std::nullopt;
  // What asserts that it is outside is reported where a coroutine calls it.
  if (!program.isMarked(call.caller) && input.guards.exits(call.caller) == kOutside)
    return std::nullopt;
  // A function for both contexts that asks a parameter knows where it is.
  if (program.isMixedFn(call.caller) && !input.guards.conditions(program.indexOf(call)).empty())
    return std::nullopt;
  return input.contexts.wayTo(call, kInside);
}

Finding report(const RuleInput& input, const Call& call, const Way& way) {
  const Program& program = input.program;
  const std::string caller = program.function(call.caller).qualified_name.str() + "()";
  const bool is_marked_callee = call.callee == kNoId || program.isNoCoroutineFn(call.callee);
  const std::string callee = call.callee != kNoId
                                 ? program.function(call.callee).qualified_name.str() + "()"
                                 : "pointer " + program.slot(call.slot).name.str();
  const std::string what = is_marked_callee ? "no_coroutine_fn " + callee
                                            : callee + ", which is for outside coroutines only,";
  std::vector<Step> steps;
  std::string message;
  Severity severity = Severity::Error;
  if (program.isCoroutineFn(call.caller)) {
    message = "coroutine_fn " + caller + " calls " + what;
    steps.push_back(markerStep(program, call.caller, kCoroutineFn));
  } else if (program.isMarked(call.caller)) {
    message = "coroutine_mixed_fn " + caller + " calls " + what +
              " without knowing that it is outside a coroutine";
    steps.push_back(markerStep(program, call.caller, kMixedFn));
    severity = Severity::Warning;
  } else {
    message = caller + " can run in a coroutine and calls " + what;
    steps = waySteps(input, way, call.caller, kInside);
    if (startsMixed(input, way))
      severity = Severity::Warning;
  }
  while (!message.empty() && message.back() == ',')
    message.pop_back();
  Finding finding = findingAt(input, kNoCoroutineCall.id, severity, call, std::move(message));
  addGuardStep(input, call, steps);
  steps.push_back(callStep(program, call, call.callee, EdgeKind::Direct));
  if (call.callee != kNoId && is_marked_callee)
    steps.push_back(markerStep(program, call.callee, kNoCoroutineFn));
  else if (call.callee != kNoId)
    addAssertionSteps(input, call.callee, steps);
  finding.witness = std::move(steps);
  finding.confidence = confidenceOf(way);
  return finding;
}

void run(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  llvm::DenseSet<std::pair<Id, Id>> reported;
  for (const Call& call : program.calls()) {
    if (call.caller == kNoId || !forbidsCoroutines(input, call))
      continue;
    std::optional<Way> way = wayInCoroutine(input, call);
    if (!way)
      continue;
    // The same call twice in one body is one thing to mend, and so is a marker that claims too
    // much.
    const std::pair<Id, Id> cause =
        startsMixed(input, *way) && !program.isMarked(call.caller)
            ? std::pair(way->root, kNoId)
            : std::pair(call.caller, call.callee != kNoId ? call.callee : call.slot);
    if (reported.insert(cause).second)
      findings.push_back(report(input, call, *way));
  }
}

} // namespace

const Rule kNoCoroutineCall = {
    "no-coroutine-call",
    "A coroutine reaches a no_coroutine_fn, or code that asserts that it is outside coroutines.",
    "A no_coroutine_fn blocks, polls an event loop, or has a twin for coroutines. Call the twin "
    "(often the same name with co_), or move the call out of the coroutine.",
    Severity::Error, run};

} // namespace lockvet::rules
