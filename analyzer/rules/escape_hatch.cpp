// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/lock_witness.h"
#include "analyzer/rules/source_text.h"
#include "llvm/ADT/STLExtras.h"

namespace lockvet::rules {

using namespace program;
using locks::CompilerView;
using locks::HeldEntry;
using locks::LockOperation;
using locks::Operation;

namespace {

/// Longer proofs convince nobody more.
constexpr size_t kMostProofs = 8;

const Marker* noAnalysis(const Program& program, Id function) {
  for (const Marker& marker : program.markersOf(function))
    if (marker.origin == facts::MarkerOrigin::Capability && marker.label == "no_analysis")
      return &marker;
  return nullptr;
}

Finding report(const RuleInput& input, Id function, const Marker& marker, std::string message,
               llvm::StringRef what) {
  const Program& program = input.program;
  Finding finding;
  finding.rule = kEscapeHatch.id.str();
  finding.message = std::move(message);
  finding.function = program.function(function).qualified_name.str();
  if (marker.place.file != kNoId)
    finding.file = program.file(marker.place.file).str();
  finding.line = marker.place.line;
  finding.column = marker.place.column;
  finding.identity = {program.function(function).usr.str(), what.str()};
  finding.witness.push_back(
      stepAt(program, function, marker.place,
             "the analysis of " + quoted(program, function) + " is turned off here"));
  return finding;
}

std::string pathName(const RuleInput& input, locks::PathId path) {
  const std::string name = input.locks.paths().described(path);
  return name.empty() ? "a lock" : name;
}

Step proofStep(const RuleInput& input, const CompilerView::Proof& proof) {
  const Program& program = input.program;
  const Call& call = program.calls()[proof.call];
  Step step = callStep(program, call, call.callee, EdgeKind::Direct);
  const std::string lock = pathName(input, proof.path);
  switch (proof.kind) {
  case CompilerView::Proof::Kind::Needed:
    step.reason += ", which finds " + lock + " as it needs it";
    break;
  case CompilerView::Proof::Kind::Taken:
    step.reason += ", which takes " + lock + ", not held before";
    break;
  case CompilerView::Proof::Kind::GivenBack:
    step.reason += ", which gives back " + lock + ", held on every way";
    break;
  }
  return step;
}

/// Is there a reason in the attribute, or a comment at any of the function's declarations or where
/// its body begins?
bool hasReason(const Program& program, Id function, const Marker& marker, SourceText& text) {
  for (const Marker& other : program.markersOf(function))
    if (llvm::StringRef reason = other.label;
        reason.consume_front("no_thread_safety_analysis:") && !reason.trim().empty())
      return true;
  if (text.isCommented(program.file(marker.place.file), marker.place.line))
    return true;
  return llvm::any_of(program.declarationsOf(function), [&](const Declaration& declaration) {
    const llvm::StringRef file = program.file(declaration.place.file);
    return text.isCommented(file, declaration.place.line) ||
           text.isCommented(file, declaration.place.line + 1) ||
           text.isCommented(file, declaration.place.line + 2);
  });
}

void checkUnanalysed(const RuleInput& input, SourceText& text, Findings& findings) {
  const Program& program = input.program;
  const CompilerView view = input.locks.compilerView();
  for (Id function = 1; function < program.functions().size(); ++function) {
    const Marker* marker = noAnalysis(program, function);
    if (!marker || marker->place.file == kNoId || !program.function(function).is_defined)
      continue;
    const std::string name = quoted(program, function);
    if (auto proofs = view.proofFor(function)) {
      Finding finding =
          report(input, function, *marker,
                 "the analysis of " + name +
                     " is turned off without need: its calls find each lock as they need it",
                 "need");
      for (const CompilerView::Proof& proof : *proofs)
        if (finding.witness.size() <= kMostProofs)
          finding.witness.push_back(proofStep(input, proof));
      findings.push_back(std::move(finding));
      // How a lock's own functions work is nothing that the compiler could know.
    } else if (!input.locks.operations().isPrimitive(function) &&
               !hasReason(program, function, *marker, text)) {
      findings.push_back(report(input, function, *marker,
                                "the analysis of " + name + " is turned off without a reason",
                                "reason"));
    }
  }
}

/// A function that says that a lock is held, and does nothing to find out.
bool assumes(const Program& program, Id function, const LockOperation& operation) {
  return (operation.operation == Operation::Assert ||
          operation.operation == Operation::AssertShared) &&
         !operation.is_configured && program.function(function).is_defined &&
         program.callsOf(function).empty();
}

/// Why the lock is held at a call anyhow; no value where it is not, or not on every way.
std::optional<uint32_t> heldAnyhow(const RuleInput& input, const Call& call, locks::PathId path,
                                   bool is_shared) {
  const locks::HeldLocks& held = input.locks.held();
  const auto position = static_cast<uint32_t>(input.program.indexOf(call));
  std::optional<uint32_t> why;
  for (uint32_t index = 0; index < held.entries().size(); ++index) {
    const HeldEntry& entry = held.entries()[index];
    if (entry.function != call.caller || entry.path != path ||
        entry.origin == HeldEntry::Origin::Handed)
      continue;
    const locks::HeldLocks::HoldsAtCalls* holds_at = held.holdsAt(index);
    const locks::Holds holds = holds_at ? holds_at->lookup(position) : locks::bit(entry.hold);
    if (holds == 0)
      continue;
    if ((holds & locks::kUnheld) || (!is_shared && (holds & locks::kAnyShared)))
      return std::nullopt;
    why = index;
  }
  return why;
}

/// Locks that somebody takes. What is only ever asserted is no lock but a role, such as being in
/// the main loop's thread, and saying so is what it is for.
llvm::DenseSet<locks::PathId> takenLocks(const RuleInput& input) {
  const locks::LockEffects& effects = input.locks.effects();
  llvm::DenseSet<locks::PathId> taken;
  for (const auto& [function, list] : effects.touched())
    for (const Call& call : input.program.callsOf(function))
      for (const locks::LockEffect& effect : effects.at(input.program.indexOf(call)))
        if (!effect.is_assertion)
          taken.insert(effect.path);
  return taken;
}

void checkAssumptions(const RuleInput& input, SourceText& text, Findings& findings) {
  const Program& program = input.program;
  const llvm::DenseSet<locks::PathId> taken = takenLocks(input);
  for (const Call& call : program.calls()) {
    if (call.callee == kNoId || call.caller == kNoId)
      continue;
    for (const LockOperation& operation : input.locks.operations().operationsOf(call.callee)) {
      if (!assumes(program, call.callee, operation))
        continue;
      // A lock that an argument or an object has is another one at each call.
      if (!input.locks.paths().isGlobal(operation.path) || !taken.contains(operation.path))
        continue;
      const std::string lock = pathName(input, operation.path);
      const bool is_shared = operation.operation == Operation::AssertShared;
      if (std::optional<uint32_t> why = heldAnyhow(input, call, operation.path, is_shared)) {
        Finding finding = findingAt(input, kEscapeHatch.id, Severity::Warning, call,
                                    quoted(program, call.caller) + " assumes with " +
                                        quoted(program, call.callee) + " that " + lock +
                                        " is held, which it is anyhow");
        finding.witness.push_back(
            heldStep(input, *why, static_cast<uint32_t>(program.indexOf(call)), lock));
        finding.witness.push_back(callStep(program, call, call.callee, EdgeKind::Direct));
        findings.push_back(std::move(finding));
      } else if (call.place.file != kNoId &&
                 !text.isCommented(program.file(call.place.file), call.place.line)) {
        Finding finding = findingAt(input, kEscapeHatch.id, Severity::Warning, call,
                                    quoted(program, call.caller) + " assumes with " +
                                        quoted(program, call.callee) + " that " + lock +
                                        " is held, and does not say why");
        finding.witness.push_back(callStep(program, call, call.callee, EdgeKind::Direct));
        findings.push_back(std::move(finding));
      }
    }
  }
}

void checkEscapeHatch(const RuleInput& input, Findings& findings) {
  SourceText text;
  checkUnanalysed(input, text, findings);
  checkAssumptions(input, text, findings);
}

} // namespace

const Rule kEscapeHatch = {
    "escape-hatch",
    "Analysis is turned off, or a lock assumed to be held, without need or without a reason.",
    "What is not needed hides the next mistake: take it away. Where it is needed, a comment beside "
    "it says why the code is right although the compiler can't see it.",
    Severity::Warning,
    checkEscapeHatch,
    /*is_off=*/true};

} // namespace lockvet::rules
