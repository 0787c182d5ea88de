// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/witness.h"
#include "llvm/ADT/MapVector.h"

#include <optional>

namespace lockvet::rules {

using namespace program;

namespace {

bool isCoroutineSlot(const Slot& slot) {
  return (slot.labels & (kCoroutineFn | kMixedFn)) == kCoroutineFn;
}

/// Slots whose declared type is no function pointer (`void *`) have no place for a marker.
bool isPlainPointer(const Slot& slot) {
  return slot.type != kNoId && !(slot.labels & (kCoroutineFn | kMixedFn | kNoCoroutineFn));
}

std::string slotName(const Program& program, Id id) {
  const Slot& slot = program.slot(id);
  switch (slot.kind) {
  case facts::SlotKind::Parameter:
    return "parameter " + slot.name.str() + " of " +
           program.function(slot.function).qualified_name.str() + "()";
  case facts::SlotKind::Return:
    return "what " + program.function(slot.function).qualified_name.str() + "() returns";
  default:
    return slot.name.str();
  }
}

Finding report(const RuleInput& input, const Flow& flow, Severity severity, std::string message) {
  const Program& program = input.program;
  Finding finding;
  finding.rule = kPointerAnnotation.id.str();
  finding.severity = severity;
  finding.message = std::move(message);
  if (flow.holder != kNoId)
    finding.function = program.function(flow.holder).qualified_name.str();
  if (flow.place.file != kNoId)
    finding.file = program.file(flow.place.file).str();
  finding.line = flow.place.line;
  finding.column = flow.place.column;
  finding.identity = {program.slot(flow.to_slot).key.str(),
                      severity == Severity::Error ? "no" : ""};
  const Id holder = flow.holder;
  if (flow.from_function != kNoId)
    finding.witness.push_back(
        markerStep(program, flow.from_function, kCoroutineFn | kMixedFn | kNoCoroutineFn));
  else
    finding.witness.push_back(
        stepAt(program, holder, program.slot(flow.from_slot).place,
               slotName(program, flow.from_slot) + " is a pointer to coroutine_fn"));
  finding.witness.push_back(stepAt(program, holder, flow.place,
                                   "it goes to " + slotName(program, flow.to_slot) + " here"));
  if (program.slot(flow.to_slot).place.line != 0)
    finding.witness.push_back(
        stepAt(program, kNoId, program.slot(flow.to_slot).place, "the pointer is declared here"));
  // Where it is called from: the reader sees what may go wrong.
  for (const Call& call : program.calls())
    if (call.slot == flow.to_slot && call.caller != kNoId) {
      finding.witness.push_back(
          stepAt(program, call.caller, call.place,
                 program.function(call.caller).qualified_name.str() + "() calls through it"));
      break;
    }
  return finding;
}

/// Why a flow breaks the discipline; no value where it does not.
struct Offence {
  Severity severity = Severity::Warning;
  std::string what; ///< what goes into the pointer
  std::string pointer_is;
};

std::optional<Offence> offenceOf(const Program& program, const Flow& flow) {
  const Slot& target = program.slot(flow.to_slot);
  if (flow.from_function != kNoId) {
    const std::string name = program.function(flow.from_function).qualified_name.str() + "()";
    if (program.isCoroutineFn(flow.from_function) && isPlainPointer(target))
      return Offence{Severity::Warning, "coroutine_fn " + name, "is not marked coroutine_fn"};
    if (program.isCoroutineFn(flow.from_function) &&
        (target.labels & (kNoCoroutineFn | kMixedFn | kCoroutineFn)) == kNoCoroutineFn)
      return Offence{Severity::Error, "coroutine_fn " + name, "is called outside coroutines"};
    if (program.isNoCoroutineFn(flow.from_function) && !program.isMixedFn(flow.from_function) &&
        isCoroutineSlot(target))
      return Offence{Severity::Error, "no_coroutine_fn " + name, "is called in coroutines"};
  } else if (flow.from_slot != kNoId && isCoroutineSlot(program.slot(flow.from_slot)) &&
             isPlainPointer(target)) {
    return Offence{Severity::Warning,
                   "pointer to coroutine_fn " + slotName(program, flow.from_slot),
                   "is not marked coroutine_fn"};
  }
  return std::nullopt;
}

/// A table of commands or locks of all kinds, of which a few are for coroutines, has no one marker:
/// something else tells them apart.
bool isMixedBag(const Program& program, Id slot) {
  size_t coroutines = 0;
  llvm::ArrayRef<store::SlotTarget> targets = program.slotTargets(slot);
  for (const store::SlotTarget& target : targets)
    coroutines += program.isCoroutineFn(target.function);
  return coroutines > 0 && 2 * coroutines < targets.size();
}

/// One finding a pointer: marking it mends all that goes into it.
void run(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  struct Group {
    const Flow* first = nullptr;
    Offence offence;
    llvm::DenseSet<uint64_t> sources;
  };
  llvm::MapVector<std::pair<Id, uint8_t>, Group> groups;
  for (const Flow& flow : program.flows()) {
    if (flow.to_slot == kNoId)
      continue;
    std::optional<Offence> offence = offenceOf(program, flow);
    if (!offence)
      continue;
    Group& group = groups[{flow.to_slot, static_cast<uint8_t>(offence->severity)}];
    group.sources.insert(flow.from_function != kNoId ? uint64_t{flow.from_function}
                                                     : (uint64_t{1} << 32) | flow.from_slot);
    if (!group.first) {
      group.first = &flow;
      group.offence = std::move(*offence);
    }
  }
  for (const auto& [key, group] : groups) {
    std::string message = group.offence.what + " goes to " + slotName(program, key.first) +
                          ", which " + group.offence.pointer_is;
    if (group.sources.size() > 1)
      message += ", as do " + std::to_string(group.sources.size() - 1) + " more";
    Finding finding = report(input, *group.first, group.offence.severity, std::move(message));
    if (isMixedBag(program, key.first))
      finding.confidence = Confidence::Type;
    findings.push_back(std::move(finding));
  }
}

} // namespace

const Rule kPointerAnnotation = {
    "pointer-annotation",
    "A marked function goes into a function pointer whose marker does not allow it.",
    "Whoever calls through the pointer sees only the pointer's marker. Mark the field, variable, "
    "parameter or typedef like the functions that it holds.",
    Severity::Error, run};

} // namespace lockvet::rules
