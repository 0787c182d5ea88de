// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which object an expression names, in a form that can be re-based at a call: "$0->lock" is the
// field `lock` of what parameter 0 points to. Used for locks and for the objects that hold them.

#pragma once

#include "analyzer/extract/naming.h"
#include "clang/AST/Expr.h"

#include <string>

namespace lockvet::extract {

struct AccessPath {
  std::string text;       ///< "" where the expression names no object
  std::string path_class; ///< Record::field of the last step, or the record type's name
  /// The first function in a wrapper that is made on the spot around the object: in
  /// `&(Lockable){&x->lock, lock_mutex}` it tells what kind of lock it is. Null elsewhere.
  const clang::FunctionDecl* function = nullptr;
};

/// Paths start at a parameter of the function ($N), at `this`, at a local variable (%name) or at a
/// global (its name; a static one's is followed by "@" and its file). Address-of and dereference
/// leave no trace and every step is spelled "->", so that f(&x) and x->lock, or f(p) and p->lock,
/// re-base to the same text. A local that is initialized with a path and whose type is a pointer or
/// reference stands for that path, unless something else is put into it; a parameter that gets
/// another value is like a local. A guard object, and a wrapper made on the spot, stand for the
/// lock in them, and so does what an inline function hands back of its arguments.
AccessPath accessPath(const clang::Expr* expression, Naming& naming);
AccessPath accessPath(const clang::VarDecl* variable, Naming& naming);

/// The same in an attribute of a function: its parameters are what the caller hands over, whatever
/// the body does to them.
AccessPath pathInAttribute(const clang::Expr* expression, Naming& naming);

} // namespace lockvet::extract
