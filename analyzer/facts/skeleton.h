// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The skeleton of a body: its control-flow graph reduced to the events that matter for locks and
// contexts. Owned by a Fragment; rule-blind, so any predicate or lock can be asked about later.

#pragma once

#include "analyzer/facts/symbols.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lockvet::facts {

enum class ArgumentKind : uint8_t {
  Constant, ///< integer, boolean, enumerator or null pointer known at compile time
  Path,     ///< an lvalue path, such as "$0->lock", "this->mu", "graph_lock", "%s->lock"; of
            ///< integers only parameters that are handed on
  Function  ///< the address of a function
};

/// An argument of a call that a later analysis may need. Others are left out.
struct Argument {
  uint32_t index = 0; ///< 0-based; kObject for the object of a method call
  ArgumentKind kind = ArgumentKind::Constant;
  int64_t constant = 0;
  /// Path: which part of the argument the path is, such as "->lock_" of a guard whose constructor
  /// keeps a reference there; "" where it is the argument itself.
  std::string part;
  /// Path: where it starts is a parameter ($N), `this`, a local variable (%name) or a global (its
  /// name), then fields as written. "&x" and "x" are one path: what matters is the object.
  std::string path;
  /// Path: Record::field of the last step, or the variable's type: its lock class.
  std::string path_class;
  /// Function: which. Path: the first function in a wrapper that is made on the spot around the
  /// object, such as its lock function; else kNone.
  uint32_t function = kNone;

  static constexpr uint32_t kObject = UINT32_MAX;

  bool operator==(const Argument&) const = default;
};

enum class EventKind : uint8_t {
  Call,    ///< `call` happens
  SetFlag, ///< variable `variable` = constant, or `formula`
  SetCall, ///< variable `variable` = result of `call`, which is the event before
  Return   ///< leaves the function; with has_constant its value is `constant`
};

struct Event {
  EventKind kind = EventKind::Call;
  uint32_t call = kNone;     ///< index into Fragment::calls
  uint32_t variable = kNone; ///< index into Skeleton::variables
  uint32_t formula = kNone;  ///< SetFlag, Return: the value, as an index into Skeleton::formulas
  bool has_constant = false;
  bool negated = false; ///< SetCall: the variable holds the call's negation
  /// Call: happens instead of the one before, as in `(c ? f : g)()`.
  bool is_alternative = false;
  int64_t constant = 0;
  std::vector<Argument> arguments; ///< Call: in the order of the call

  bool operator==(const Event&) const = default;
};

enum class ConditionKind : uint8_t {
  None,     ///< one successor, or none
  Call,     ///< branches on the result of `operand` (index into Fragment::calls)
  Variable, ///< branches on the variable `operand` (index into Skeleton::variables)
  Formula,  ///< branches on several things together: `operand` is an index into Skeleton::formulas
  Other     ///< branches on something else
};

enum class FormulaKind : uint8_t {
  Unknown,
  True,
  Call,     ///< the result of `left` (index into Fragment::calls)
  Variable, ///< the variable `left` (index into Skeleton::variables)
  Not,      ///< of `left`
  And,
  Or,
  Equal ///< both are true, or both are false
};

/// A truth value that is made of several. Operands of Not, And, Or and Equal are formulas that
/// stand before it in Skeleton::formulas.
struct Formula {
  FormulaKind kind = FormulaKind::Unknown;
  uint32_t left = kNone;
  uint32_t right = kNone;

  bool operator==(const Formula&) const = default;
};

/// Formulas nest no deeper, so that whoever evaluates one can recurse.
inline constexpr uint32_t kMaxFormulaDepth = 16;

/// A basic block. With a Call, Variable or Formula condition successors[0] is taken where it is
/// true (not zero) and successors[1] where it is false: negation is already folded in.
struct Block {
  std::vector<Event> events;
  ConditionKind condition = ConditionKind::None;
  uint32_t operand = kNone;
  bool is_noreturn = false;         ///< ends in a call that does not return
  std::vector<uint32_t> successors; ///< kNone where the compiler proves the edge impossible

  bool operator==(const Block&) const = default;
};

/// A scalar variable that some branch or truth value returned depends on, and that only plain
/// assignments change. A copy that never changes is the variable it was made of.
struct Variable {
  std::string name;
  uint32_t parameter = kNone; ///< its index, if it is a parameter

  bool operator==(const Variable&) const = default;
};

struct Skeleton {
  uint32_t function = kNone;
  std::vector<Variable> variables;
  std::vector<Formula> formulas;
  std::vector<Block> blocks;
  uint32_t entry = 0;
  uint32_t exit = 0;

  bool operator==(const Skeleton&) const = default;
};

} // namespace lockvet::facts
