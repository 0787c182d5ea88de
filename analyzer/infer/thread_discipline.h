// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Needs that are about threads: what calls code for the main loop, where no guard tells that it is
// there, has to be for the main loop itself; and the same of code that runs in the main loop or in
// its object's own thread. Which of a function's callers are outside decides what follows.

#pragma once

#include "analyzer/infer/entry_points.h"
#include "analyzer/infer/input.h"
#include "analyzer/infer/needs.h"
#include "llvm/ADT/MapVector.h"

namespace lockvet::infer {

/// The surest way on which a call happens outside the main loop, if it is sure: not up to which
/// object has which function, and not from code whose marker is for both.
std::optional<program::Way> sureWayOutside(const Input& input, const program::Call& call);

class ThreadDiscipline : public Discipline {
public:
  /// `kind` is MainLoop or IoOrGs. Of the functions in `settled` it is known what they are for, and
  /// nothing follows from their calls.
  ThreadDiscipline(const Input& input, MarkerKind kind, const llvm::DenseSet<Id>& settled);

  /// The needs that stand in the code: markers, and assertions of being in the main loop.
  void addSeeds(Needs& needs) const;

  Answer answer(const Need& need, uint32_t call) override;
  Answer::Kind answerThroughPointer(const Need&, uint32_t) override {
    return Answer::Kind::Unknown;
  }
  Answer::Kind mayCarry(const Need& need, Id slot) override;
  bool isEnteredWithout(const Need& need) override;

  /// Functions that call what is for the main loop in some way through their bodies only, and are
  /// reached outside it: with such a call.
  const llvm::MapVector<Id, uint32_t>& torn() const { return torn_; }

private:
  bool isBound(Id function) const;
  bool assertsByItself(Id function) const;
  Answer answerOfUnmarked(Id caller, uint32_t call);

  const Input& input_;
  MarkerKind kind_;
  program::Labels label_;
  const llvm::DenseSet<Id>& settled_;
  llvm::DenseSet<Id> in_main_loop_, in_pool_; ///< registrars' parameters
  llvm::MapVector<Id, uint32_t> torn_;
};

} // namespace lockvet::infer
