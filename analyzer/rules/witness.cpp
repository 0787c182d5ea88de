// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/witness.h"

#include "llvm/ADT/STLExtras.h"

#include <tuple>

namespace lockvet::rules {

using namespace program;

llvm::StringRef markerName(Labels labels) {
  if ((labels & kMixedFn) && (labels & kNoCoroutineFn))
    return "no_coroutine_fn coroutine_mixed_fn";
  if (labels & kMixedFn)
    return "coroutine_mixed_fn";
  if (labels & kCoroutineFn)
    return "coroutine_fn";
  if (labels & kNoCoroutineFn)
    return "no_coroutine_fn";
  if (labels & kEitherThread)
    return "io_or_gs";
  if (labels & kMainLoop)
    return "main_loop";
  if (labels & kAnyThread)
    return "io";
  return "unmarked";
}

Step stepAt(const Program& program, Id function, Place place, std::string reason) {
  Step step;
  if (function != kNoId)
    step.function = program.function(function).qualified_name.str();
  if (place.file != kNoId)
    step.file = program.file(place.file).str();
  step.line = place.line;
  step.column = place.column;
  step.reason = std::move(reason);
  return step;
}

Step callStep(const Program& program, const Call& call, Id target, EdgeKind edge) {
  const std::string name = target == kNoId ? std::string("a function")
                                           : program.function(target).qualified_name.str() + "()";
  std::string reason = "calls " + name;
  if (call.kind == facts::CallKind::Indirect && call.slot != kNoId)
    reason += " through " + program.slot(call.slot).name.str();
  else if (edge == EdgeKind::Implicit)
    reason = "runs " + name + " implicitly";
  else if (edge == EdgeKind::Virtual)
    reason += " by a virtual call";
  return stepAt(program, call.caller, call.place, std::move(reason));
}

Step markerStep(const Program& program, Id function, Labels label) {
  const std::string name = program.function(function).qualified_name.str();
  // A header's marker is what other files rely on; the definition's is as good otherwise. Of
  // several, it must not be up to the order in which the store was filled: the first declaration's,
  // and there the one next to the name.
  auto rank = [&](const Marker& marker) {
    const Place& place = marker.place;
    return std::tuple(marker.fragment == kNoId, place.file == program.function(function).place.file,
                      place.file == kNoId ? llvm::StringRef() : program.file(place.file),
                      place.line, UINT32_MAX - place.column);
  };
  const Marker* best = nullptr;
  for (const Marker& marker : program.markersOf(function))
    if ((labelNamed(marker.label) & label) && (!best || rank(marker) < rank(*best)))
      best = &marker;
  const llvm::StringRef words = markerName(program.function(function).labels & label);
  if (best && best->place.line != 0)
    return stepAt(program, function, best->place, name + "() is marked " + words.str() + " here");
  if (program.function(function).is_implicit)
    return stepAt(program, function, program.function(function).place,
                  name + "() is written by the compiler, and " + words.str() +
                      " like what it runs for members and bases");
  return stepAt(program, function, program.function(function).place, name + "() is " + words.str());
}

namespace {

/// Several programs of one tree have a main() each: the one that the way starts in.
Place rootPlace(const Program& program, const Way& way) {
  if (!way.calls.empty())
    for (const Declaration& declaration : program.declarationsOf(way.root))
      if (declaration.is_definition &&
          declaration.fragment == program.calls()[way.calls[0]].fragment)
        return declaration.place;
  return program.function(way.root).place;
}

/// The function that a parameter belongs to.
std::string registrarName(const Program& program, Id slot) {
  return program.function(program.slot(slot).function).qualified_name.str() + "()";
}

Step rootStep(const Program& program, const ContextGuards& guards, const Way& way,
              Context context) {
  const Function& root = program.function(way.root);
  const std::string name = root.qualified_name.str() + "()";
  const Place place = rootPlace(program, way);
  const ContextDimension& dimension = guards.dimension();
  const std::string where =
      (context == kInside ? dimension.inside_words : dimension.outside_words).str();
  switch (way.kind) {
  case RootKind::Marked:
    return markerStep(program, way.root, dimension.inside | dimension.outside | dimension.either);
  case RootKind::Main:
    return stepAt(program, way.root, place, "the program starts in " + name);
  case RootKind::Configured:
    return stepAt(program, way.root, place,
                  name + " is entered " + where + ", says the configuration");
  case RootKind::Registered:
    return stepAt(program, way.root, place,
                  name + " is handed to " + registrarName(program, way.slot) +
                      ", which has it run " + where);
  case RootKind::CoroutineSlot:
    return stepAt(program, way.root, place,
                  name + " is called as a coroutine_fn through " +
                      program.slot(way.slot).name.str());
  case RootKind::Overriding:
    return stepAt(program, way.root, place,
                  name + " overrides " + markerName(program.function(way.base).labels).str() + " " +
                      program.function(way.base).qualified_name.str() + "()");
  case RootKind::Asserted:
  case RootKind::Guarded:
    break;
  }
  Place decision = place;
  if (std::optional<size_t> deciding = guards.decidingCall(way.root))
    decision = program.calls()[*deciding].place;
  return stepAt(program, way.root, decision,
                way.kind == RootKind::Asserted ? name + " asserts that it runs " + where
                                               : name + " asks here, and goes on " + where);
}

} // namespace

bool startsMixed(const RuleInput& input, const Way& way) {
  auto is_mixed = [&](Id function) {
    return input.guards.dimension().isEither(input.program.function(function).labels);
  };
  return (way.kind == RootKind::Marked && is_mixed(way.root)) ||
         (way.kind == RootKind::Overriding && is_mixed(way.base));
}

std::vector<Step> waySteps(const RuleInput& input, const Way& way, Id function, Context context) {
  return waySteps(input.program, input.guards, way, function, context);
}

std::vector<Step> waySteps(const Program& program, const ContextGuards& guards, const Way& way,
                           Id function, Context context) {
  std::vector<Step> steps = {rootStep(program, guards, way, context)};
  for (size_t index = 0; index < way.calls.size(); ++index) {
    const Call& call = program.calls()[way.calls[index]];
    const Id target =
        index + 1 < way.calls.size() ? program.calls()[way.calls[index + 1]].caller : function;
    steps.push_back(callStep(program, call, target, way.edges[index]));
  }
  return steps;
}

std::string otherCallers(const Program& program, Id first, size_t others) {
  if (others == 0)
    return "";
  return "; called by " + program.function(first).qualified_name.str() + "() and " +
         std::to_string(others) + (others == 1 ? " other caller" : " other callers");
}

std::string otherCallers(const RuleInput& input, const Call& call, const Way& way,
                         Context context) {
  if (way.calls.empty())
    return "";
  const Id first = input.program.calls()[way.calls.back()].caller;
  std::vector<Id> callers = input.contexts.callersLeadingTo(call, context);
  return otherCallers(input.program, first, callers.size() - llvm::count(callers, first));
}

void addGuardStep(const RuleInput& input, const Call& call, std::vector<Step>& steps) {
  const Contexts at = input.guards.at(input.program.indexOf(call));
  std::optional<size_t> deciding = input.guards.decidingCall(call.caller);
  if (at == kEither || !deciding)
    return;
  const ContextDimension& dimension = input.guards.dimension();
  steps.push_back(
      stepAt(input.program, call.caller, input.program.calls()[*deciding].place,
             "what follows knows here that it is " +
                 (at == kInside ? dimension.inside_words : dimension.outside_words).str()));
}

void addAssertionSteps(const RuleInput& input, Id function, std::vector<Step>& steps) {
  const ContextDimension& dimension = input.guards.dimension();
  const std::string where =
      (input.guards.exits(function) == kInside ? dimension.inside_words : dimension.outside_words)
          .str();
  llvm::DenseSet<Id> seen;
  while (seen.insert(function).second) {
    std::optional<size_t> deciding = input.guards.decidingCall(function);
    if (!deciding)
      return;
    const Call& call = input.program.calls()[*deciding];
    if (input.guards.isPredicate(call.callee)) {
      steps.push_back(stepAt(input.program, function, call.place, "asserts that it is " + where));
      return;
    }
    steps.push_back(callStep(input.program, call, call.callee, EdgeKind::Direct));
    if (input.program.function(call.callee).labels & dimension.asserting) {
      steps.push_back(markerStep(input.program, call.callee, dimension.asserting));
      return;
    }
    function = call.callee;
  }
}

Finding findingAt(const RuleInput& input, llvm::StringRef rule, Severity severity, const Call& call,
                  std::string message) {
  const Program& program = input.program;
  Finding finding;
  finding.rule = rule.str();
  finding.severity = severity;
  finding.message = std::move(message);
  finding.function = program.function(call.caller).qualified_name.str();
  if (call.place.file != kNoId)
    finding.file = program.file(call.place.file).str();
  finding.line = call.place.line;
  finding.column = call.place.column;
  finding.identity = {program.function(call.caller).usr.str()};
  if (call.callee != kNoId)
    finding.identity.push_back(program.function(call.callee).usr.str());
  else if (call.slot != kNoId)
    finding.identity.push_back(program.slot(call.slot).key.str());
  return finding;
}

Confidence confidenceOf(EdgeKind weakest) {
  switch (weakest) {
  case EdgeKind::Direct:
  case EdgeKind::Implicit:
    return Confidence::Direct;
  case EdgeKind::Virtual:
    return Confidence::Virtual;
  case EdgeKind::Flow:
    return Confidence::Flow;
  case EdgeKind::Type:
    return Confidence::Type;
  }
  return Confidence::Type;
}

Confidence confidenceOf(const Way& way) {
  return way.is_ambiguous ? Confidence::Type : confidenceOf(way.weakest);
}

std::vector<FixIt> insertMarker(const Program& program, Id function, llvm::StringRef marker) {
  std::vector<FixIt> fixes;
  for (const Declaration& declaration : program.declarationsOf(function)) {
    if (declaration.place.file == kNoId)
      continue;
    const bool has_it = llvm::any_of(program.markersOf(function), [&](const Marker& other) {
      return other.fragment == declaration.fragment && other.label == marker;
    });
    FixIt fix{program.file(declaration.place.file).str(), declaration.place.line,
              declaration.place.column, marker.str() + " "};
    const bool is_new = llvm::none_of(fixes, [&](const FixIt& other) {
      return other.file == fix.file && other.line == fix.line && other.column == fix.column;
    });
    if (!has_it && is_new)
      fixes.push_back(std::move(fix));
  }
  return fixes;
}

} // namespace lockvet::rules
