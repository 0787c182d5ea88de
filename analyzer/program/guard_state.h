// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is known at a point on one way through a body, and what conditions say of it: three-valued
// evaluation of a body's formulas, and what follows where one holds. Plain values and pure
// functions of them.

#pragma once

#include "analyzer/program/body.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <compare>
#include <cstdint>

namespace lockvet::program {

/// A set of contexts that code can run in, as bits.
enum Context : uint8_t { kInside = 1, kOutside = 2 };
using Contexts = uint8_t;
inline constexpr Contexts kEither = kInside | kOutside;

enum FlagValue : uint8_t { kUnknown = 0, kFalse = 1, kTrue = 2 };

constexpr FlagValue flagValue(bool value) {
  return value ? kTrue : kFalse;
}

constexpr FlagValue operator!(FlagValue value) {
  return value == kUnknown ? kUnknown : flagValue(value == kFalse);
}

/// The context, and the values of flags in two bits each. Flags beyond the first 32 are not
/// followed: far more than people write, and it keeps the analysis linear.
struct GuardState {
  Context context = kInside;
  uint64_t flags = 0;

  FlagValue flag(uint32_t index) const;
  void setFlag(uint32_t index, FlagValue value);

  auto operator<=>(const GuardState&) const = default;
};

/// The flags that have one known value in both.
uint64_t agreement(uint64_t a, uint64_t b);

/// What a call answers in a context; its argument is a position in Program::calls().
using AnswerOf = llvm::function_ref<FlagValue(uint32_t, Context)>;

FlagValue evaluate(const Body& body, uint32_t formula, const GuardState& state, AnswerOf answer);

/// Adds to the state what follows from the formula having this value; false where it can't.
bool assume(const Body& body, uint32_t formula, bool value, GuardState& state, AnswerOf answer);

} // namespace lockvet::program
