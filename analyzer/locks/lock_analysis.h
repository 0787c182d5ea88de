// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The whole lock analysis of a program, in one owner: names, operations, effects, and what is held
// at calls.

#pragma once

#include "analyzer/locks/certain_calls.h"
#include "analyzer/locks/compiler_view.h"
#include "analyzer/locks/held_locks.h"
#include "analyzer/locks/lock_order.h"

#include <memory>
#include <optional>

namespace lockvet::locks {

class LockAnalysis {
public:
  /// `program` and what belongs to it, and `config`, must outlive the result.
  LockAnalysis(const program::Program& program, const program::Skeletons& skeletons,
               const program::Callers& callers, const program::ContextGuards& guards,
               const program::ContextInference& contexts, const config::Config& config)
      : LockAnalysis(program, skeletons, callers, guards, contexts, config, PathTable(),
                     std::nullopt) {}

  /// The same for a program that was loaded again under the same configuration. Of `before` only
  /// the destructor may be used afterwards.
  LockAnalysis(const program::Program& program, const program::Skeletons& skeletons,
               const program::Callers& callers, const program::ContextGuards& guards,
               const program::ContextInference& contexts, const config::Config& config,
               LockAnalysis& before, const program::ProgramChange& change)
      : LockAnalysis(program, skeletons, callers, guards, contexts, config,
                     std::move(before.paths_), LockEffects::Known{before.effects_, change}) {}

  const PathTable& paths() const { return paths_; }
  const LockOperations& operations() const { return operations_; }
  const LockEffects& effects() const { return effects_; }
  const HeldLocks& held() const { return held_; }
  const CertainCalls& certainCalls() const { return certain_calls_; }
  /// Computed when it is first asked for.
  const LockOrder& order() const {
    if (!order_)
      order_ = std::make_unique<LockOrder>(program_, guards_, callers_, bodies_, operations_,
                                           effects_, held_, paths_, config_);
    return *order_;
  }
  /// What the compiler would say of functions that it does not look at.
  CompilerView compilerView() const {
    return {program_, guards_, bodies_, operations_, effects_, paths_};
  }
  const program::Callers& callers() const { return callers_; }

private:
  LockAnalysis(const program::Program& program, const program::Skeletons& skeletons,
               const program::Callers& callers, const program::ContextGuards& guards,
               const program::ContextInference& contexts, const config::Config& config,
               PathTable paths, const std::optional<LockEffects::Known>& known)
      : program_(program), guards_(guards), config_(config), paths_(std::move(paths)),
        bodies_(program, skeletons, paths_), callers_(callers),
        operations_(program, config, paths_),
        effects_(program, guards, callers_, bodies_, operations_, paths_,
                 known ? &*known : nullptr),
        held_(program, guards, contexts, callers_, bodies_, operations_, effects_, paths_),
        certain_calls_(program, bodies_) {}

  const program::Program& program_;
  const program::ContextGuards& guards_;
  const config::Config& config_;
  mutable PathTable paths_; ///< the order of locks is asked for later, and adds names
  Bodies bodies_;
  const program::Callers& callers_;
  LockOperations operations_;
  LockEffects effects_;
  HeldLocks held_;
  CertainCalls certain_calls_;
  mutable std::unique_ptr<LockOrder> order_;
};

} // namespace lockvet::locks
