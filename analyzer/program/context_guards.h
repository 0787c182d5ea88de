// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the code itself says about each call: that it is inside `if (in_coroutine())`, after an
// early return on its negation, after an assertion of it at any depth of helpers; and that it
// happens only if a parameter is true or false. The same for `if (in_main_loop())`, which is
// another dimension. Computed from the skeletons, and then only read.

#pragma once

#include "analyzer/program/context_dimension.h"
#include "analyzer/program/guard_state.h"
#include "analyzer/program/program.h"
#include "analyzer/program/skeletons.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <vector>

namespace lockvet::program {

/// A call happens only where parameter `index` has this truth value.
struct ParameterCondition {
  uint32_t index = 0;
  bool value = false;

  bool operator==(const ParameterCondition&) const = default;
};

/// Truth values of parameters that a way hands to a function.
using Assumptions = llvm::SmallVector<ParameterCondition, 1>;

/// What a call hands to parameter `index`: a constant, or the caller's own parameter.
struct KnownArgument {
  uint32_t index = 0;
  bool value = false;
  std::optional<uint32_t> parameter;

  bool operator==(const KnownArgument&) const = default;
};

/// The truth values that a function can return, as bits.
enum Answer : uint8_t { kSaysFalse = 1, kSaysTrue = 2 };
using Answers = uint8_t;
inline constexpr Answers kSaysEither = kSaysFalse | kSaysTrue;

class ProgramChange;

class ContextGuards {
public:
  /// `other` are the guards of the same program in another dimension, whose work need not be done
  /// again; null for the first. `before` are those of the program before a change, in the same
  /// dimension and under the same configuration: what they say of functions that have nothing to do
  /// with the change stays. Null where there are none.
  static ContextGuards compute(const Program& program, const Skeletons& skeletons,
                               ContextDimension dimension, const ContextGuards* other = nullptr,
                               const ContextGuards* before = nullptr,
                               const ProgramChange* change = nullptr);

  /// The functions for which guards were found anew, and not known from before.
  const llvm::DenseSet<Id>& foundAnew() const { return found_; }

  /// What is asked: in a coroutine, or in the main loop?
  const ContextDimension& dimension() const { return dimension_; }

  /// The contexts in which control can be at a call, if the function is entered in any. None where
  /// no way leads to it.
  Contexts at(size_t call) const {
    if (!notes_.empty())
      return notes_[call] & kEither;
    auto found = at_call_.find(call);
    return found == at_call_.end() ? kEither : found->second;
  }

  /// The contexts in which a function can return. One that asserts a context returns in no other.
  Contexts exits(Id function) const {
    auto found = bodies_.find(function);
    return found == bodies_.end() ? kEither : found->second.exits;
  }

  /// Does a function ever return? Not where all its ways end in calls that do not, such as a
  /// wrapper around abort(), or in an endless loop.
  bool returns(Id function) const { return !never_returns_.contains(function); }

  /// The contexts in which a call can return, by what its function asserts for these arguments.
  Contexts exitsAt(Id function, size_t call) const;

  /// Is a function's marker as good as an assertion? One that stands for a statement, which the
  /// body has, says no more than that statement does where it stands.
  bool isBoundByMarker(Id function, Labels labels) const {
    return dimension_.isAsserting(labels) && !asking_.contains(function);
  }

  /// Position in Program::calls() of what decides: the call of the predicate, or of a function that
  /// asserts it. Only for functions that have one.
  std::optional<size_t> decidingCall(Id function) const {
    auto found = bodies_.find(function);
    return found == bodies_.end() ? std::nullopt : std::optional<size_t>(found->second.deciding);
  }

  llvm::ArrayRef<ParameterCondition> conditions(size_t call) const {
    if (!notes_.empty() && !(notes_[call] & kHasConditions))
      return {};
    auto found = conditions_.find(call);
    return found == conditions_.end() ? llvm::ArrayRef<ParameterCondition>()
                                      : llvm::ArrayRef<ParameterCondition>(found->second);
  }
  /// Only for calls of functions in which something depends on such a parameter.
  llvm::ArrayRef<KnownArgument> arguments(size_t call) const {
    if (!notes_.empty() && !(notes_[call] & kHasArguments))
      return {};
    auto found = arguments_.find(call);
    return found == arguments_.end() ? llvm::ArrayRef<KnownArgument>()
                                     : llvm::ArrayRef<KnownArgument>(found->second);
  }

  /// Can a call happen, in a context and under what is assumed of its caller's parameters?
  bool isFeasible(size_t call, Context context,
                  llvm::ArrayRef<ParameterCondition> assumptions) const;

  /// What a call hands over, where this is assumed of its caller's parameters.
  Assumptions assumptionsAt(size_t call, llvm::ArrayRef<ParameterCondition> assumptions) const;

  /// What a function returns in a context, where that depends on the context. The predicate's
  /// answer and whatever functions make of it.
  FlagValue answer(Id function, Context context) const;

  /// Does what a function returns tell whether it is inside?
  bool isPredicate(Id function) const {
    const FlagValue inside = answer(function, kInside);
    return inside != kUnknown && inside == !answer(function, kOutside);
  }

private:
  friend class GuardAnalysis;
  /// Where parameter `index` has this truth value, a function returns in these contexts only.
  struct ConditionalExits {
    uint32_t index = 0;
    bool value = false;
    Contexts exits = kEither;

    bool operator==(const ConditionalExits&) const = default;
  };
  struct Exits {
    Contexts exits = kEither;
    llvm::SmallVector<ConditionalExits, 0> conditional_exits;
    Answers inside = kSaysEither;
    Answers outside = kSaysEither;
    size_t deciding = 0;
  };
  /// Once all is found: the contexts of each call, and whether there is more to it. Most calls have
  /// no more, and are asked about most of all.
  static constexpr uint8_t kHasConditions = 4;
  static constexpr uint8_t kHasArguments = 8;
  void note(size_t calls);

  ContextDimension dimension_;
  std::vector<uint8_t> notes_; ///< by call; empty while there is more to be found
  llvm::DenseMap<size_t, Contexts> at_call_;
  llvm::DenseMap<Id, Exits> bodies_;
  llvm::DenseMap<size_t, llvm::SmallVector<ParameterCondition, 1>> conditions_;
  llvm::DenseMap<size_t, llvm::SmallVector<KnownArgument, 1>> arguments_;
  llvm::DenseSet<Id> never_returns_;
  llvm::DenseSet<Id> predicates_; ///< of the dimension
  llvm::DenseSet<Id> asking_;     ///< what calls a predicate itself, where markers are statements
  llvm::DenseSet<Id> begun_;      ///< functions that the analysis began with
  llvm::DenseSet<Id> analyzed_;   ///< functions that it came to
  llvm::DenseSet<Id> found_;
};

} // namespace lockvet::program
