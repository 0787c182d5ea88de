// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Truth values that are made of several (`a && !b`, `flag == test()`, `a ? b : c`) as the formulas
// of facts/skeleton.h. Stateless; what stands at the leaves is the caller's to know.

#pragma once

#include "analyzer/extract/naming.h"
#include "analyzer/facts/skeleton.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <vector>

namespace lockvet::extract {

/// Adds the formula of an expression to a skeleton's, and gives its index. No value where nothing
/// is known of any operand, or where an operand changes while the expression is evaluated.
std::optional<uint32_t>
buildFormula(const clang::Expr* expression, Naming& naming, std::vector<facts::Formula>& formulas,
             llvm::function_ref<facts::Formula(const clang::Expr*)> leaf_of);

/// What stands at the leaves of an expression's formula; the expression itself without tests where
/// it is not made of several.
void forEachTested(const clang::Expr* expression, Naming& naming,
                   llvm::function_ref<void(const clang::Expr*)> visit);

} // namespace lockvet::extract
