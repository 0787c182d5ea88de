// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/access_path.h"

#include "clang/AST/ExprCXX.h"

namespace lockvet::extract {

using namespace clang;

namespace {

constexpr int kMaxDepth = 12;

std::string typeName(QualType type, Naming& naming) {
  while (!type.isNull() && (type->isPointerType() || type->isReferenceType()))
    type = type->getPointeeType();
  if (type.isNull())
    return {};
  if (const RecordDecl* record = type->getBaseElementTypeUnsafe()->getAsRecordDecl())
    return naming.recordName(record);
  return {};
}

struct Context {
  Naming& naming;
  bool in_attribute = false;
};

AccessPath pathOf(const Expr* expression, Context context, int depth);

AccessPath pathOfVariable(const VarDecl* variable, Context context, int depth) {
  Naming& naming = context.naming;
  if (const auto* parameter = dyn_cast<ParmVarDecl>(variable)) {
    if (parameter->getFunctionScopeDepth() > 0 ||
        (!context.in_attribute && naming.isReassigned(parameter)))
      return {"%" + parameter->getNameAsString(), typeName(parameter->getType(), naming)};
    return {"$" + std::to_string(parameter->getFunctionScopeIndex()),
            typeName(parameter->getType(), naming)};
  }
  if (variable->isLocalVarDecl() && !variable->isStaticLocal()) {
    // `State *s = bs->opaque;` then `s->lock`: the caller knows bs, not s.
    const bool is_alias =
        variable->getType()->isPointerType() || variable->getType()->isReferenceType();
    if (is_alias && variable->hasInit() && depth < kMaxDepth && !naming.isReassigned(variable)) {
      AccessPath aliased = pathOf(variable->getInit(), context, depth + 1);
      if (!aliased.text.empty() && aliased.text.find('%') == std::string::npos)
        return {aliased.text, typeName(variable->getType(), naming)};
    }
    return {"%" + variable->getNameAsString(), typeName(variable->getType(), naming)};
  }
  return {naming.variableName(variable), typeName(variable->getType(), naming)};
}

AccessPath pathOf(const Expr* expression, Context context, int depth) {
  Naming& naming = context.naming;
  if (!expression || depth > kMaxDepth)
    return {};
  expression = expression->IgnoreParenCasts();
  if (const auto* cleanups = dyn_cast<FullExpr>(expression))
    return pathOf(cleanups->getSubExpr(), context, depth);
  if (const auto* temporary = dyn_cast<MaterializeTemporaryExpr>(expression))
    return pathOf(temporary->getSubExpr(), context, depth);
  if (const auto* unary = dyn_cast<UnaryOperator>(expression)) {
    if (unary->getOpcode() == UO_AddrOf || unary->getOpcode() == UO_Deref ||
        unary->getOpcode() == UO_Extension)
      return pathOf(unary->getSubExpr(), context, depth);
    return {};
  }
  if (const auto* reference = dyn_cast<DeclRefExpr>(expression)) {
    if (const auto* variable = dyn_cast<VarDecl>(reference->getDecl()))
      return pathOfVariable(variable, context, depth);
    // In C an attribute names a sibling member by its bare name.
    if (const auto* sibling = dyn_cast<FieldDecl>(reference->getDecl()))
      return {"this->" + sibling->getNameAsString(), naming.fieldName(sibling)};
    return {};
  }
  if (isa<CXXThisExpr>(expression))
    return {"this", typeName(expression->getType(), naming)};
  if (const auto* member = dyn_cast<MemberExpr>(expression)) {
    if (const auto* variable = dyn_cast<VarDecl>(member->getMemberDecl()))
      return pathOfVariable(variable, context, depth);
    const auto* field = dyn_cast<FieldDecl>(member->getMemberDecl());
    if (!field)
      return {};
    AccessPath base = pathOf(member->getBase(), context, depth + 1);
    if (!field->getIdentifier())
      return base; // a step into an unnamed union or struct
    return {(base.text.empty() ? "?" : base.text) + "->" + field->getNameAsString(),
            naming.fieldName(field)};
  }
  if (const auto* subscript = dyn_cast<ArraySubscriptExpr>(expression)) {
    AccessPath base = pathOf(subscript->getBase(), context, depth + 1);
    if (!base.text.empty())
      base.text += "[]";
    return base;
  }
  if (const auto* generic = dyn_cast<GenericSelectionExpr>(expression))
    return generic->isResultDependent() ? AccessPath{}
                                        : pathOf(generic->getResultExpr(), context, depth + 1);
  // Smart pointers and wrappers: `lock_->` names what lock_ names.
  if (const auto* call = dyn_cast<CXXOperatorCallExpr>(expression))
    if ((call->getOperator() == OO_Arrow || call->getOperator() == OO_Star) &&
        call->getNumArgs() == 1)
      return pathOf(call->getArg(0), context, depth + 1);
  if (const auto* call = dyn_cast<CXXMemberCallExpr>(expression)) {
    const CXXMethodDecl* method = call->getMethodDecl();
    if (method && method->getIdentifier() && method->getName() == "get" && call->getNumArgs() == 0)
      return pathOf(call->getImplicitObjectArgument(), context, depth + 1);
    AccessPath object = pathOf(call->getImplicitObjectArgument(), context, depth + 1);
    if (context.in_attribute && method && method->getIdentifier() && call->getNumArgs() == 0 &&
        !object.text.empty())
      return {object.text + "->" + method->getNameAsString() + "()",
              typeName(call->getType(), naming)};
    return {};
  }
  // A lock that a function hands out. Thread-safety analysis, too, takes two such calls for one.
  if (const auto* call = dyn_cast<CallExpr>(expression); call && context.in_attribute)
    if (const FunctionDecl* callee = call->getDirectCallee(); callee && call->getNumArgs() == 0)
      return {naming.function(callee).qualified_name + "()", typeName(call->getType(), naming)};
  return {};
}

} // namespace

AccessPath accessPath(const Expr* expression, Naming& naming) {
  return pathOf(expression, {naming}, 0);
}

AccessPath accessPath(const VarDecl* variable, Naming& naming) {
  return pathOfVariable(variable, {naming}, 0);
}

AccessPath pathInAttribute(const Expr* expression, Naming& naming) {
  return pathOf(expression, {naming, /*in_attribute=*/true}, 0);
}

} // namespace lockvet::extract
