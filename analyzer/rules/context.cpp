// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/context_pool.h"
#include "analyzer/rules/findings_by_cause.h"
#include "analyzer/rules/lock_witness.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <optional>

namespace lockvet::rules {

using namespace program;

namespace {

// Throughout this file `input` is the dimension of threads: inside is the main loop's thread.

/// Is a function for the main loop only: by its marker, or since it asserts so, for the arguments
/// of this call?
bool isBound(const RuleInput& input, const Call& call, Id function) {
  const ContextDimension& dimension = input.guards.dimension();
  const Labels labels = input.program.function(function).labels;
  if (input.guards.isBoundByMarker(function, labels))
    return true;
  // Code for other threads, too, that asserts this is wrong itself.
  if (dimension.isMarked(labels) && !dimension.isAsserting(labels))
    return false;
  return function == call.callee && call.kind == facts::CallKind::Direct
             ? input.guards.exitsAt(function, input.program.indexOf(call)) == kInside
             : input.guards.exits(function) == kInside && dimension.isAsserting(labels);
}

/// The first of what a call can run that is for the main loop only.
std::optional<Target> boundBy(const RuleInput& input, const Call& call) {
  const Program& program = input.program;
  std::optional<Target> found;
  program.forEachTarget(call, [&](Target target) {
    if (found || target.function == kNoId || input.guards.isPredicate(target.function) ||
        (target.kind == EdgeKind::Flow &&
         program.registrations().isOnlyRegistered(target.function)))
      return;
    if (isBound(input, call, target.function))
      found = target;
  });
  return found;
}

/// A call through a pointer or a base class that the main loop makes as well: which function is for
/// which thread is up to the objects.
bool isUpToTheObject(const RuleInput& input, const Call& call, Target target) {
  return target.kind >= EdgeKind::Virtual &&
         input.guards.at(input.program.indexOf(call)) == kEither &&
         input.contexts.isReached(call.caller, kInside) &&
         input.contexts.isReached(call.caller, kOutside);
}

/// A way on which pointers could have held more combinations of functions than these is a guess.
constexpr uint64_t kMostChoices = 128;

bool hasTooManyChoices(const RuleInput& input, const Way& way, const Call& call) {
  uint64_t choices = 1;
  auto add = [&](const Call& step) {
    if (step.kind != facts::CallKind::Indirect && step.kind != facts::CallKind::Virtual)
      return;
    uint64_t targets = 0;
    input.program.forEachTarget(step, [&](Target) { ++targets; });
    choices *= std::min(targets, kMostChoices + 1);
  };
  for (uint32_t position : way.calls) {
    add(input.program.calls()[position]);
    if (choices > kMostChoices)
      return true;
  }
  add(call);
  return choices > kMostChoices;
}

std::optional<Way> wayOutside(const RuleInput& input, const Call& call) {
  std::optional<Way> way = input.contexts.wayTo(call, kOutside);
  const Labels labels = input.program.function(call.caller).labels;
  // What is for the main loop only by what it calls is reported where others call it by its name;
  // entries of threads, pointers, virtual calls and constructors have no such place.
  if (way && !input.guards.dimension().isMarked(labels) &&
      input.guards.exits(call.caller) == kInside && !way->edges.empty() &&
      way->edges.back() == EdgeKind::Direct)
    return std::nullopt;
  return way;
}

Finding report(const RuleInput& input, const Call& call, const Way& way, Target target) {
  const Program& program = input.program;
  const ContextDimension& dimension = input.guards.dimension();
  const Labels labels = program.function(call.caller).labels;
  std::string callee = quoted(input.program, target.function);
  if (call.kind == facts::CallKind::Indirect)
    callee += " through " + program.slot(call.slot).name.str();
  const bool is_mixed = startsMixed(input, way);
  std::string message = quoted(input.program, call.caller);
  if (!dimension.isMarked(labels))
    message += " can run outside the main loop and calls ";
  else if (is_mixed)
    message += " is for other threads than the main loop's, too, and calls ";
  else
    message += " is for any thread and calls ";
  message += callee + ", which is for the main loop only";
  if (!dimension.isMarked(labels))
    message += otherCallers(input, call, way, kOutside);
  Finding finding = findingAt(input, kContext.id, is_mixed ? Severity::Warning : Severity::Error,
                              call, std::move(message));
  finding.witness = waySteps(input, way, call.caller, kOutside);
  addGuardStep(input, call, finding.witness);
  finding.witness.push_back(callStep(program, call, target.function, target.kind));
  if (dimension.isAsserting(program.function(target.function).labels))
    finding.witness.push_back(markerStep(program, target.function, dimension.asserting));
  else
    addAssertionSteps(input, target.function, finding.witness);
  finding.confidence = isUpToTheObject(input, call, target) || hasTooManyChoices(input, way, call)
                           ? Confidence::Type
                           : std::max(confidenceOf(way), confidenceOf(target.kind));
  return finding;
}

void checkContext(const RuleInput& all, Findings& findings) {
  const RuleInput input = all.ofThreads();
  const Program& program = input.program;
  auto describe = [&](Id caller, const Call& call) {
    return quoted(input.program, caller) + " can run outside the main loop and calls " +
           quoted(input.program, call.callee) + ", which is for the main loop only";
  };
  FindingsByCause by_cause(input, kContext.id, describe);
  llvm::DenseSet<std::pair<Id, Id>> reported;
  for (const Call& call : program.calls()) {
    if (call.caller == kNoId)
      continue;
    std::optional<Target> target = boundBy(input, call);
    std::optional<Way> way = target ? wayOutside(input, call) : std::nullopt;
    // Where the role is a capability, the compiler sees many of these calls itself.
    if (!way || compilerReports(input, call))
      continue;
    // The same call twice in one body is one thing to mend, and so is a marker that says more than
    // is true.
    const std::pair<Id, Id> cause =
        startsMixed(input, *way) &&
                !input.guards.dimension().isMarked(program.function(call.caller).labels)
            ? std::pair(way->root, kNoId)
            : std::pair(call.caller, call.callee != kNoId ? call.callee : call.slot);
    if (reported.insert(cause).second)
      by_cause.add(call, target->function, report(input, call, *way, *target));
  }
  by_cause.moveTo(findings);
  addPoolFindings(all, findings);
}

} // namespace

const Rule kContext = {
    "context",
    "Code for any thread, or of a thread pool, reaches code for the main loop only; or a thread "
    "pool's runs an event loop.",
    "What is for the main loop changes state that only its thread may touch. Schedule the call in "
    "the main loop, guard it with the predicate that tells, or, if the callee is safe in every "
    "thread, correct its marker.",
    Severity::Error, checkContext};

} // namespace lockvet::rules
