// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/witness.h"

#include <algorithm>
#include <optional>

namespace lockvet::rules {

using namespace program;

namespace {

/// Of one class or namespace, and where one of them is static, of one file.
bool isSibling(const Program& program, Id one, Id other) {
  auto scope = [&](Id id) {
    const Function& function = program.function(id);
    return function.qualified_name.drop_back(
        std::min(function.name.size(), function.qualified_name.size()));
  };
  const bool is_static = program.function(one).linkage != facts::Linkage::External ||
                         program.function(other).linkage != facts::Linkage::External;
  return scope(one) == scope(other) &&
         (!is_static || program.function(one).place.file == program.function(other).place.file);
}

/// The coroutine_fn that does what a mixed function does: the one it calls itself where it knows
/// that it is in a coroutine, or the one that is named like it with "co_".
std::optional<Id> twinOf(const RuleInput& input, Id mixed) {
  const Program& program = input.program;
  const llvm::StringRef name = program.function(mixed).name;
  for (size_t at = 0; at <= name.size(); ++at) {
    if (at != 0 && name[at - 1] != '_')
      continue;
    const std::string candidate = (name.substr(0, at) + "co_" + name.substr(at)).str();
    for (Id twin : program.named(candidate))
      if (program.isCoroutineFn(twin) && isSibling(program, mixed, twin))
        return twin;
  }
  for (const Call& call : program.callsOf(mixed))
    if (call.kind == facts::CallKind::Direct && program.isCoroutineFn(call.callee) &&
        input.guards.at(program.indexOf(call)) == kInside)
      return call.callee;
  return std::nullopt;
}

void checkMixedInCoroutine(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  llvm::DenseSet<std::pair<Id, Id>> reported;
  for (const Call& call : program.calls()) {
    if (call.caller == kNoId || call.callee == kNoId || !program.isMixedFn(call.callee) ||
        !program.isNoCoroutineFn(call.callee))
      continue;
    const Contexts at = input.guards.at(program.indexOf(call));
    const bool is_coroutine = program.isCoroutineFn(call.caller) && (at & kInside);
    if (!is_coroutine && at != kInside)
      continue;
    std::optional<Id> twin = twinOf(input, call.callee);
    if (!twin || *twin == call.caller || !reported.insert({call.caller, call.callee}).second)
      continue;
    const std::string caller = program.function(call.caller).qualified_name.str() + "()";
    const std::string callee = program.function(call.callee).qualified_name.str() + "()";
    const std::string better = program.function(*twin).qualified_name.str() + "()";
    Finding finding =
        findingAt(input, kMixedInCoroutine.id, Severity::Warning, call,
                  caller + " is in a coroutine and calls " + callee + " instead of " + better);
    if (is_coroutine)
      finding.witness.push_back(markerStep(program, call.caller, kCoroutineFn));
    addGuardStep(input, call, finding.witness);
    finding.witness.push_back(callStep(program, call, call.callee, EdgeKind::Direct));
    finding.witness.push_back(markerStep(program, call.callee, kMixedFn | kNoCoroutineFn));
    finding.witness.push_back(stepAt(program, *twin, program.function(*twin).place,
                                     better + " does the same in a coroutine"));
    findings.push_back(std::move(finding));
  }
}

} // namespace

const Rule kMixedInCoroutine = {
    "mixed-in-coroutine",
    "A coroutine calls a function for both contexts although there is one for coroutines.",
    "The mixed function asks at run time what the caller knows already, and hides from the "
    "analysis that the caller suspends. Call the coroutine_fn twin.",
    Severity::Warning, checkMixedInCoroutine};

} // namespace lockvet::rules
