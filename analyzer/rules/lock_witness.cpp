// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/lock_witness.h"

#include "llvm/ADT/STLExtras.h"

namespace lockvet::rules {

using namespace program;
using locks::HeldEntry;
using locks::Requirement;

namespace {

/// A longer way rests on more conditions, one or more at each call, than are likely to come
/// together. What is held for a moment is held near to what goes wrong.
size_t mostSureCalls(const config::LockType* type) {
  return type && type->kind == config::LockType::Kind::Graph ? 12 : 9;
}

Step requirementStep(const RuleInput& input, const HeldEntry& root, const std::string& lock) {
  const Program& program = input.program;
  const std::string name = quoted(program, root.function);
  const Requirement& requirement = *root.requirement;
  const Place place =
      requirement.marker ? requirement.marker->place : program.function(root.function).place;
  switch (requirement.kind) {
  case Requirement::Kind::Exclusive:
    return stepAt(program, root.function, place,
                  name + " is called with " + lock + " held exclusively, it says here");
  case Requirement::Kind::Shared:
    return stepAt(program, root.function, place,
                  name + " is called with " + lock + " held, it says here");
  case Requirement::Kind::Excluded:
    break;
  }
  return stepAt(program, root.function, place,
                name + " is called without " + lock + ", it says here");
}

} // namespace

Step heldStep(const RuleInput& input, uint32_t entry, uint32_t call, const std::string& lock,
              bool is_held) {
  const Program& program = input.program;
  const HeldEntry& root = input.locks.held().entries()[entry];
  if (root.origin == HeldEntry::Origin::Required)
    return requirementStep(input, root, lock);
  if (root.origin == HeldEntry::Origin::Begins)
    return stepAt(program, root.function, program.function(root.function).place,
                  quoted(program, root.function) + " is run without " + lock +
                      ": it is only ever handed over to be run elsewhere, or later");
  if (std::optional<uint32_t> changed = input.locks.held().changedAt(entry, call, is_held)) {
    const Call& change = program.calls()[*changed];
    const std::string by = change.callee != kNoId ? " with " + quoted(program, change.callee) : "";
    const bool is_assertion =
        llvm::any_of(input.locks.effects().at(*changed), [&](const locks::LockEffect& effect) {
          return effect.path == root.path && effect.is_assertion;
        });
    if (is_assertion)
      return stepAt(program, change.caller, change.place, "says that " + lock + " is held" + by);
    return stepAt(program, change.caller, change.place,
                  (is_held ? "takes " : "gives back ") + lock + by);
  }
  return stepAt(program, root.function, program.function(root.function).place,
                quoted(program, root.function) + " changes how " + lock + " is held");
}

std::string quoted(const Program& program, Id function) {
  return function == kNoId ? std::string("a function")
                           : program.function(function).qualified_name.str() + "()";
}

std::vector<LockWay> lockWays(const RuleInput& input, const locks::LockEvent& event) {
  const locks::HeldLocks& held = input.locks.held();
  std::vector<LockWay> ways;
  for (locks::HeldLocks::Way& way : held.waysTo(event)) {
    const HeldEntry& root = held.entries()[way.root];
    ways.push_back({&event, root, std::move(way)});
  }
  return ways;
}

std::string lockName(const RuleInput& input, const HeldEntry& entry) {
  const locks::PathTable& paths = input.locks.paths();
  const llvm::StringRef kind = paths.text(entry.lock.name);
  if (kind.contains("::") && paths.text(entry.path).contains("->"))
    return kind.str();
  if (paths.isGlobal(entry.path))
    return paths.described(entry.path);
  if (kind.contains("::"))
    return kind.str();
  std::string name = paths.described(entry.path);
  if (name.empty())
    name = !kind.empty()     ? "a " + kind.str()
           : entry.lock.type ? "a " + entry.lock.type->name
                             : std::string("a lock");
  return name;
}

std::string holdWords(locks::Holds holds) {
  return holds & locks::kAnyExclusive ? (holds & locks::kAnyShared ? "" : "exclusively")
         : holds & locks::kAnyShared  ? "shared"
                                      : "";
}

Severity graded(const RuleInput& input, Severity severity, const config::LockType* type,
                llvm::ArrayRef<std::pair<uint32_t, EdgeKind>> calls) {
  if (severity != Severity::Error || !type || !type->is_conditional_warning)
    return severity;
  // The first call is the holder's own: it sees both the lock and the condition.
  const bool is_certain = llvm::all_of(calls.drop_front(), [&](const auto& call) {
    return input.locks.certainCalls().isCertain(call.first, call.second);
  });
  return is_certain ? severity : Severity::Warning;
}

Finding lockFinding(const RuleInput& input, llvm::StringRef rule, Severity severity,
                    const LockWay& way, std::string message, llvm::StringRef last) {
  const Program& program = input.program;
  const std::string lock = lockName(input, way.root);
  const Call& first = program.calls()[way.way.calls.front()];
  Finding finding = findingAt(input, rule, severity, first, std::move(message));
  finding.identity.push_back(lock);
  EdgeKind weakest = EdgeKind::Direct;
  finding.witness.push_back(
      heldStep(input, way.way.root, way.way.calls.front(), lock, locks::isHeld(way.way.hold)));
  for (size_t index = 0; index < way.way.calls.size(); ++index) {
    const Call& call = program.calls()[way.way.calls[index]];
    Step step = callStep(program, call, way.way.targets[index], way.way.edges[index]);
    weakest = std::max(weakest, way.way.edges[index]);
    if (index + 1 == way.way.calls.size())
      step.reason += last;
    finding.witness.push_back(std::move(step));
  }
  std::vector<std::pair<uint32_t, EdgeKind>> calls;
  calls.reserve(way.way.calls.size());
  for (size_t index = 0; index < way.way.calls.size(); ++index)
    calls.push_back({way.way.calls[index], way.way.edges[index]});
  finding.severity = graded(input, severity, way.root.lock.type, calls);
  finding.confidence = way.way.calls.size() > mostSureCalls(way.root.lock.type)
                           ? Confidence::Type
                           : confidenceOf(weakest);
  return finding;
}

std::string otherHolders(size_t others) {
  return others == 0   ? ""
         : others == 1 ? "; one other calls it under the lock, too"
                       : "; " + std::to_string(others) + " others call it under the lock, too";
}

void foldIdentity(const RuleInput& input, const LockWay& way, Finding& finding) {
  finding.identity = {input.program.function(way.way.targets.front()).usr.str(),
                      lockName(input, way.root)};
}

bool compilerReports(const RuleInput& input, const Call& call) {
  return llvm::any_of(input.program.diagnostics(), [&](const Diagnostic& diagnostic) {
    return diagnostic.place.file == call.place.file && diagnostic.place.line == call.place.line;
  });
}

} // namespace lockvet::rules
