// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The call graph backwards, over every kind of edge but guesses on types: which calls can run a
// function. Built once from a program, then only read.

#pragma once

#include "analyzer/program/program.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace lockvet::program {

class Callers {
public:
  explicit Callers(const Program& program);

  /// Positions in Program::calls() of all calls that can run the function.
  llvm::ArrayRef<uint32_t> of(Id function) const {
    return llvm::ArrayRef<uint32_t>(calls_).slice(first_[function],
                                                  first_[function + 1] - first_[function]);
  }

  /// All functions from which calls lead to one of `ends`, these included, as flags by Id. A call
  /// for which `passes` is false leads nowhere.
  std::vector<bool> reaching(llvm::ArrayRef<Id> ends,
                             llvm::function_ref<bool(uint32_t call, Id target)> passes) const;

private:
  const Program& program_;
  std::vector<uint32_t> calls_;
  std::vector<uint32_t> first_;
};

} // namespace lockvet::program
