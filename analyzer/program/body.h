// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A function's body as analyses walk it: a skeleton (facts/skeleton.h) that knows its calls in the
// program, so that nobody has to look them up. Plain values that point into what
// program/skeletons.h owns; copied freely, never changed.

#pragma once

#include "analyzer/facts/skeleton.h"
#include "analyzer/program/program.h"
#include "llvm/ADT/ArrayRef.h"

namespace lockvet::program {

/// As facts::Argument.
struct Argument {
  uint32_t index = 0;
  facts::ArgumentKind kind = facts::ArgumentKind::Constant;
  Id function = kNoId;
  int64_t constant = 0;
  llvm::StringRef part;
  llvm::StringRef path;
  llvm::StringRef path_class;
};

/// As facts::Event.
struct Event {
  facts::EventKind kind = facts::EventKind::Call;
  bool has_constant = false;
  bool negated = false;
  bool is_alternative = false;
  uint32_t call = facts::kNone; ///< of the body; kNone if the program has no such call
  uint32_t variable = facts::kNone;
  uint32_t formula = facts::kNone;
  int64_t constant = 0;
  llvm::ArrayRef<Argument> arguments;
};

/// As facts::Block. `operand` is a call of the body where the condition is a call's.
struct Block {
  llvm::ArrayRef<Event> events;
  llvm::ArrayRef<uint32_t> successors;
  facts::ConditionKind condition = facts::ConditionKind::None;
  bool is_noreturn = false;
  uint32_t operand = facts::kNone;
};

/// One of the bodies of a function, of which there are several where headers say different things
/// to different units. Calls, in formulas as well, are counted from its first.
struct Body {
  Id function = kNoId;
  Id fragment = kNoId;
  /// The parameter that a variable is, or kNone.
  llvm::ArrayRef<uint32_t> parameters;
  llvm::ArrayRef<facts::Formula> formulas;
  llvm::ArrayRef<Block> blocks;
  uint32_t entry = 0;
  uint32_t exit = 0;
  uint64_t hash = 0;               ///< XXH3 of its bytes in the store
  uint32_t first_call = 0;         ///< position in Program::calls()
  bool reaches_end = false;        ///< if all of its calls return
  bool asks_of_parameters = false; ///< has a condition that is a parameter
  bool hands_over = false;         ///< has calls with arguments

  uint32_t positionOf(uint32_t call) const { return first_call + call; }
};

} // namespace lockvet::program
