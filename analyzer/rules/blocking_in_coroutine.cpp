// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/witness.h"

namespace lockvet::rules {

using namespace program;

namespace {

std::optional<Way> wayInCoroutine(const RuleInput& input, const Call& call) {
  const Program& program = input.program;
  // A no_coroutine_fn that a coroutine reaches is no-coroutine-call's finding.
  if (program.isNoCoroutineFn(call.caller) || input.guards.exits(call.caller) == kOutside)
    return std::nullopt;
  // How a function blocks that is known to block is nothing new.
  if (program.function(call.caller).labels & kBlocking)
    return std::nullopt;
  return input.contexts.wayTo(call, kInside);
}

Finding report(const RuleInput& input, const Call& call, const Way& way) {
  const Program& program = input.program;
  const std::string caller = program.function(call.caller).qualified_name.str() + "()";
  const std::string callee = program.function(call.callee).qualified_name.str() + "()";
  const bool is_coroutine = program.isCoroutineFn(call.caller);
  Finding finding = findingAt(
      input, kBlockingInCoroutine.id, Severity::Warning, call,
      is_coroutine
          ? "coroutine_fn " + caller + " calls " + callee + ", which blocks its thread"
          : caller + " can run in a coroutine and calls " + callee + ", which blocks its thread");
  finding.witness = waySteps(input, way, call.caller, kInside);
  addGuardStep(input, call, finding.witness);
  finding.witness.push_back(callStep(program, call, call.callee, EdgeKind::Direct));
  // Coroutines hand blocking work to threads through pointers: what such a way reaches may well run
  // in one, and only calls by name are sure.
  finding.confidence = way.weakest >= EdgeKind::Flow ? Confidence::Type : confidenceOf(way);
  return finding;
}

void checkBlockingInCoroutine(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  llvm::DenseSet<std::pair<Id, Id>> reported;
  for (const Call& call : program.calls())
    if (call.caller != kNoId && call.callee != kNoId &&
        (program.function(call.callee).labels & kBlocking))
      if (std::optional<Way> way = wayInCoroutine(input, call);
          way && reported.insert({call.caller, call.callee}).second)
        findings.push_back(report(input, call, *way));
}

} // namespace

const Rule kBlockingInCoroutine = {
    "blocking-in-coroutine", "A coroutine reaches a call that blocks its thread.",
    "While one coroutine blocks, every other one of its event loop, and the loop itself, stand "
    "still. Hand the call to a thread pool, use a coroutine's own wait, or, if it can't block "
    "here, name it under `not_blocking` in .lockvet.yaml or suppress it with the reason.",
    Severity::Warning, checkBlockingInCoroutine};

} // namespace lockvet::rules
