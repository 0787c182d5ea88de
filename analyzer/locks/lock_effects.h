// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What each function does to locks from its entry to its end, bottom-up over the program: wrappers
// that lock, guards, functions that take a lock and answer whether they did. Functions that leave
// every lock as they find it have no entry. Computed to a fixpoint once; then only read.

#pragma once

#include "analyzer/locks/bodies.h"
#include "analyzer/locks/lock_operations.h"
#include "analyzer/program/body_walk.h"
#include "analyzer/program/callers.h"
#include "analyzer/program/context_guards.h"
#include "analyzer/program/program_change.h"

#include <memory>
#include <vector>

namespace lockvet::locks {

/// What is known of a lock besides its name.
struct LockClass {
  PathId name = kNoPath; ///< Record::field, global, or type; interned like a path
  const config::LockType* type = nullptr;

  bool operator==(const LockClass&) const = default;
};

/// What a function does to one lock, in its own words.
struct LockEffect {
  PathId path = kNoPath;
  LockClass lock;
  Effect effect;
  bool is_assertion = false; ///< says what is so, and makes nothing so
  uint8_t blur = 0;          ///< how many calls further down it was not clear

  bool operator==(const LockEffect&) const = default;
};

class LockEffects {
public:
  /// The effects in the program before a change, in names of the same table; what they say of
  /// functions that have nothing to do with the change stays.
  struct Known {
    const LockEffects& before;
    const program::ProgramChange& change;
  };

  LockEffects(const program::Program& program, const program::ContextGuards& guards,
              const program::Callers& callers, const Bodies& bodies,
              const LockOperations& operations, PathTable& paths, const Known* known = nullptr);

  /// What a call does to locks, in the caller's words. A call through a pointer does what all that
  /// can be in it do. Good until the next effect is found, and for good once all are.
  llvm::ArrayRef<LockEffect> at(size_t call) const;

  /// The locks that a function's own calls do something to, whether it gives them back or not.
  struct Touched {
    PathId path = kNoPath;
    LockClass lock;
    bool gives_back = false; ///< what it did not take, on some way
  };
  llvm::ArrayRef<Touched> touchedBy(Id function) const {
    auto found = touched_.find(function);
    return found == touched_.end() ? llvm::ArrayRef<Touched>()
                                   : llvm::ArrayRef<Touched>(found->second);
  }
  const llvm::DenseMap<Id, llvm::SmallVector<Touched, 1>>& touched() const { return touched_; }

  /// May a function give back a lock of the class, which it did not take, under a name that its
  /// callers cannot relate to any of theirs?
  bool mayGiveBackUnnamed(Id function, PathId lock_class) const {
    auto found = given_back_unnamed_.find(function);
    return found != given_back_unnamed_.end() &&
           llvm::any_of(found->second,
                        [&](const Unnamed& lock) { return lock.lock_class == lock_class; });
  }

  /// Is the lock handed to something of which nothing is known, such as a pointer that is set in a
  /// translation unit that was not indexed? It may take it, or give it back.
  bool isUnknownWith(size_t call, PathId lock) const;

  /// By function: callees come before their callers (program/call_order.h).
  llvm::ArrayRef<uint32_t> calleeOrder() const { return order_; }

  /// What a function does to locks, in its own words.
  llvm::ArrayRef<LockEffect> of(Id function) const {
    auto found = effects_.find(function);
    return found == effects_.end() ? llvm::ArrayRef<LockEffect>()
                                   : llvm::ArrayRef<LockEffect>(found->second);
  }

private:
  using List = llvm::SmallVector<LockEffect, 1>;

  /// Takes over what stays, and returns the functions that must be looked at again.
  std::vector<Id> reuse(const Known& known, const program::Callers& callers);
  llvm::DenseSet<Id> affectedBy(const Known& known, const program::Callers& callers) const;
  bool hasEffectsBelow(Id function) const;
  bool analyze(Id function);
  List effectsAt(size_t call) const;
  void forgetCalls() const;
  bool isConstructor(Id function) const;
  Effect effectOfBodies(Id function, PathId path, PathId lock_class,
                        llvm::ArrayRef<program::ParameterCondition> assumptions,
                        bool& gives_back) const;
  std::vector<LockEffect> effectsOfPrimitive(Id function) const;
  LockEffect inCaller(const LockEffect& effect, size_t call) const;
  bool findUnnamed(Id function);

  /// A lock that is given back under a name of the function's own, or some calls further down.
  struct Unnamed {
    PathId lock_class = kNoPath;
    uint32_t calls = 0;

    bool operator==(const Unnamed&) const = default;
  };

  const program::Program& program_;
  const program::ContextGuards& guards_;
  const Bodies& bodies_;
  const LockOperations& operations_;
  PathTable& paths_;
  std::vector<uint32_t> order_; ///< by function
  llvm::DenseMap<Id, llvm::SmallVector<Unnamed, 1>> given_back_unnamed_;
  llvm::DenseMap<Id, std::vector<LockEffect>> effects_;
  llvm::DenseMap<Id, llvm::SmallVector<Touched, 1>> touched_;
  /// What was found for calls, which are asked about for every way that leads to them.
  static constexpr uint32_t kNotAsked = UINT32_MAX;
  mutable std::vector<uint32_t> list_of_call_;             ///< index into lists_
  mutable std::vector<std::unique_ptr<const List>> lists_; ///< the first is of all with no effects
};

/// And that the object which a path starts at is there: a null pointer holds no lock.
program::Assumptions withObject(program::Assumptions assumptions, llvm::StringRef path);

/// Follows one lock through one body. Made for one walk.
class LockWalk : public program::BodyWalk::Client {
public:
  LockWalk(const program::Program& program, const program::ContextGuards& guards,
           const LockEffects& effects, const Body& body, PathId path, PathId lock_class = kNoPath)
      : program_(program), guards_(guards), effects_(effects), body_(body), path_(path),
        lock_class_(lock_class) {}
  ~LockWalk() override = default;

  /// Enters the body with the lock held so, in the contexts, with parameters that are known.
  void run(Hold entry, program::Contexts contexts,
           llvm::ArrayRef<program::ParameterCondition> assumptions, bool follows_flags);

  Outcomes outcomes() const { return outcomes_; }
  /// Was the lock given back where nothing is known of it?
  bool gaveBackUnknown() const { return gave_back_unknown_; }

  /// What a callee asserts is known behind the call, but no doing of this function.
  void ignoreAssertions() { ignores_assertions_ = true; }

protected:
  /// The call happens with the lock held so. Called for each way that leads to it.
  virtual void visitHeld(size_t call, Hold hold) {
    (void)call;
    (void)hold;
  }

private:
  program::FlagValue answer(uint32_t position, program::Context context) const override;
  void visitCall(uint32_t position, llvm::SmallVectorImpl<program::WalkState>& after) override;
  void visitExit(const program::WalkState& state) override;

  const program::Program& program_;
  const program::ContextGuards& guards_;
  const LockEffects& effects_;
  const Body& body_;
  PathId path_;
  PathId lock_class_;
  Outcomes outcomes_ = 0;
  bool ignores_assertions_ = false;
  bool gave_back_unknown_ = false;
};

/// Collects how a lock is held at each call of a body, by all ways that lead to it.
class HoldsWalk : public LockWalk {
public:
  using LockWalk::LockWalk;
  llvm::DenseMap<uint32_t, Holds> holds; ///< by position in Program::calls()

private:
  void visitHeld(size_t call, Hold hold) override {
    holds[static_cast<uint32_t>(call)] |= bit(hold);
  }
};

} // namespace lockvet::locks
