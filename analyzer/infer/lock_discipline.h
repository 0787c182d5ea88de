// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Needs that are about locks: what calls a function that requires a lock, or reads what the lock
// guards, has to hold it; and if neither its own code nor a marker says that it does, it requires
// it of its callers.

#pragma once

#include "analyzer/infer/entry_points.h"
#include "analyzer/infer/lock_summary.h"
#include "analyzer/infer/needs.h"

namespace lockvet::infer {

class LockDiscipline : public Discipline {
public:
  /// `inferred` are functions, with the lock, known from a round before to require it.
  LockDiscipline(const program::Program& program, LockSummary& locks, const EntryPoints& entries,
                 const std::set<std::pair<Id, locks::PathId>>& inferred);

  /// The needs that stand in the code: markers, and what the compiler says of guarded data.
  void addSeeds(Needs& needs);

  Answer answer(const Need& need, uint32_t call) override;
  Answer::Kind answerThroughPointer(const Need& need, uint32_t call) override;
  Answer::Kind mayCarry(const Need& need, Id slot) override;
  bool isEnteredWithout(const Need& need) override;

private:
  locks::Hold entryHold(Id function, locks::PathId lock) const;
  bool fitsPointer(Id slot, locks::PathId lock) const;
  void addAccesses(Needs& needs);
  void addGivenBack(Needs& needs);

  const program::Program& program_;
  LockSummary& locks_;
  const EntryPoints& entries_;
  const std::set<std::pair<Id, locks::PathId>>& inferred_;
  /// Records, by name and file, that have a member guarded by a lock.
  std::set<std::tuple<llvm::StringRef, Id, locks::PathId>> guarded_records_;
  std::set<std::pair<Id, locks::PathId>> speaking_; ///< files with a marker of a lock
};

} // namespace lockvet::infer
