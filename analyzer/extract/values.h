// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which functions, or slots that hold functions, an expression may evaluate to: looks through
// everything that hands a value on unchanged. Stateless; slots are made in the given builder.

#pragma once

#include "analyzer/extract/fragment_builder.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/SmallVector.h"

namespace lockvet::extract {

struct FunctionValue {
  const clang::FunctionDecl* function = nullptr; ///< either this
  uint32_t slot = facts::kNone;                  ///< or this
  const clang::Expr* origin = nullptr;           ///< the expression that names it
  bool is_slot_address = false;                  ///< "&slot": whoever gets it may also write it
};

using FunctionValues = llvm::SmallVector<FunctionValue, 2>;

/// Looks through parentheses, casts, `?:`, `_Generic`, statement expressions, compound literals,
/// commas, address-of, dereference, subscripts, lambdas' conversions and callables' constructors.
/// With `any_type` also variables and fields whose own type is not callable (`void *opaque`).
FunctionValues functionValues(const clang::Expr* expression, FragmentBuilder& builder,
                              bool any_type = false);

/// What runs when an object of this type is called: a lambda's or functor's only operator(). Null
/// for other types, and for type-erased callables, which are slots.
const clang::CXXMethodDecl* callOperator(clang::QualType type);

/// The slot that an lvalue names, or kNone.
uint32_t slotOf(const clang::Expr* lvalue, FragmentBuilder& builder);

} // namespace lockvet::extract
