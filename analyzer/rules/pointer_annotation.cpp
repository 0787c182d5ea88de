// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/witness.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"

#include <optional>
#include <tuple>

namespace lockvet::rules {

using namespace program;
using locks::Requirement;

namespace {

bool isCoroutineSlot(const Slot& slot) {
  return (slot.labels & (kCoroutineFn | kMixedFn)) == kCoroutineFn;
}

/// Slots whose declared type is no function pointer (`void *`) have no place for a marker, nor has
/// what a lambda captures, which has no name.
bool isPlainPointer(const Slot& slot) {
  return slot.type != kNoId && !slot.name.ends_with("::") &&
         !(slot.labels & (kCoroutineFn | kMixedFn | kNoCoroutineFn));
}

/// By place, since the order in a store is that in which units happened to be indexed.
bool isEarlier(const Program& program, const Flow& a, const Flow& b) {
  auto key = [&](const Flow& flow) {
    return std::tuple(flow.place.file == kNoId ? llvm::StringRef() : program.file(flow.place.file),
                      flow.place.line, flow.place.column);
  };
  return key(a) < key(b);
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

/// A finding at a flow, without its witness.
Finding findingAtFlow(const Program& program, const Flow& flow, Severity severity,
                      std::string message) {
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
  return finding;
}

void addPointerSteps(const Program& program, const Flow& flow, Finding& finding) {
  finding.witness.push_back(stepAt(program, flow.holder, flow.place,
                                   "it goes to " + slotName(program, flow.to_slot) + " here"));
  if (program.slot(flow.to_slot).place.line != 0)
    finding.witness.push_back(
        stepAt(program, kNoId, program.slot(flow.to_slot).place, "the pointer is declared here"));
}

/// Where the pointer is called from, in the first function that fits: the reader sees what may go
/// wrong. False if there is none.
bool addCallThrough(const Program& program, Id slot, llvm::function_ref<bool(Id)> fits,
                    llvm::StringRef remark, Finding& finding) {
  for (const Call& call : program.calls())
    if (call.slot == slot && call.caller != kNoId && fits(call.caller)) {
      finding.witness.push_back(stepAt(program, call.caller, call.place,
                                       program.function(call.caller).qualified_name.str() +
                                           "() calls through it" + remark.str()));
      return true;
    }
  return false;
}

Finding report(const RuleInput& input, const Flow& flow, Severity severity, std::string message) {
  const Program& program = input.program;
  Finding finding = findingAtFlow(program, flow, severity, std::move(message));
  finding.identity = {program.slot(flow.to_slot).key.str(),
                      severity == Severity::Error ? "no" : ""};
  if (flow.from_function != kNoId)
    finding.witness.push_back(
        markerStep(program, flow.from_function, kCoroutineFn | kMixedFn | kNoCoroutineFn));
  else
    finding.witness.push_back(
        stepAt(program, flow.holder, program.slot(flow.from_slot).place,
               slotName(program, flow.from_slot) + " is a pointer to coroutine_fn"));
  addPointerSteps(program, flow, finding);
  addCallThrough(program, flow.to_slot, [](Id) { return true; }, "", finding);
  return finding;
}

/// Why a flow breaks the discipline; no value where it does not.
struct Offence {
  Severity severity = Severity::Warning;
  std::string what; ///< what goes into the pointer
  std::string pointer_is;
};

/// A registrar says better than a marker where its argument runs.
std::optional<Offence> offenceAtRegistrar(const Program& program, const Flow& flow,
                                          config::Registrar::Context context) {
  if (flow.from_function == kNoId)
    return std::nullopt;
  const std::string name = program.function(flow.from_function).qualified_name.str() + "()";
  if (context == config::Registrar::Context::Outside && program.isCoroutineFn(flow.from_function))
    return Offence{Severity::Error, "coroutine_fn " + name, "is run outside coroutines"};
  if (context == config::Registrar::Context::Coroutine &&
      program.isNoCoroutineFn(flow.from_function) && !program.isMixedFn(flow.from_function))
    return Offence{Severity::Error, "no_coroutine_fn " + name, "is run in a coroutine"};
  return std::nullopt;
}

std::optional<Offence> offenceOf(const Program& program, const Flow& flow) {
  const Slot& target = program.slot(flow.to_slot);
  if (std::optional<config::Registrar::Context> context =
          program.registrations().contextOf(flow.to_slot);
      context && *context != config::Registrar::Context::Unknown)
    return offenceAtRegistrar(program, flow, *context);
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
void checkContexts(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  struct Group {
    const Flow* first = nullptr;
    Offence offence;
    llvm::DenseSet<uint64_t> sources;
  };
  llvm::MapVector<std::tuple<Id, uint8_t, Id>, Group> groups;
  for (const Flow& flow : program.flows()) {
    if (flow.to_slot == kNoId)
      continue;
    std::optional<Offence> offence = offenceOf(program, flow);
    if (!offence)
      continue;
    // What is handed to the wrong registrar is each a mistake of its own.
    const bool is_registrar = program.registrations().contextOf(flow.to_slot).has_value();
    Group& group = groups[{flow.to_slot, static_cast<uint8_t>(offence->severity),
                           is_registrar ? flow.from_function : kNoId}];
    group.sources.insert(flow.from_function != kNoId ? uint64_t{flow.from_function}
                                                     : (uint64_t{1} << 32) | flow.from_slot);
    if (!group.first || isEarlier(program, flow, *group.first)) {
      group.first = &flow;
      group.offence = std::move(*offence);
    }
  }
  for (const auto& [key, group] : groups) {
    const auto [slot, severity, registered] = key;
    std::string message = group.offence.what + " goes to " + slotName(program, slot) + ", which " +
                          group.offence.pointer_is;
    if (group.sources.size() > 1)
      message += ", as do " + std::to_string(group.sources.size() - 1) + " more";
    Finding finding = report(input, *group.first, group.offence.severity, std::move(message));
    if (registered != kNoId)
      finding.identity.push_back(program.function(registered).usr.str());
    else if (isMixedBag(program, slot))
      finding.confidence = Confidence::Type;
    findings.push_back(std::move(finding));
  }
}

/// The capability that a label is about, if it has one name everywhere: what is a member of an
/// object or of an argument has none at a pointer.
llvm::StringRef globalCapability(llvm::StringRef label,
                                 std::initializer_list<llvm::StringRef> kinds) {
  auto [kind, capability] = label.split(':');
  if (!llvm::is_contained(kinds, kind) || capability == "this" ||
      capability.starts_with("this->") || capability.starts_with("!") || capability.contains('$'))
    return {};
  return capability;
}

/// Does an attribute, or the configuration, say this of a lock that has one name everywhere?
const Requirement* requirementOf(const RuleInput& input, Id function, llvm::StringRef capability,
                                 bool excluded) {
  for (const Requirement& requirement : input.locks.operations().requirementsOf(function))
    if ((requirement.kind == Requirement::Kind::Excluded) == excluded &&
        input.locks.paths().text(requirement.path) == capability)
      return &requirement;
  return nullptr;
}

/// What the pointers of a program say of locks.
class GuardedPointers {
public:
  explicit GuardedPointers(const Program& program) : program_(program) {
    for (const Marker& marker : program.markers()) {
      if (marker.slot == kNoId)
        continue;
      const llvm::StringRef capability = globalCapability(
          marker.label, {"guarded_by", "pt_guarded_by", "requires", "requires_shared"});
      if (capability.empty())
        continue;
      if (guarded_.insert({marker.slot, capability}).second)
        locks_[marker.slot].push_back(capability);
      if (program.slot(marker.slot).kind == facts::SlotKind::Field)
        neighbour_.insert({keyOf(marker.slot, capability), marker.slot});
    }
  }

  /// Can it say something of a lock, and does not? Only members and global variables can.
  bool isSilent(Id id, llvm::StringRef capability) const {
    const Slot& slot = program_.slot(id);
    return slot.type != kNoId &&
           (slot.kind == facts::SlotKind::Field || slot.kind == facts::SlotKind::Global) &&
           !guarded_.contains({id, capability});
  }

  /// Is a lock held by whoever reads it?
  bool isGuarded(Id slot, llvm::StringRef capability) const {
    return guarded_.contains({slot, capability});
  }
  llvm::ArrayRef<llvm::StringRef> locksOf(Id slot) const {
    auto found = locks_.find(slot);
    return found == locks_.end() ? llvm::ArrayRef<llvm::StringRef>()
                                 : llvm::ArrayRef<llvm::StringRef>(found->second);
  }

  /// Another member of the same record that is guarded; kNoId if there is none.
  Id guardedNeighbour(Id slot, llvm::StringRef capability) const {
    return program_.slot(slot).kind == facts::SlotKind::Field
               ? neighbour_.lookup(keyOf(slot, capability))
               : kNoId;
  }

private:
  /// A member's record, by its name and file, and a capability.
  using Key = std::tuple<llvm::StringRef, Id, llvm::StringRef>;
  Key keyOf(Id field, llvm::StringRef capability) const {
    const Slot& slot = program_.slot(field);
    return {slot.name.rsplit("::").first, slot.place.file, capability};
  }

  const Program& program_;
  llvm::DenseSet<std::pair<Id, llvm::StringRef>> guarded_;
  llvm::DenseMap<Id, llvm::SmallVector<llvm::StringRef, 1>> locks_;
  llvm::DenseMap<Key, Id> neighbour_;
};

/// Why whoever calls the function must hold the lock, or must not.
Step requirementStep(const RuleInput& input, Id function, const Requirement& requirement) {
  const Program& program = input.program;
  const std::string name = program.function(function).qualified_name.str() + "()";
  const std::string lock = input.locks.paths().described(requirement.path);
  const std::string what = requirement.kind == Requirement::Kind::Excluded
                               ? name + " must not be called with " + lock + " held"
                               : name + " requires " + lock;
  if (requirement.marker)
    return stepAt(program, function, requirement.marker->place, what + ", it says here");
  return stepAt(program, function, program.function(function).place,
                what + ", says the configuration");
}

/// What goes into a pointer, and the lock that it needs.
struct LockFlow {
  const Flow* first = nullptr;
  llvm::DenseSet<uint64_t> sources;
};

Finding reportLock(const RuleInput& input, const LockFlow& group, llvm::StringRef capability,
                   const std::string& lock, Id neighbour) {
  const Program& program = input.program;
  const Flow& flow = *group.first;
  const bool is_function = flow.from_function != kNoId;
  std::string message =
      is_function ? program.function(flow.from_function).qualified_name.str() + "() requires "
                  : slotName(program, flow.from_slot) + " is guarded by ";
  message +=
      lock + " and goes to " + slotName(program, flow.to_slot) + ", which is not guarded by it";
  if (group.sources.size() > 1)
    message += ", as do " + std::to_string(group.sources.size() - 1) + " more";
  Finding finding = findingAtFlow(program, flow, Severity::Warning, std::move(message));
  finding.identity = {program.slot(flow.to_slot).key.str(), capability.str()};
  if (is_function)
    finding.witness.push_back(requirementStep(
        input, flow.from_function, *requirementOf(input, flow.from_function, capability, false)));
  else
    finding.witness.push_back(stepAt(program, flow.holder, program.slot(flow.from_slot).place,
                                     slotName(program, flow.from_slot) + " is guarded by " + lock));
  addPointerSteps(program, flow, finding);
  auto excludes = [&](Id caller) { return requirementOf(input, caller, capability, true); };
  auto may_lack = [&](Id caller) { return !requirementOf(input, caller, capability, false); };
  if (!addCallThrough(program, flow.to_slot, excludes, ", and is entered without " + lock, finding))
    addCallThrough(program, flow.to_slot, may_lack, "", finding);
  if (neighbour != kNoId)
    finding.witness.push_back(stepAt(program, kNoId, program.slot(neighbour).place,
                                     slotName(program, neighbour) + " is guarded by " + lock));
  return finding;
}

/// Where members of a record are guarded, one that is not says that it is called without the lock.
/// Where none is, it may be a general mechanism, for which a lock of some users is not to be had:
/// then most of what goes into the pointer must need the lock.
void checkLocks(const RuleInput& input, const GuardedPointers& pointers, Findings& findings) {
  const Program& program = input.program;
  const locks::PathTable& paths = input.locks.paths();
  llvm::MapVector<std::pair<Id, llvm::StringRef>, LockFlow> groups;
  auto add = [&](const Flow& flow, llvm::StringRef capability) {
    if (!pointers.isSilent(flow.to_slot, capability))
      return;
    LockFlow& group = groups[{flow.to_slot, capability}];
    group.sources.insert(flow.from_function != kNoId ? uint64_t{flow.from_function}
                                                     : (uint64_t{1} << 32) | flow.from_slot);
    if (!group.first || isEarlier(program, flow, *group.first))
      group.first = &flow;
  };
  for (const Flow& flow : program.flows()) {
    if (flow.to_slot == kNoId)
      continue;
    if (flow.from_function != kNoId) {
      for (const Requirement& requirement :
           input.locks.operations().requirementsOf(flow.from_function))
        if (requirement.kind != Requirement::Kind::Excluded && paths.isGlobal(requirement.path))
          add(flow, paths.text(requirement.path));
    } else if (flow.from_slot != kNoId) {
      for (llvm::StringRef capability : pointers.locksOf(flow.from_slot))
        add(flow, capability);
    }
  }
  for (const auto& [key, group] : groups) {
    const auto& [slot, capability] = key;
    const Id neighbour = pointers.guardedNeighbour(slot, capability);
    Finding finding =
        reportLock(input, group, capability, capability.split('@').first.str(), neighbour);
    if (neighbour == kNoId && size_t{2} * group.sources.size() < program.slotTargets(slot).size())
      finding.confidence = Confidence::Type;
    findings.push_back(std::move(finding));
  }
}

/// Whoever calls through a guarded pointer holds the lock: what must not find it held is wrong
/// there.
void checkExclusions(const RuleInput& input, const GuardedPointers& pointers, Findings& findings) {
  const Program& program = input.program;
  llvm::DenseSet<std::pair<Id, Id>> reported;
  for (const Flow& flow : program.flows()) {
    if (flow.to_slot == kNoId || flow.from_function == kNoId)
      continue;
    for (const Requirement& requirement :
         input.locks.operations().requirementsOf(flow.from_function)) {
      const llvm::StringRef capability = input.locks.paths().text(requirement.path);
      if (requirement.kind != Requirement::Kind::Excluded ||
          !pointers.isGuarded(flow.to_slot, capability) ||
          !reported.insert({flow.from_function, flow.to_slot}).second)
        continue;
      Finding finding = findingAtFlow(
          program, flow, Severity::Error,
          program.function(flow.from_function).qualified_name.str() +
              "() must not be called with " + capability.split('@').first.str() +
              " held and goes to " + slotName(program, flow.to_slot) + ", which is guarded by it");
      finding.identity = {program.slot(flow.to_slot).key.str(),
                          program.function(flow.from_function).usr.str(), capability.str()};
      finding.witness.push_back(requirementStep(input, flow.from_function, requirement));
      addPointerSteps(program, flow, finding);
      addCallThrough(program, flow.to_slot, [](Id) { return true; }, "", finding);
      findings.push_back(std::move(finding));
    }
  }
}

void checkPointerAnnotation(const RuleInput& input, Findings& findings) {
  checkContexts(input, findings);
  const GuardedPointers pointers(input.program);
  checkLocks(input, pointers, findings);
  checkExclusions(input, pointers, findings);
}

} // namespace

const Rule kPointerAnnotation = {
    "pointer-annotation",
    "A marked function, or one that requires a lock, goes into a function pointer that does not "
    "say "
    "so.",
    "Whoever calls through the pointer sees only the pointer's marker. Mark the field, variable, "
    "parameter or typedef like the functions that it holds, and guard it by their lock.",
    Severity::Error, checkPointerAnnotation};

} // namespace lockvet::rules
