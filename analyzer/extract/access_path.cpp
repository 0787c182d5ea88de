// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/access_path.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/Support/Path.h"

namespace lockvet::extract {

using namespace clang;

namespace {

constexpr int kMaxDepth = 12;

/// What a function that is looked into adds: few are nested that only hand on.
constexpr int kDepthOfCall = 4;

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

/// Does a member take up all of what it is a member of? Then both are one object, such as the
/// spinlock_t of Linux and the raw lock in it.
bool isWhole(const MemberExpr* member) {
  const auto* field = dyn_cast<FieldDecl>(member->getMemberDecl());
  if (!field || field->isBitField() || field->isInvalidDecl())
    return false;
  const ASTContext& context = field->getASTContext();
  const QualType part = field->getType();
  const QualType whole = context.getCanonicalTagType(field->getParent());
  return part->isRecordType() && !part->isIncompleteType() && !part->isDependentType() &&
         !whole->isIncompleteType() && !whole->isDependentType() &&
         context.getTypeSizeInChars(part) == context.getTypeSizeInChars(whole);
}

/// Collects what a function returns, null apart.
class ReturnedValues {
public:
  explicit ReturnedValues(const Stmt* body) { visit(body); }

  llvm::ArrayRef<const Expr*> values() const { return values_; }

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
    } else if (!isa<IntegerLiteral, CXXNullPtrLiteralExpr, GNUNullExpr>(value)) {
      values_.push_back(value);
    }
  }

  llvm::SmallVector<const Expr*, 2> values_;
};

/// `guard = lock_and_return(x)`, `spinlock_check(&x->lock)`, `x->mutex()`: an inline function that
/// hands back its argument, its object, a part of these or a global, in the words of its caller; no
/// text if the call is none of that kind.
AccessPath pathHandedBack(const CallExpr* call, Context context, int depth) {
  const FunctionDecl* callee = call->getDirectCallee();
  const FunctionDecl* definition = nullptr;
  if (!callee || !callee->hasBody(definition) || !definition->isInlined() ||
      !(definition->getReturnType()->isPointerType() ||
        definition->getReturnType()->isReferenceType()))
    return {};
  AccessPath handed;
  for (const Expr* value : ReturnedValues(definition->getBody()).values()) {
    // A reference is its object; so is the address of one.
    if (const auto* address = dyn_cast<UnaryOperator>(value);
        address && address->getOpcode() == UO_AddrOf)
      value = address->getSubExpr()->IgnoreParenCasts();
    for (const auto* member = dyn_cast<MemberExpr>(value); member && isWhole(member);
         member = dyn_cast<MemberExpr>(value))
      value = member->getBase()->IgnoreParenCasts();
    AccessPath path = pathOf(value, {context.naming}, depth + kDepthOfCall);
    if (path.text.empty() || (!handed.text.empty() && path.text != handed.text))
      return {};
    handed = std::move(path);
  }
  llvm::StringRef rest = handed.text;
  const Expr* object = nullptr;
  unsigned parameter = 0;
  if (rest.consume_front("$") && !rest.consumeInteger(10, parameter)) {
    // An operator's object is its first argument.
    parameter += isa<CXXOperatorCallExpr>(call) && isa<CXXMethodDecl>(definition);
    object = parameter < call->getNumArgs() ? call->getArg(parameter) : nullptr;
  } else if (rest.consume_front("this") && (rest.empty() || rest.starts_with("-"))) {
    if (const auto* member = dyn_cast<CXXMemberCallExpr>(call))
      object = member->getImplicitObjectArgument();
  } else if (!rest.starts_with("%") && !rest.starts_with("?")) {
    return handed; // a global
  }
  AccessPath path = object ? pathOf(object, context, depth + 1) : AccessPath{};
  if (path.text.empty() || rest.empty())
    return path;
  return {path.text + rest.str(), handed.path_class};
}

/// Which parameter does a constructor keep in a member, as a reference or pointer to the same?
const ParmVarDecl* keptBy(const CXXCtorInitializer* initializer) {
  const FieldDecl* field = initializer->getMember();
  if (!field || !(field->getType()->isReferenceType() || field->getType()->isPointerType()))
    return nullptr;
  const Expr* value = initializer->getInit()->IgnoreParenCasts();
  while (const auto* unary = dyn_cast<UnaryOperator>(value)) {
    if (unary->getOpcode() != UO_AddrOf && unary->getOpcode() != UO_Deref)
      return nullptr;
    value = unary->getSubExpr()->IgnoreParenCasts();
  }
  const auto* reference = dyn_cast<DeclRefExpr>(value);
  return reference ? dyn_cast<ParmVarDecl>(reference->getDecl()) : nullptr;
}

/// A guard that says by attributes what it does is its lock; see guardedByScope().
bool isGuard(const CXXRecordDecl* record) {
  return record->hasAttr<ScopedLockableAttr>() ||
         (record->isInStdNamespace() && record->getIdentifier() &&
          llvm::is_contained({"lock_guard", "unique_lock", "scoped_lock", "shared_lock"},
                             record->getName()));
}

/// The member in which the constructor around a parameter keeps it.
const FieldDecl* memberThatKeeps(const ParmVarDecl* parameter) {
  const auto* constructor = dyn_cast<CXXConstructorDecl>(parameter->getDeclContext());
  if (!constructor || isGuard(constructor->getParent()))
    return nullptr;
  for (const CXXCtorInitializer* initializer : constructor->inits())
    if (keptBy(initializer) == parameter)
      return initializer->getMember();
  return nullptr;
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
  if (!record || !variable->hasInit() || !isGuard(record))
    return nullptr;
  const CXXConstructExpr* construct = constructionIn(variable->getInit());
  return construct && construct->getNumArgs() > 0 ? construct->getArg(0) : nullptr;
}

AccessPath pathOfVariable(const VarDecl* variable, Context context, int depth) {
  Naming& naming = context.naming;
  if (const auto* parameter = dyn_cast<ParmVarDecl>(variable)) {
    if (parameter->getFunctionScopeDepth() > 0 ||
        (!context.in_attribute && naming.isReassigned(parameter)))
      return {"%" + parameter->getNameAsString(), typeName(parameter->getType(), naming)};
    if (const FieldDecl* member = context.in_attribute ? nullptr : memberThatKeeps(parameter))
      return {"this->" + member->getNameAsString(), naming.fieldName(member)};
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

/// The local object that an expression names, be it by a pointer that is made to point there.
const VarDecl* localNamed(const Expr* expression, int depth = 0) {
  expression = expression->IgnoreParenCasts();
  if (const auto* address = dyn_cast<UnaryOperator>(expression);
      address && address->getOpcode() == UO_AddrOf)
    expression = address->getSubExpr()->IgnoreParenCasts();
  const auto* reference = dyn_cast<DeclRefExpr>(expression);
  const auto* variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  if (!variable || !variable->isLocalVarDecl())
    return nullptr;
  if (!variable->getType()->isPointerType() || !variable->hasInit() || depth > 0)
    return variable;
  const VarDecl* object = localNamed(variable->getInit(), depth + 1);
  return object && object->getType()->isRecordType() ? object : variable;
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
    if (const VarDecl* variable = localNamed(member->getBase()))
      for (const KeptReference& kept : keptReferences(variable))
        if (kept.member == field)
          if (AccessPath path = pathOf(kept.object, context, depth + 1); !path.text.empty())
            return path;
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
    if (AccessPath path = pathHandedBack(call, context, depth); !path.text.empty())
      return path;
    AccessPath object = pathOf(call->getImplicitObjectArgument(), context, depth + 1);
    if (context.in_attribute && method && method->getIdentifier() && call->getNumArgs() == 0 &&
        !object.text.empty())
      return {object.text + "->" + method->getNameAsString() + "()",
              typeName(call->getType(), naming)};
    return {};
  }
  if (const auto* statement = dyn_cast<StmtExpr>(expression))
    return statement->getSubStmt()->body_empty()
               ? AccessPath{}
               : pathOf(dyn_cast<Expr>(statement->getSubStmt()->body_back()), context, depth + 1);
  if (const auto* binary = dyn_cast<BinaryOperator>(expression))
    return binary->getOpcode() == BO_Comma ? pathOf(binary->getRHS(), context, depth + 1)
                                           : AccessPath{};
  if (const auto* literal = dyn_cast<CompoundLiteralExpr>(expression)) {
    const Wrapped wrapped = wrappedIn(literal);
    AccessPath path = pathOf(wrapped.object, context, depth + 1);
    path.function = wrapped.function;
    return path;
  }
  if (const auto* call = dyn_cast<CallExpr>(expression))
    if (AccessPath path = pathHandedBack(call, context, depth); !path.text.empty())
      return path;
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

AccessPath accessPath(const FieldDecl* own_member, Naming& naming) {
  return {"this->" + own_member->getNameAsString(), naming.fieldName(own_member)};
}

AccessPath pathOfThis(const CXXRecordDecl* record, Naming& naming) {
  return {"this", naming.recordName(record)};
}

namespace {

using KeptReferences = llvm::SmallVector<KeptReference, 1>;

/// The pointers in `{.lock = lock}`.
KeptReferences keptByList(const InitListExpr* list) {
  KeptReferences references;
  const auto* record = list->getType()->getAsRecordDecl();
  if (!record || record->isUnion())
    return references;
  for (const FieldDecl* field : record->fields())
    if (field->getFieldIndex() < list->getNumInits() && field->getType()->isPointerType())
      if (const Expr* value = list->getInit(field->getFieldIndex());
          value && isa<DeclRefExpr>(value->IgnoreParenCasts()))
        references.push_back({field, value});
  return references;
}

const InitListExpr* listIn(const VarDecl* variable) {
  const Expr* value = variable->hasInit() ? variable->getInit()->IgnoreParenCasts() : nullptr;
  const auto* list = dyn_cast_or_null<InitListExpr>(value);
  return list && list->isSemanticForm() ? list : nullptr;
}

/// `guard = guard_of(&x->lock)`, where an inline function makes the guard of what it is given, in a
/// local variable of its own.
KeptReferences keptByCall(const CallExpr* call) {
  KeptReferences references;
  const FunctionDecl* callee = call->getDirectCallee();
  const FunctionDecl* definition = nullptr;
  if (!callee || !callee->hasBody(definition) || !definition->isInlined())
    return references;
  const ReturnedValues returned(definition->getBody());
  if (returned.values().size() != 1)
    return references;
  const VarDecl* made = localNamed(returned.values().front());
  const InitListExpr* list = made ? listIn(made) : nullptr;
  if (!list)
    return references;
  for (const KeptReference& kept : keptByList(list)) {
    const auto* reference = cast<DeclRefExpr>(kept.object->IgnoreParenCasts());
    const auto* parameter = dyn_cast<ParmVarDecl>(reference->getDecl());
    if (parameter && parameter->getFunctionScopeIndex() < call->getNumArgs())
      references.push_back({kept.member, call->getArg(parameter->getFunctionScopeIndex())});
  }
  return references;
}

/// In C a guard is a variable with a clean-up; the object that its maker is about to hand out is
/// one in an inline function.
KeptReferences keptByGuard(const VarDecl* variable) {
  const auto* function = dyn_cast<FunctionDecl>(variable->getDeclContext());
  if (const InitListExpr* list = listIn(variable))
    return (function && function->isInlined()) || variable->hasAttr<CleanupAttr>()
               ? keptByList(list)
               : KeptReferences{};
  const auto* call =
      variable->hasInit() ? dyn_cast<CallExpr>(variable->getInit()->IgnoreParenCasts()) : nullptr;
  return call && variable->hasAttr<CleanupAttr>() ? keptByCall(call) : KeptReferences{};
}

} // namespace

llvm::SmallVector<KeptReference, 1> keptReferences(const VarDecl* variable) {
  if (variable->isLocalVarDecl() && variable->getType()->isRecordType() &&
      !variable->getType()->isDependentType())
    if (KeptReferences kept = keptByGuard(variable); !kept.empty())
      return kept;
  const CXXRecordDecl* record = variable->getType()->getAsCXXRecordDecl();
  const CXXConstructExpr* construct =
      record && variable->isLocalVarDecl() && variable->hasInit() && !isGuard(record)
          ? constructionIn(variable->getInit())
          : nullptr;
  llvm::SmallVector<KeptReference, 1> references;
  const FunctionDecl* definition = nullptr;
  if (!construct || !construct->getConstructor()->hasBody(definition))
    return references;
  for (const CXXCtorInitializer* initializer : cast<CXXConstructorDecl>(definition)->inits())
    if (const ParmVarDecl* parameter = keptBy(initializer);
        parameter && parameter->getFunctionScopeIndex() < construct->getNumArgs())
      references.push_back(
          {initializer->getMember(), construct->getArg(parameter->getFunctionScopeIndex())});
  return references;
}

const CXXConstructExpr* constructionIn(const Expr* initializer) {
  for (;;) {
    initializer = initializer->IgnoreParens();
    if (const auto* full = dyn_cast<FullExpr>(initializer))
      initializer = full->getSubExpr();
    else if (const auto* bound = dyn_cast<CXXBindTemporaryExpr>(initializer))
      initializer = bound->getSubExpr();
    else if (const auto* cast = dyn_cast<CXXFunctionalCastExpr>(initializer))
      initializer = cast->getSubExpr();
    else if (const auto* by_default = dyn_cast<CXXDefaultInitExpr>(initializer))
      initializer = by_default->getExpr();
    else
      return dyn_cast<CXXConstructExpr>(initializer);
  }
}

AccessPath pathInAttribute(const Expr* expression, Naming& naming) {
  return pathOf(expression, {naming, /*in_attribute=*/true}, 0);
}

} // namespace lockvet::extract
