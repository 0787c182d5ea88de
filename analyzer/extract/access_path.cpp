// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/access_path.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/Support/Path.h"

#include <optional>

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

/// Collects the parameters that a function returns.
class ReturnedParameters {
public:
  explicit ReturnedParameters(const Stmt* body) { visit(body); }

  /// The one parameter that it is, unless it is null.
  std::optional<unsigned> only() const { return others_ ? std::nullopt : parameter_; }

private:
  void visit(const Stmt* statement) {
    if (!statement || isa<LambdaExpr>(statement))
      return;
    if (const auto* leave = dyn_cast<ReturnStmt>(statement); leave && leave->getRetValue())
      add(leave->getRetValue()->IgnoreParenCasts());
    for (const Stmt* child : statement->children())
      visit(child);
  }

  void add(const Expr* value) {
    if (const auto* choice = dyn_cast<ConditionalOperator>(value)) {
      add(choice->getTrueExpr()->IgnoreParenCasts());
      add(choice->getFalseExpr()->IgnoreParenCasts());
      return;
    }
    if (const auto* reference = dyn_cast<DeclRefExpr>(value))
      if (const auto* parameter = dyn_cast<ParmVarDecl>(reference->getDecl());
          parameter && (!parameter_ || *parameter_ == parameter->getFunctionScopeIndex())) {
        parameter_ = parameter->getFunctionScopeIndex();
        return;
      }
    if (!isa<IntegerLiteral, CXXNullPtrLiteralExpr>(value))
      others_ = true;
  }

  std::optional<unsigned> parameter_;
  bool others_ = false;
};

/// `guard = lock_and_return(x)`: an inline function that hands its argument back, as the ones
/// behind macros that make cleanup guards do. Null if the call is none of that kind.
const Expr* argumentHandedBack(const CallExpr* call) {
  const FunctionDecl* callee = call->getDirectCallee();
  const FunctionDecl* definition = nullptr;
  if (!callee || !callee->hasBody(definition) || !definition->isInlined() ||
      !definition->getReturnType()->isPointerType())
    return nullptr;
  const std::optional<unsigned> parameter = ReturnedParameters(definition->getBody()).only();
  return parameter && *parameter < call->getNumArgs() ? call->getArg(*parameter) : nullptr;
}

/// A wrapper made on the spot, `&(Lockable){.object = &x->lock, .lock = f}`, names what it wraps.
struct Wrapped {
  const Expr* object = nullptr;
  const FunctionDecl* function = nullptr;
};

Wrapped wrappedIn(const CompoundLiteralExpr* literal) {
  Wrapped wrapped;
  const auto* list = dyn_cast<InitListExpr>(literal->getInitializer());
  if (!list)
    return wrapped;
  for (const Expr* value : list->inits()) {
    const Expr* inner = value->IgnoreParenCasts();
    if (isa<ImplicitValueInitExpr>(inner))
      continue;
    if (callableType(inner->getType())) {
      const auto* reference = dyn_cast<DeclRefExpr>(inner);
      if (const auto* function = reference ? dyn_cast<FunctionDecl>(reference->getDecl()) : nullptr;
          function && !wrapped.function)
        wrapped.function = function;
      continue;
    }
    if (wrapped.object)
      return {};
    wrapped.object = value;
  }
  return wrapped;
}

/// The lock that a local guard object holds: what its constructor was given first.
const Expr* guardedByScope(const VarDecl* variable) {
  const CXXRecordDecl* record = variable->getType()->getAsCXXRecordDecl();
  if (!record || !variable->hasInit())
    return nullptr;
  const bool is_guard =
      record->hasAttr<ScopedLockableAttr>() ||
      (record->isInStdNamespace() && record->getIdentifier() &&
       llvm::is_contained({"lock_guard", "unique_lock", "scoped_lock", "shared_lock"},
                          record->getName()));
  const Expr* init = variable->getInit();
  if (const auto* cleanups = dyn_cast<FullExpr>(init))
    init = cleanups->getSubExpr();
  const auto* construct = dyn_cast<CXXConstructExpr>(init);
  return is_guard && construct && construct->getNumArgs() > 0 ? construct->getArg(0) : nullptr;
}

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
    // A guard lives in the scope of what it guards, and nothing but null is put into it later.
    const bool is_guard = variable->hasAttr<CleanupAttr>();
    if (is_alias && variable->hasInit() && depth < kMaxDepth &&
        (is_guard || !naming.isReassigned(variable))) {
      AccessPath aliased = pathOf(variable->getInit(), context, depth + 1);
      if (is_guard && !aliased.text.empty())
        return aliased;
      if (!aliased.text.empty() && aliased.text.find('%') == std::string::npos)
        return {aliased.text, typeName(variable->getType(), naming)};
    }
    if (const Expr* lock = guardedByScope(variable); lock && depth < kMaxDepth) {
      AccessPath guarded = pathOf(lock, context, depth + 1);
      if (!guarded.text.empty())
        return guarded;
    }
    return {"%" + variable->getNameAsString(), typeName(variable->getType(), naming)};
  }
  std::string text = naming.variableName(variable);
  // Two files' static locks are two, whatever they are called.
  if (variable->getFormalLinkage() == Linkage::Internal || variable->isStaticLocal()) {
    const SourceManager& sources = variable->getASTContext().getSourceManager();
    text += "@" + llvm::sys::path::filename(
                      sources.getFilename(sources.getFileLoc(variable->getLocation())))
                      .str();
  }
  return {text, typeName(variable->getType(), naming)};
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
  if (const auto* literal = dyn_cast<CompoundLiteralExpr>(expression)) {
    const Wrapped wrapped = wrappedIn(literal);
    AccessPath path = pathOf(wrapped.object, context, depth + 1);
    path.function = wrapped.function;
    return path;
  }
  if (const auto* call = dyn_cast<CallExpr>(expression))
    if (const Expr* argument = argumentHandedBack(call))
      return pathOf(argument, context, depth + 1);
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
