// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which object an expression names, in a form that can be re-based at a call: "$0->lock" is the
// field `lock` of what parameter 0 points to. Used for locks and for the objects that hold them.

#pragma once

#include "analyzer/extract/naming.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallVector.h"

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
/// lock in them, and what an inline function hands back of its arguments is that. A member that
/// takes up the whole of its record, reached by such a function, is the record. In a constructor a
/// parameter of which it keeps a reference is the member that keeps it.
AccessPath accessPath(const clang::Expr* expression, Naming& naming);
AccessPath accessPath(const clang::VarDecl* variable, Naming& naming);
AccessPath accessPath(const clang::FieldDecl* own_member, Naming& naming);
AccessPath pathOfThis(const clang::CXXRecordDecl* record, Naming& naming);

/// Of a local variable whose constructor keeps references or pointers that it is given: the members
/// that keep them, and what they refer to.
struct KeptReference {
  const clang::FieldDecl* member = nullptr;
  const clang::Expr* object = nullptr;
};
llvm::SmallVector<KeptReference, 1> keptReferences(const clang::VarDecl* variable);

/// The construction that an initializer is, if it is one.
const clang::CXXConstructExpr* constructionIn(const clang::Expr* initializer);

/// The same in an attribute of a function: its parameters are what the caller hands over, whatever
/// the body does to them.
AccessPath pathInAttribute(const clang::Expr* expression, Naming& naming);

} // namespace lockvet::extract
