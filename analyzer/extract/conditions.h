// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What conditions are about: looks through everything that only hands a truth value on or negates
// it, down to what is tested. Stateless.

#pragma once

#include "analyzer/extract/naming.h"
#include "clang/AST/Expr.h"
#include "clang/Analysis/CFG.h"

#include <cstdint>
#include <optional>

namespace lockvet::extract {

/// The value of a literal, a boolean, an enumerator, a null pointer or the negative of one.
std::optional<int64_t> constantOf(const clang::Expr* expression);

/// `!x`, `x == 0`, `x != 0`, `__builtin_expect(x, 1)`, an assignment's target, a copy that never
/// changes and parentheses, down to what is tested. Each negation flips `negated`.
const clang::Expr* stripTests(const clang::Expr* expression, bool& negated, Naming& naming);

/// What a block branches on between two ways, or null. Of `a && b` each operand has a block of its
/// own, unless Clang joins both ways before it branches: then it is the whole.
const clang::Expr* testedIn(const clang::CFGBlock& block);

/// The way that control always takes: `while (1)` and the `do ... while (0)` of macros decide
/// nothing, though `if (0)` may be switched on one day.
std::optional<size_t> onlyWay(const clang::CFGBlock& block, const clang::Expr* tested);

/// Does evaluating an expression assign to anything?
bool containsAssignment(const clang::Stmt* statement);

/// The scalar local variable or parameter that an expression names, or null.
const clang::VarDecl* scalarVariable(const clang::Expr* expression);

/// A switch on a truth value: where it goes if that is true and if it is false.
struct TruthSwitch {
  const clang::Expr* tested = nullptr;
  const clang::CFGBlock* if_true = nullptr;
  const clang::CFGBlock* if_false = nullptr;
};

/// No value where the block ends in no switch, or in one that tells more than two values apart.
std::optional<TruthSwitch> truthSwitchIn(const clang::CFGBlock& block);

} // namespace lockvet::extract
