// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/callees.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Basic/Builtins.h"

namespace lockvet::extract {

using namespace clang;
using facts::CallKind;

SourceLocation nameLocation(const CallExpr* call) {
  const Expr* callee = call->getCallee()->IgnoreParenImpCasts();
  if (const auto* member = dyn_cast<MemberExpr>(callee))
    // A conversion that the compiler writes has no name; the object that it converts has a place.
    return member->getMemberLoc().isValid() ? member->getMemberLoc() : call->getBeginLoc();
  if (const auto* operator_call = dyn_cast<CXXOperatorCallExpr>(call))
    return operator_call->getOperatorLoc();
  return callee->getBeginLoc();
}

bool hasUnevaluatedArguments(const FunctionDecl* callee) {
  switch (callee->getBuiltinID()) {
  case Builtin::BI__builtin_constant_p:
  case Builtin::BI__builtin_classify_type:
  case Builtin::BI__builtin_object_size:
  case Builtin::BI__builtin_dynamic_object_size:
    return true;
  default:
    return false;
  }
}

bool isIntrinsic(const FunctionDecl* callee) {
  const unsigned builtin = callee->getBuiltinID();
  // Clang counts these among the library's functions, though no library has them.
  if (builtin == Builtin::BI__builtin_va_end || builtin == Builtin::BI__builtin_va_copy)
    return true;
  return builtin != 0 && callee->isImplicit() &&
         !callee->getASTContext().BuiltinInfo.isLibFunction(builtin) &&
         !callee->getASTContext().BuiltinInfo.isPredefinedLibFunction(builtin);
}

const FunctionDecl* allocationFunction(const FunctionDecl* builtin, const CallExpr* call) {
  const unsigned id = builtin->getBuiltinID();
  if (id != Builtin::BI__builtin_operator_new && id != Builtin::BI__builtin_operator_delete)
    return nullptr;
  ASTContext& context = builtin->getASTContext();
  const DeclarationName name = context.DeclarationNames.getCXXOperatorName(
      id == Builtin::BI__builtin_operator_new ? OO_New : OO_Delete);
  auto takes = [&](const FunctionDecl* candidate) {
    if (candidate->getNumParams() != call->getNumArgs())
      return false;
    for (unsigned index = 0; index < call->getNumArgs(); ++index)
      if (!context.hasSameUnqualifiedType(
              candidate->getParamDecl(index)->getType().getNonReferenceType(),
              call->getArg(index)->getType().getNonReferenceType()))
        return false;
    return true;
  };
  for (const NamedDecl* found : context.getTranslationUnitDecl()->lookup(name))
    if (const auto* candidate = dyn_cast<FunctionDecl>(found); candidate && takes(candidate))
      return candidate;
  return nullptr;
}

CallKind dispatch(const CXXMethodDecl* method, const Expr* object, const FunctionDecl*& callee) {
  if (!method->isVirtual())
    return CallKind::Direct;
  if (object)
    if (const CXXMethodDecl* final_method =
            method->getDevirtualizedMethod(object, /*IsAppleKext=*/false)) {
      callee = final_method;
      return CallKind::Direct;
    }
  return CallKind::Virtual;
}

} // namespace lockvet::extract
