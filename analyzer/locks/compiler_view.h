// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the compiler's own thread-safety analysis would say of a function that it was told not to
// look at, as far as calls tell: whether what they need is held, and whether what is taken is given
// back. Made by the rule on escape hatches; reads the lock analysis.

#pragma once

#include "analyzer/locks/lock_effects.h"

#include <vector>

namespace lockvet::locks {

class CompilerView {
public:
  CompilerView(const program::Program& program, const program::ContextGuards& guards,
               const Bodies& bodies, const LockOperations& operations, const LockEffects& effects,
               PathTable& paths);

  /// Something that is as the compiler wants it.
  struct Proof {
    enum class Kind : uint8_t { Needed, Taken, GivenBack };
    Kind kind = Kind::Needed;
    uint32_t call = 0; ///< position in Program::calls()
    PathId path = kNoPath;
  };

  /// Why there is nothing to object to: the calls that could have been wrong. No value where one
  /// is, where it is not clear, and where no call has to do with locks.
  std::optional<std::vector<Proof>> proofFor(Id function) const;

private:
  /// What a function does at its calls; false if the compiler knows less of it than this analysis.
  bool collect(Id function, std::vector<Proof>& proofs) const;
  bool collectAt(const program::Call& call, std::vector<Proof>& proofs) const;
  bool collectThrough(const program::Call& call, std::vector<Proof>& proofs) const;
  bool isFine(Id function, PathId path, llvm::ArrayRef<Proof> proofs) const;

  const program::Program& program_;
  const program::ContextGuards& guards_;
  const Bodies& bodies_;
  const LockOperations& operations_;
  const LockEffects& effects_;
  PathTable& paths_;
  llvm::DenseMap<Id, llvm::SmallVector<llvm::StringRef, 1>> guarded_; ///< slots: by which locks
  llvm::DenseSet<Id> uses_guarded_; ///< functions that name a guarded slot
};

} // namespace lockvet::locks
