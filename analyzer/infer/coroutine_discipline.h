// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Needs that are about coroutines: what calls a coroutine_fn where no guard tells that it is in a
// coroutine has to be a coroutine_fn itself.

#pragma once

#include "analyzer/infer/entry_points.h"
#include "analyzer/infer/input.h"
#include "analyzer/infer/needs.h"

namespace lockvet::infer {

class CoroutineDiscipline : public Discipline {
public:
  /// `inferred` are functions known from a round before to need a coroutine.
  CoroutineDiscipline(const Input& input, const EntryPoints& entries,
                      const std::set<std::pair<Id, locks::PathId>>& inferred)
      : input_(input), entries_(entries), inferred_(inferred) {}

  /// The needs that stand in the code: markers, and assertions of being in a coroutine.
  void addSeeds(Needs& needs) const;

  Answer answer(const Need& need, uint32_t call) override;
  Answer::Kind answerThroughPointer(const Need& need, uint32_t call) override;
  Answer::Kind mayCarry(const Need& need, Id slot) override;
  bool isEnteredWithout(const Need& need) override;

private:
  bool isMixedBag(Id slot) const;
  bool startsCoroutine(Id function) const;

  const Input& input_;
  const EntryPoints& entries_;
  const std::set<std::pair<Id, locks::PathId>>& inferred_;
};

} // namespace lockvet::infer
