// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What inference asks of locks: which ones markers can name, what functions and pointers say of
// them, and how they are held at calls. Stands on the lock analysis' bottom-up half alone; what
// callers hold is just what is to be inferred.

#pragma once

#include "analyzer/infer/marker.h"
#include "analyzer/locks/lock_effects.h"

#include <map>
#include <optional>
#include <set>

namespace lockvet::infer {

class LockSummary {
public:
  /// All of these must outlive it.
  LockSummary(const program::Program& program, const program::Skeletons& skeletons,
              const program::Callers& callers, const program::ContextGuards& guards,
              const config::Config& config);

  locks::PathTable& paths() { return paths_; }
  const locks::LockOperations& operations() const { return operations_; }
  const locks::LockEffects& effects() const { return effects_; }
  const program::Callers& callers() const { return callers_; }
  llvm::ArrayRef<locks::PathArgument> argumentsOf(size_t call) const {
    return bodies_.argumentsOf(call);
  }

  /// Does some attribute in the tree name the lock? Only such a lock can be written in a marker.
  bool isNamed(locks::PathId lock) const { return named_.contains(lock); }
  const std::set<locks::PathId>& named() const { return named_; }

  /// What the function says of the lock; null if it says nothing.
  const locks::Requirement* requirementOf(Id function, locks::PathId lock) const;

  /// Is what the function does to locks not to be inferred: the compiler's analysis is turned off,
  /// or it is a lock operation itself?
  bool isTrusted(Id function) const {
    return trusted_.contains(function) || operations_.isPrimitive(function);
  }

  /// Does the pointer say that whoever calls through it holds the lock?
  bool isGuarded(Id slot, locks::PathId lock) const { return guarded_.contains({slot, lock}); }
  const std::set<std::pair<Id, locks::PathId>>& guarded() const { return guarded_; }

  bool touches(Id function, locks::PathId lock) const;

  /// How the lock is held at a call, by all ways through the body, if the function is entered so.
  locks::Holds at(uint32_t call, locks::PathId lock, locks::Hold entry);

  /// Does the function take the lock although it is held, if it is entered so?
  bool takesTwice(Id function, locks::PathId lock, locks::Hold entry);

  /// Does the function call what gives the lock up, whoever holds it?
  bool givesUp(Id function, locks::PathId lock);

  /// How the function has to hold the lock when it is entered, since it gives it back and takes it
  /// again before it returns; no value where it does not.
  std::optional<locks::Hold> givenBack(Id function, locks::PathId lock);

private:
  using HoldsAtCalls = llvm::DenseMap<uint32_t, locks::Holds>;

  bool leavesHeld(Id function, locks::PathId lock, locks::Hold entry) const;
  const HoldsAtCalls& walk(Id function, locks::PathId lock, locks::Hold entry);
  void readMarkers();

  const program::Program& program_;
  const program::ContextGuards& guards_;
  locks::PathTable paths_;
  locks::Bodies bodies_;
  const program::Callers& callers_;
  locks::LockOperations operations_;
  locks::LockEffects effects_;
  std::set<locks::PathId> named_;
  std::set<std::pair<Id, locks::PathId>> guarded_;
  llvm::DenseSet<Id> trusted_;
  std::map<std::tuple<Id, locks::PathId, locks::Hold>, HoldsAtCalls> walked_;
};

} // namespace lockvet::infer
