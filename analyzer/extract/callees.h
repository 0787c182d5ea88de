// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a call expression that names its callee calls, and how: what is dispatched, what the
// compiler replaces, what it never runs. Stateless.

#pragma once

#include "analyzer/facts/call.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"

namespace lockvet::extract {

/// Where a person sees the call: at the callee's name.
clang::SourceLocation nameLocation(const clang::CallExpr* call);

/// The compiler evaluates these built-ins without running their arguments.
bool hasUnevaluatedArguments(const clang::FunctionDecl* callee);

/// An operation of the compiler's own, and no function of a library.
bool isIntrinsic(const clang::FunctionDecl* callee);

/// What `__builtin_operator_new` and `__builtin_operator_delete`, which allocators call, stand for;
/// null for all others.
const clang::FunctionDecl* allocationFunction(const clang::FunctionDecl* builtin,
                                              const clang::CallExpr* call);

/// The method that a call through an object runs: dispatched, unless the object's dynamic type is
/// known; then `callee` becomes its method.
facts::CallKind dispatch(const clang::CXXMethodDecl* method, const clang::Expr* object,
                         const clang::FunctionDecl*& callee);

} // namespace lockvet::extract
