// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/compiler_view.h"

#include "llvm/ADT/STLExtras.h"

#include <optional>

namespace lockvet::locks {

using program::Call;
using program::Marker;

namespace {

using Proof = CompilerView::Proof;

/// The hold that an attribute promises at entry, and the one that it demands at the end.
struct Contract {
  Hold entry = Hold::Free;
  Hold exit = Hold::Free;
};

/// What the compiler believes of a lock at a function's entry, and demands at its end; no value
/// where it only believes.
std::optional<Contract> contractOf(const program::Program& program, Id function,
                                   llvm::StringRef lock) {
  Contract contract;
  for (const Marker& marker : program.markersOf(function)) {
    const auto [word, expression] = marker.label.split(':');
    if (marker.origin != facts::MarkerOrigin::Capability || expression != lock)
      continue;
    const Hold hold = word.ends_with("_shared") ? Hold::Shared : Hold::Exclusive;
    if (word == "requires" || word == "requires_shared")
      contract = {hold, hold};
    else if (word == "acquires" || word == "acquires_shared")
      contract = {Hold::Free, hold};
    else if (word == "releases" || word == "releases_shared" || word == "releases_generic")
      contract = {hold, Hold::Free};
    else if (word != "excludes")
      return std::nullopt;
  }
  return contract;
}

/// Does an attribute say what the function does to locks?
bool isAnnotated(const program::Program& program, Id function) {
  return llvm::any_of(program.markersOf(function), [](const Marker& marker) {
    const llvm::StringRef word = marker.label.split(':').first;
    return marker.origin == facts::MarkerOrigin::Capability &&
           (word.starts_with("acquires") || word.starts_with("releases") ||
            word.starts_with("asserts"));
  });
}

bool isHeldAll(Holds holds, Requirement::Kind kind) {
  switch (kind) {
  case Requirement::Kind::Exclusive:
    return holds != 0 && (holds & kAnyExclusive) == holds;
  case Requirement::Kind::Shared:
    return holds != 0 && !(holds & kUnheld);
  case Requirement::Kind::Excluded:
    break;
  }
  return !(holds & kAnyHeld);
}

bool isKept(Hold exit, Hold demanded) {
  return isExclusive(demanded) ? isExclusive(exit)
         : isShared(demanded)  ? isHeld(exit)
                               : !isHeld(exit);
}

} // namespace

CompilerView::CompilerView(const program::Program& program, const program::ContextGuards& guards,
                           const Bodies& bodies, const LockOperations& operations,
                           const LockEffects& effects, PathTable& paths)
    : program_(program), guards_(guards), bodies_(bodies), operations_(operations),
      effects_(effects), paths_(paths) {
  for (const Marker& marker : program.markers()) {
    const auto [word, lock] = marker.label.split(':');
    if (marker.slot != kNoId && (word == "guarded_by" || word == "pt_guarded_by"))
      guarded_[marker.slot].push_back(lock);
  }
  for (const program::Flow& flow : program.flows())
    if (guarded_.contains(flow.from_slot) || guarded_.contains(flow.to_slot))
      uses_guarded_.insert(flow.holder);
}

/// A call through a guarded pointer reads it.
bool CompilerView::collectThrough(const Call& call, std::vector<Proof>& proofs) const {
  const auto position = static_cast<uint32_t>(program_.indexOf(call));
  if (!effects_.at(position).empty())
    return false;
  auto found = guarded_.find(call.slot);
  if (call.slot == kNoId || found == guarded_.end())
    return true;
  for (llvm::StringRef lock : found->second) {
    const PathId path = paths_.intern(lock);
    // A lock of the pointer's own object has another name here.
    if (!paths_.isGlobal(path) || program_.slot(call.slot).name.contains(lock))
      return false;
    proofs.push_back({Proof::Kind::Needed, position, path});
  }
  return true;
}

bool CompilerView::collectAt(const Call& call, std::vector<Proof>& proofs) const {
  if (call.callee == kNoId)
    return collectThrough(call, proofs);
  const auto position = static_cast<uint32_t>(program_.indexOf(call));
  const llvm::ArrayRef<PathArgument> arguments = bodies_.argumentsOf(position);
  // What only the configuration or the callee's body tells, the compiler does not see.
  if (!isAnnotated(program_, call.callee) && !effects_.at(position).empty())
    return false;
  for (const LockOperation& operation : operations_.operationsOf(call.callee)) {
    const PathId path = paths_.toCaller(operation.path, arguments);
    const bool tries = operation.operation == Operation::TryAcquire ||
                       operation.operation == Operation::TryAcquireShared;
    if (path == kNoPath || tries)
      return false;
    if (acquires(operation.operation))
      proofs.push_back({Proof::Kind::Taken, position, path});
    else if (releases(operation.operation))
      proofs.push_back({Proof::Kind::GivenBack, position, path});
  }
  for (const Requirement& requirement : operations_.requirementsOf(call.callee)) {
    const PathId path = paths_.toCaller(requirement.path, arguments);
    if (path == kNoPath || !requirement.marker)
      return false;
    proofs.push_back({Proof::Kind::Needed, position, path});
  }
  return true;
}

bool CompilerView::collect(Id function, std::vector<Proof>& proofs) const {
  return llvm::all_of(program_.callsOf(function),
                      [&](const Call& call) { return collectAt(call, proofs); });
}

/// Walks the ways through the function as the compiler does, which takes no flag into account.
bool CompilerView::isFine(Id function, PathId path, llvm::ArrayRef<Proof> proofs) const {
  const std::optional<Contract> contract = contractOf(program_, function, paths_.text(path));
  if (!contract)
    return false;
  for (const Body& body : bodies_.of(function)) {
    HoldsWalk walk(program_, guards_, effects_, body, path);
    walk.run(contract->entry, program::kEither, {}, /*follows_flags=*/false);
    bool is_fine = true;
    forEachOutcome(walk.outcomes(),
                   [&](Hold exit, program::FlagValue) { is_fine &= isKept(exit, contract->exit); });
    for (const auto& [call, holds] : walk.holds)
      is_fine &= !(holds & kUnheld) || !(holds & kAnyHeld);
    for (const Proof& proof : proofs) {
      if (proof.path != path || !walk.holds.contains(proof.call))
        continue;
      const Holds holds = walk.holds[proof.call];
      const Call& call = program_.calls()[proof.call];
      if (proof.kind == Proof::Kind::Taken)
        is_fine &= !(holds & kAnyHeld);
      else if (proof.kind == Proof::Kind::GivenBack || call.callee == kNoId)
        is_fine &= !(holds & kUnheld);
      else
        for (const Requirement& requirement : operations_.requirementsOf(call.callee))
          if (paths_.toCaller(requirement.path, bodies_.argumentsOf(proof.call)) == path)
            is_fine &= isHeldAll(holds, requirement.kind);
    }
    if (!is_fine)
      return false;
  }
  return true;
}

std::optional<std::vector<Proof>> CompilerView::proofFor(Id function) const {
  std::vector<Proof> proofs;
  // Guarded data that are no pointers to functions are not known; guarded pointers say that there
  // may be such.
  if (bodies_.of(function).empty() || uses_guarded_.contains(function) ||
      !collect(function, proofs) || proofs.empty())
    return std::nullopt;
  llvm::DenseSet<PathId> locks;
  for (const Proof& proof : proofs)
    locks.insert(proof.path);
  for (const LockOperation& operation : operations_.operationsOf(function))
    locks.insert(operation.path);
  if (!llvm::all_of(locks, [&](PathId path) { return isFine(function, path, proofs); }))
    return std::nullopt;
  return proofs;
}

} // namespace lockvet::locks
