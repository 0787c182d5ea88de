// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is different in a program that was loaded once more, from the same store under the same
// configuration: by functions, since that is by what the analyses keep their results. Made by
// whoever analyses a program again; the programs must outlive it.

#pragma once

#include "analyzer/program/program.h"

#include <optional>
#include <vector>

namespace lockvet::program {

class ProgramChange {
public:
  ProgramChange(const Program& before, const Program& now);

  /// Has a function other calls than before, or other targets of them, other markers, another name?
  /// Places do not count: what stands below a change moves. True of functions that are new.
  bool isChanged(Id function) const { return changed_[function]; }
  /// Of what its callers see of it: is it another function, or has it other markers?
  bool isRelabelled(Id function) const { return relabelled_[function]; }

  /// Says that a function is changed in what this cannot see.
  void add(Id function) { changed_[function] = true; }

  /// The place among Program::calls() that a call has now, or had before; none where its function
  /// is changed.
  std::optional<uint32_t> now(uint32_t before) const;
  std::optional<uint32_t> before(uint32_t now) const;

private:
  void compareSlots();
  void compareFunctions();
  bool isSameFunction(Id function) const;
  bool isSameCall(const Call& old, const Call& call) const;
  bool haveSameCalls(Id function) const;
  bool haveSameMarkers(Id function) const;

  const Program& before_;
  const Program& now_;
  std::vector<bool> changed_;      ///< by function
  std::vector<bool> relabelled_;   ///< by function
  std::vector<bool> slot_changed_; ///< another slot, or with other targets or markers
};

} // namespace lockvet::program
