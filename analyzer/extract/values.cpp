// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/values.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

namespace lockvet::extract {

using namespace clang;

namespace {

/// Generated `a ? f : b ? g : ...` goes deep; a worker's stack is large.
constexpr int kMaxDepth = 2000;

class Collector {
public:
  Collector(FragmentBuilder& builder, bool any_type, FunctionValues& out)
      : builder_(builder), any_type_(any_type), out_(out) {}

  void visit(const Expr* expression, int depth, bool address = false);

private:
  void addFunction(const FunctionDecl* function, const Expr* origin) {
    out_.push_back({function, facts::kNone, origin, false});
  }
  void addSlot(uint32_t slot, const Expr* origin, bool address) {
    if (slot != facts::kNone)
      out_.push_back({nullptr, slot, origin, address});
  }
  bool wanted(QualType type) const { return any_type_ || callableType(type); }
  /// Of a function of another type than the pointer's, the caller casts what it returns.
  bool mayReturnFunction(QualType type) const {
    return callableType(type) || (any_type_ && type->isVoidPointerType());
  }
  void visitDeclaration(const ValueDecl* declaration, const Expr* origin, bool address);
  void visitCall(const CallExpr* call, int depth);

  FragmentBuilder& builder_;
  bool any_type_;
  FunctionValues& out_;
};

void Collector::visitDeclaration(const ValueDecl* declaration, const Expr* origin, bool address) {
  if (const auto* function = dyn_cast<FunctionDecl>(declaration))
    addFunction(function, origin);
  else if (!wanted(declaration->getType()))
    return;
  else if (const auto* variable = dyn_cast<VarDecl>(declaration))
    addSlot(builder_.variable(variable), origin, address);
  else if (const auto* field = dyn_cast<FieldDecl>(declaration))
    addSlot(builder_.field(field), origin, address);
}

void Collector::visitCall(const CallExpr* call, int depth) {
  // A lambda that becomes a function pointer does so through its conversion operator.
  if (const auto* member = dyn_cast<CXXMemberCallExpr>(call)) {
    if (isa_and_nonnull<CXXConversionDecl>(member->getMethodDecl())) {
      visit(member->getImplicitObjectArgument(), depth + 1);
      return;
    }
  }
  if (const FunctionDecl* callee = call->getDirectCallee()) {
    // std::bind(f, ...) is called as f.
    if (callee->isInStdNamespace() && callee->getIdentifier() && call->getNumArgs() > 0 &&
        (callee->getName() == "bind" || callee->getName() == "bind_front" ||
         callee->getName() == "mem_fn"))
      return visit(call->getArg(0), depth + 1);
    // std::move(f), std::forward<F>(f) and std::ref(f) hand their argument on.
    if (callee->isInStdNamespace() && callee->getIdentifier() && call->getNumArgs() == 1 &&
        (callee->getName() == "move" || callee->getName() == "forward" ||
         callee->getName() == "ref" || callee->getName() == "cref")) {
      visit(call->getArg(0), depth + 1);
      return;
    }
    if (mayReturnFunction(callee->getReturnType()))
      addSlot(builder_.returnOf(callee), call, false);
    return;
  }
  if (!mayReturnFunction(call->getType()))
    return;
  for (const FunctionValue& value : functionValues(call->getCallee(), builder_)) {
    if (value.function)
      addSlot(builder_.returnOf(value.function), call, false);
    else
      addSlot(builder_.returnOfSlot(value.slot, call->getType()), call, false);
  }
}

void Collector::visit(const Expr* expression, int depth, bool address) {
  if (!expression || depth > kMaxDepth)
    return;
  expression = expression->IgnoreParens();
  // An object that is called by its own operator, whatever the expression that makes it.
  if (const CXXMethodDecl* method = callOperator(expression->getType()))
    return addFunction(method, expression);
  if (const auto* cast = dyn_cast<CastExpr>(expression))
    return visit(cast->getSubExpr(), depth + 1, address);
  if (const auto* full = dyn_cast<FullExpr>(expression))
    return visit(full->getSubExpr(), depth + 1, address);
  if (const auto* temporary = dyn_cast<MaterializeTemporaryExpr>(expression))
    return visit(temporary->getSubExpr(), depth + 1, address);
  if (const auto* temporary = dyn_cast<CXXBindTemporaryExpr>(expression))
    return visit(temporary->getSubExpr(), depth + 1, address);
  if (const auto* opaque = dyn_cast<OpaqueValueExpr>(expression))
    return visit(opaque->getSourceExpr(), depth + 1, address);
  if (const auto* reference = dyn_cast<DeclRefExpr>(expression))
    return visitDeclaration(reference->getDecl(), reference, address);
  if (const auto* member = dyn_cast<MemberExpr>(expression))
    return visitDeclaration(member->getMemberDecl(), member, address);
  if (const auto* unary = dyn_cast<UnaryOperator>(expression)) {
    switch (unary->getOpcode()) {
    case UO_AddrOf:
      return visit(unary->getSubExpr(), depth + 1, true);
    case UO_Deref:
    case UO_Extension:
      return visit(unary->getSubExpr(), depth + 1, address);
    default:
      return;
    }
  }
  if (const auto* subscript = dyn_cast<ArraySubscriptExpr>(expression))
    return visit(subscript->getBase(), depth + 1, address);
  if (const auto* conditional = dyn_cast<AbstractConditionalOperator>(expression)) {
    visit(conditional->getTrueExpr(), depth + 1, address);
    return visit(conditional->getFalseExpr(), depth + 1, address);
  }
  if (const auto* generic = dyn_cast<GenericSelectionExpr>(expression))
    return generic->isResultDependent() ? void()
                                        : visit(generic->getResultExpr(), depth + 1, address);
  if (const auto* choose = dyn_cast<ChooseExpr>(expression))
    return choose->isConditionDependent() ? void()
                                          : visit(choose->getChosenSubExpr(), depth + 1, address);
  if (const auto* statement = dyn_cast<StmtExpr>(expression)) {
    const CompoundStmt* body = statement->getSubStmt();
    if (!body->body_empty())
      visit(dyn_cast<Expr>(body->body_back()), depth + 1, address);
    return;
  }
  if (const auto* binary = dyn_cast<BinaryOperator>(expression)) {
    if (binary->getOpcode() == BO_Comma || binary->isPtrMemOp())
      return visit(binary->getRHS(), depth + 1, address);
    if (binary->isAssignmentOp())
      return visit(binary->getLHS(), depth + 1, address);
    // Pointer arithmetic on a table of functions stays in the table.
    if (binary->isAdditiveOp() && callableType(binary->getType()))
      return visit(binary->getLHS(), depth + 1, address);
    return;
  }
  if (const auto* atomic = dyn_cast<AtomicExpr>(expression))
    return visit(atomic->getPtr(), depth + 1, address); // the value before, at that place
  if (const auto* literal = dyn_cast<CompoundLiteralExpr>(expression))
    return visit(literal->getInitializer(), depth + 1, address);
  if (const auto* list = dyn_cast<InitListExpr>(expression)) {
    // `{f}` for a scalar, `(Callback*[]){f, g}[i]`; the members of records are the initializer
    // visitor's.
    if (!list->getType()->isRecordType())
      for (const Expr* init : list->inits())
        visit(init, depth + 1, address);
    return;
  }
  if (const auto* construct = dyn_cast<CXXConstructExpr>(expression)) {
    // A copy, a move, or a callable such as std::function made from a function.
    if (construct->getNumArgs() >= 1)
      visit(construct->getArg(0), depth + 1, address);
    return;
  }
  if (const auto* call = dyn_cast<CallExpr>(expression))
    return visitCall(call, depth);
  if (const auto* argument = dyn_cast<CXXDefaultArgExpr>(expression))
    return visit(argument->getExpr(), depth + 1, address);
  if (const auto* initializer = dyn_cast<CXXDefaultInitExpr>(expression))
    return visit(initializer->getExpr(), depth + 1, address);
  if (const auto* parameter = dyn_cast<SubstNonTypeTemplateParmExpr>(expression))
    return visit(parameter->getReplacement(), depth + 1, address);
}

} // namespace

const CXXMethodDecl* callOperator(QualType type) {
  const CXXRecordDecl* record =
      type.isNull() ? nullptr : type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition() || record->isDependentContext() || callableType(type))
    return nullptr;
  const CXXMethodDecl* only = nullptr;
  for (const CXXMethodDecl* method : record->methods()) {
    if (method->getOverloadedOperator() != OO_Call)
      continue;
    if (only)
      return nullptr;
    only = method;
  }
  return only;
}

FunctionValues functionValues(const Expr* expression, FragmentBuilder& builder, bool any_type) {
  FunctionValues out;
  Collector(builder, any_type, out).visit(expression, 0);
  return out;
}

uint32_t slotOf(const Expr* lvalue, FragmentBuilder& builder) {
  for (const FunctionValue& value : functionValues(lvalue, builder, /*any_type=*/true))
    if (value.slot != facts::kNone)
      return value.slot;
  return facts::kNone;
}

} // namespace lockvet::extract
