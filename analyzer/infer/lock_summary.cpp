// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/lock_summary.h"

#include "llvm/ADT/STLExtras.h"

namespace lockvet::infer {

using namespace locks;
using program::Call;
using program::Marker;

namespace {

class HoldsWalk : public LockWalk {
public:
  using LockWalk::LockWalk;
  llvm::DenseMap<uint32_t, Holds> holds;

private:
  void visitHeld(size_t call, Hold hold) override {
    holds[static_cast<uint32_t>(call)] |= bit(hold);
  }
};

constexpr llvm::StringRef kOfFunctions[] = {"requires", "requires_shared", "excludes"};
constexpr llvm::StringRef kOfPointers[] = {"guarded_by", "pt_guarded_by", "requires",
                                           "requires_shared"};

} // namespace

LockSummary::LockSummary(const program::Program& program, const program::Skeletons& skeletons,
                         const program::Callers& callers, const program::ContextGuards& guards,
                         const config::Config& config)
    : program_(program), guards_(guards), bodies_(program, skeletons, paths_), callers_(callers),
      operations_(program, config, paths_),
      effects_(program, guards, callers_, bodies_, operations_, paths_) {
  readMarkers();
}

void LockSummary::readMarkers() {
  for (const Marker& marker : program_.markers()) {
    if (marker.origin != facts::MarkerOrigin::Capability)
      continue;
    auto [word, expression] = marker.label.split(':');
    if (word == "no_analysis" && marker.slot == kNoId) {
      trusted_.insert(marker.function);
      continue;
    }
    expression.consume_front("!");
    if (expression.empty() ||
        !llvm::is_contained(marker.slot == kNoId ? llvm::ArrayRef(kOfFunctions)
                                                 : llvm::ArrayRef(kOfPointers),
                            word))
      continue;
    const PathId path = paths_.intern(expression);
    named_.insert(path);
    if (marker.slot != kNoId && paths_.isGlobal(path))
      guarded_.insert({marker.slot, path});
  }
}

const Requirement* LockSummary::requirementOf(Id function, PathId lock) const {
  const Requirement* best = nullptr;
  for (const Requirement& requirement : operations_.requirementsOf(function))
    if (requirement.path == lock && (!best || requirement.kind < best->kind))
      best = &requirement;
  return best;
}

bool LockSummary::touches(Id function, PathId lock) const {
  return llvm::any_of(effects_.touchedBy(function),
                      [&](const LockEffects::Touched& touched) { return touched.path == lock; });
}

const LockSummary::HoldsAtCalls& LockSummary::walk(Id function, PathId lock, Hold entry) {
  auto [found, is_new] = walked_.try_emplace({function, lock, entry});
  if (is_new)
    for (const Body& body : bodies_.of(function)) {
      HoldsWalk walk(program_, guards_, effects_, body, lock);
      walk.run(entry, program::kEither, withObject({}, paths_.text(lock)), /*follows_flags=*/true);
      for (const auto& [call, holds] : walk.holds)
        found->second[call] |= holds;
    }
  return found->second;
}

/// Behind a callee that takes a lock and gives it back the lock counts as free. But what is not
/// held by a callee may still be held by the caller, where the function itself gives nothing up.
Holds LockSummary::at(uint32_t call, PathId lock, Hold entry) {
  const Id function = program_.calls()[call].caller;
  if (!touches(function, lock))
    return bit(entry);
  Holds holds = walk(function, lock, entry).lookup(call);
  if (entry == Hold::Unknown && (holds & bit(Hold::Free)) && !givesUp(function, lock))
    holds = (holds & ~bit(Hold::Free)) | bit(Hold::Unknown);
  return holds;
}

/// Readers nest, and what a callee reads under is its own business: the compiler complains of a
/// reader only where the function itself takes the lock again.
bool LockSummary::takesTwice(Id function, PathId lock, Hold entry) {
  if (!touches(function, lock))
    return false;
  return llvm::any_of(walk(function, lock, entry), [&](const auto& at) {
    if (!(at.second & kAnyHeld))
      return false;
    const Id callee = program_.calls()[at.first].callee;
    const bool is_direct = callee != kNoId && operations_.isPrimitive(callee);
    return llvm::any_of(effects_.at(at.first), [&](const LockEffect& effect) {
      bool takes = false;
      forEachOutcome(effect.effect.at(Hold::Free), [&](Hold hold, program::FlagValue) {
        takes |= is_direct ? isHeld(hold) : isExclusive(hold);
      });
      return effect.path == lock && !effect.is_assertion && takes;
    });
  });
}

bool LockSummary::givesUp(Id function, PathId lock) {
  return llvm::any_of(program_.callsOf(function), [&](const Call& call) {
    return llvm::any_of(effects_.at(program_.indexOf(call)), [&](const LockEffect& effect) {
      const Outcomes free = outcome(Hold::Free, program::kUnknown);
      return effect.path == lock &&
             (effect.effect.at(Hold::Shared) == free || effect.effect.at(Hold::Exclusive) == free);
    });
  });
}

std::optional<Hold> LockSummary::givenBack(Id function, PathId lock) {
  bool gives_shared = false, gives_exclusive = false;
  const Outcomes free = outcome(Hold::Free, program::kUnknown);
  for (const auto& [call, holds] : walk(function, lock, Hold::Unknown))
    for (const LockEffect& effect : effects_.at(call))
      if ((holds & bit(Hold::Unknown)) && effect.path == lock) {
        gives_shared |= effect.effect.at(Hold::Shared) == free;
        gives_exclusive |= effect.effect.at(Hold::Exclusive) == free;
      }
  // Only what takes it again is for who holds it; what does not is for who wants to be rid of it.
  if (gives_exclusive && leavesHeld(function, lock, Hold::Exclusive))
    return Hold::Exclusive;
  if (gives_shared && leavesHeld(function, lock, Hold::Shared))
    return Hold::Shared;
  return std::nullopt;
}

bool LockSummary::leavesHeld(Id function, PathId lock, Hold entry) const {
  Outcomes outcomes = 0;
  for (const Body& body : bodies_.of(function)) {
    LockWalk walk(program_, guards_, effects_, body, lock);
    walk.run(entry, program::kEither, withObject({}, paths_.text(lock)), /*follows_flags=*/true);
    outcomes |= walk.outcomes();
  }
  bool is_held = outcomes != 0;
  forEachOutcome(outcomes, [&](Hold hold, program::FlagValue) { is_held &= hold == entry; });
  return is_held;
}

} // namespace lockvet::infer
