// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/body_visitor.h"

#include "analyzer/extract/callees.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/Support/SaveAndRestore.h"

namespace lockvet::extract {

using namespace clang;
using facts::CallKind;
using facts::FlowForm;
using facts::kNone;

namespace {

/// Can an expression of this shape hold a function value at all? Keeps the collector off the many
/// arguments that are numbers and strings.
bool mayHoldFunction(const Expr* value) {
  if (callableType(value->getType()) || callOperator(value->getType()))
    return true;
  const Expr* inner = value->IgnoreParenCasts();
  if (callableType(inner->getType()))
    return true;
  return isa<AbstractConditionalOperator, GenericSelectionExpr, StmtExpr, ChooseExpr>(inner) &&
         inner->getType()->isPointerType();
}

/// Where a value is handed on; a default argument's, where it is used.
SourceLocation placeOf(const Expr* value, const Expr* origin) {
  const auto* argument = dyn_cast<CXXDefaultArgExpr>(value->IgnoreImplicit());
  return argument ? argument->getUsedLocation() : origin->getExprLoc();
}

const Expr* withoutCleanups(const Expr* value) {
  const auto* full = dyn_cast<FullExpr>(value);
  return full ? full->getSubExpr() : value;
}

const InitListExpr* initListOf(const Expr* value) {
  value = value->IgnoreParenImpCasts();
  if (const auto* full = dyn_cast<FullExpr>(value))
    return initListOf(full->getSubExpr());
  if (const auto* literal = dyn_cast<CompoundLiteralExpr>(value))
    return initListOf(literal->getInitializer());
  const auto* list = dyn_cast<InitListExpr>(value);
  return list && list->isSyntacticForm() && list->getSemanticForm() ? list->getSemanticForm()
                                                                    : list;
}

} // namespace

bool returnsInPlace(const ReturnStmt* statement) {
  const VarDecl* candidate = statement->getNRVOCandidate();
  return candidate && candidate->isNRVOVariable() &&
         candidate->getASTContext().getLangOpts().ElideConstructors;
}

void BodyVisitor::visitFunction() {
  if (const auto* constructor = dyn_cast<CXXConstructorDecl>(function_)) {
    for (const CXXCtorInitializer* initializer : constructor->inits()) {
      if (const FieldDecl* field = initializer->getAnyMember())
        initialize(initializer->getInit(), field->getType(), [&] { return builder_.field(field); });
      visit(initializer->getInit());
    }
  }
  if (isa<CXXDestructorDecl>(function_))
    has_scope_exits_ = true; // members and bases
  for (const ParmVarDecl* parameter : function_->parameters())
    visitBounds(parameter->getType());
  visit(function_->getBody());
}

void BodyVisitor::visitVariable(const VarDecl* variable) {
  const Expr* init = variable->getInit();
  if (!init)
    return;
  initialize(init, variable->getType(), [&] { return builder_.variable(variable); });
  visit(init);
}

llvm::ArrayRef<uint32_t> BodyVisitor::callsOf(const Stmt* statement) const {
  auto found = calls_of_.find(statement);
  return found == calls_of_.end() ? llvm::ArrayRef<uint32_t>()
                                  : llvm::ArrayRef<uint32_t>(found->second);
}

uint32_t BodyVisitor::addCall(CallKind kind, const FunctionDecl* callee, uint32_t slot,
                              const FunctionType* type, SourceLocation location) {
  facts::CallSite call;
  call.kind = kind;
  call.caller = caller_;
  if (callee)
    call.callee = builder_.function(callee);
  call.slot = slot;
  if (type)
    call.type = builder_.naming().functionType(type);
  call.location = builder_.locate(use_.isValid() ? use_ : location);
  builder_.fragment().calls.push_back(std::move(call));
  return static_cast<uint32_t>(builder_.fragment().calls.size() - 1);
}

uint32_t BodyVisitor::addImplicitCall(const FunctionDecl* callee, SourceLocation location,
                                      const void* object) {
  const facts::Location place = builder_.locate(use_.isValid() ? use_ : location);
  auto [known, is_new] = implicit_calls_.try_emplace(
      {builder_.function(callee), place.file, place.line, place.column, object}, 0);
  if (is_new)
    known->second = addCall(CallKind::Implicit, callee, kNone, nullptr, location);
  return known->second;
}

void BodyVisitor::flow(const Expr* value, QualType target_type, FlowForm form,
                       llvm::function_ref<uint32_t()> make_target) {
  if (!value || !mayHoldFunction(value))
    return;
  const bool callable_target = !target_type.isNull() && callableType(target_type);
  // A class object that is built from a function keeps it by its constructor's parameter.
  if (!callable_target && !target_type.isNull() && target_type->isRecordType())
    return;
  FunctionValues sources = functionValues(value, builder_, callable_target);
  if (isa<VAArgExpr>(value->IgnoreParenCasts()) && function_)
    sources.push_back(
        {nullptr, builder_.parameter(function_, function_->getNumParams()), value, false});
  for (const FunctionValue& source : sources) {
    const uint32_t target = make_target();
    if (target == kNone || source.slot == target)
      continue;
    consumed_.insert(source.origin);
    facts::Flow flow;
    flow.form = form;
    flow.holder = caller_;
    if (source.function)
      flow.from_function = builder_.function(source.function);
    flow.from_slot = source.slot;
    flow.to_slot = target;
    flow.location = builder_.locate(placeOf(value, source.origin));
    builder_.fragment().flows.push_back(flow);
    if (source.is_slot_address && form == FlowForm::Argument) {
      std::swap(flow.from_slot, flow.to_slot);
      flow.form = FlowForm::Address;
      builder_.fragment().flows.push_back(flow);
    }
  }
}

void BodyVisitor::initialize(const Expr* value, QualType target_type,
                             llvm::function_ref<uint32_t()> make_target) {
  const InitListExpr* list = initListOf(value);
  if (list && (target_type->isArrayType() || target_type->isRecordType())) {
    if (target_type->isArrayType() && callableType(target_type))
      array_targets_[list] = make_target();
    return; // its elements are visited as expressions, each with its own target
  }
  flow(value, target_type, FlowForm::Initializer, make_target);
}

void BodyVisitor::visitChildren(const Stmt* statement) {
  for (const Stmt* child : statement->children())
    visit(child);
}

void BodyVisitor::visit(const Stmt* statement) {
  if (!statement)
    return;
  switch (statement->getStmtClass()) {
  case Stmt::UnaryExprOrTypeTraitExprClass:
    if (const auto* trait = cast<UnaryExprOrTypeTraitExpr>(statement);
        trait->getKind() == UETT_SizeOf && trait->isArgumentType())
      visitBounds(trait->getArgumentType());
    return;
  // Never evaluated.
  case Stmt::CXXNoexceptExprClass:
  case Stmt::RequiresExprClass:
  case Stmt::ConceptSpecializationExprClass:
  case Stmt::OffsetOfExprClass:
  case Stmt::OpaqueValueExprClass:
    return;
  case Stmt::CXXTypeidExprClass:
    if (cast<CXXTypeidExpr>(statement)->isPotentiallyEvaluated())
      visitChildren(statement);
    return;
  case Stmt::GenericSelectionExprClass:
    if (const auto* generic = cast<GenericSelectionExpr>(statement); !generic->isResultDependent())
      visit(generic->getResultExpr());
    return;
  case Stmt::ChooseExprClass:
    if (const auto* choose = cast<ChooseExpr>(statement); !choose->isConditionDependent())
      visit(choose->getChosenSubExpr());
    return;
  case Stmt::BinaryConditionalOperatorClass: {
    const auto* conditional = cast<BinaryConditionalOperator>(statement);
    visit(conditional->getCommon());
    visit(conditional->getFalseExpr());
    return;
  }
  case Stmt::DeclStmtClass:
    for (const Decl* declaration : cast<DeclStmt>(statement)->decls())
      visitDeclaration(declaration);
    return;
  case Stmt::CXXCatchStmtClass:
    if (const VarDecl* exception = cast<CXXCatchStmt>(statement)->getExceptionDecl())
      visitDeclaration(exception);
    visitChildren(statement);
    return;
  case Stmt::CallExprClass:
  case Stmt::CXXMemberCallExprClass:
  case Stmt::CXXOperatorCallExprClass:
  case Stmt::UserDefinedLiteralClass:
    visitCall(cast<CallExpr>(statement));
    return;
  case Stmt::CXXConstructExprClass:
  case Stmt::CXXTemporaryObjectExprClass:
    visitConstruct(cast<CXXConstructExpr>(statement));
    return;
  case Stmt::CXXInheritedCtorInitExprClass: {
    const auto* inherited = cast<CXXInheritedCtorInitExpr>(statement);
    calls_of_[statement].push_back(
        addImplicitCall(inherited->getConstructor(), inherited->getLocation()));
    return;
  }
  case Stmt::CXXNewExprClass:
    visitNew(cast<CXXNewExpr>(statement));
    return;
  case Stmt::CXXDeleteExprClass:
    visitDelete(cast<CXXDeleteExpr>(statement));
    return;
  case Stmt::LambdaExprClass:
    visitLambda(cast<LambdaExpr>(statement));
    return;
  case Stmt::CXXDefaultArgExprClass: {
    const auto* argument = cast<CXXDefaultArgExpr>(statement);
    llvm::SaveAndRestore use(use_, use_.isValid() ? use_ : argument->getUsedLocation());
    visit(argument->getExpr());
    return;
  }
  case Stmt::CXXForRangeStmtClass:
    visitRangeFor(cast<CXXForRangeStmt>(statement));
    return;
  case Stmt::CoroutineBodyStmtClass:
    visit(cast<CoroutineBodyStmt>(statement)->getBody());
    visitSynthesized(
        llvm::to_vector_of<const Stmt*>(cast<CoroutineBodyStmt>(statement)->childrenExclBody()));
    return;
  case Stmt::CoreturnStmtClass:
    visit(cast<CoreturnStmt>(statement)->getOperand());
    visitSynthesized(cast<CoreturnStmt>(statement)->getPromiseCall());
    return;
  case Stmt::CoawaitExprClass:
  case Stmt::CoyieldExprClass:
    visitSuspension(cast<CoroutineSuspendExpr>(statement));
    return;
  case Stmt::CXXDefaultInitExprClass:
    visit(cast<CXXDefaultInitExpr>(statement)->getExpr());
    return;
  case Stmt::CXXRewrittenBinaryOperatorClass:
    visit(cast<CXXRewrittenBinaryOperator>(statement)->getSemanticForm());
    return;
  case Stmt::PseudoObjectExprClass:
    for (const Expr* semantic : cast<PseudoObjectExpr>(statement)->semantics())
      visit(semantic);
    return;
  case Stmt::ImplicitCastExprClass:
  case Stmt::CStyleCastExprClass:
  case Stmt::CXXStaticCastExprClass:
  case Stmt::CXXFunctionalCastExprClass:
    if (const auto* conversion = cast<CastExpr>(statement);
        conversion->getCastKind() == CK_UserDefinedConversion)
      implicit_.insert(conversion->getSubExpr()->IgnoreImplicit());
    visitChildren(statement);
    return;
  case Stmt::BinaryOperatorClass:
    if (const auto* binary = cast<BinaryOperator>(statement); binary->getOpcode() == BO_Assign)
      visitAssignment(binary->getLHS(), binary->getRHS());
    visitChildren(statement);
    return;
  case Stmt::AtomicExprClass:
    visitAtomic(cast<AtomicExpr>(statement));
    return;
  case Stmt::ReturnStmtClass:
    visitReturn(cast<ReturnStmt>(statement));
    visitChildren(statement);
    return;
  case Stmt::CXXBindTemporaryExprClass:
    has_scope_exits_ = true;
    visitChildren(statement);
    return;
  case Stmt::InitListExprClass:
    visitInitList(cast<InitListExpr>(statement));
    return;
  case Stmt::DeclRefExprClass:
    visitUse(cast<DeclRefExpr>(statement));
    return;
  default:
    visitChildren(statement);
    return;
  }
}

/// An array's bound that is no constant is evaluated where the type is written: of a typedef, where
/// that is declared.
void BodyVisitor::visitBounds(QualType type) {
  while (!type.isNull() && type->isVariablyModifiedType() && !isa<TypedefType>(type)) {
    const Type* raw = type.getTypePtr();
    if (const auto* array = dyn_cast<ArrayType>(raw)) {
      if (const auto* variable = dyn_cast<VariableArrayType>(array))
        visit(variable->getSizeExpr());
      type = array->getElementType();
    } else if (const auto* pointer = dyn_cast<PointerType>(raw)) {
      type = pointer->getPointeeType();
    } else if (const auto* adjusted = dyn_cast<AdjustedType>(raw)) {
      type = adjusted->getOriginalType();
    } else if (const auto* function = dyn_cast<FunctionType>(raw)) {
      type = function->getReturnType();
    } else {
      const QualType next = type.getSingleStepDesugaredType(builder_.context());
      if (next == type)
        return;
      type = next;
    }
  }
}

void BodyVisitor::visitDeclaration(const Decl* declaration) {
  if (const auto* alias = dyn_cast<TypedefNameDecl>(declaration)) {
    visitBounds(alias->getUnderlyingType());
  } else if (const auto* variable = dyn_cast<VarDecl>(declaration)) {
    locals_.push_back(variable);
    visitBounds(variable->getType());
    visitVariable(variable);
    if (variable->hasAttr<CleanupAttr>() || variable->needsDestruction(builder_.context()))
      has_scope_exits_ = true;
    if (const auto* decomposition = dyn_cast<DecompositionDecl>(variable))
      for (const BindingDecl* binding : decomposition->bindings())
        if (const VarDecl* holder = binding->getHoldingVar())
          visitVariable(holder);
  } else if (isa<RecordDecl>(declaration)) {
    nested_.push_back(declaration);
  }
}

void BodyVisitor::visitCall(const CallExpr* call) {
  // Clang repeats what is awaited in the calls that it makes of it; a default argument is one
  // expression for all its uses.
  if (!use_.isValid() && calls_of_.contains(call))
    return;
  if (const FunctionDecl* callee = call->getDirectCallee())
    visitDirectCall(call, callee);
  else
    visitIndirectCall(call);
}

void BodyVisitor::visitDirectCall(const CallExpr* call, const FunctionDecl* callee) {
  if (hasUnevaluatedArguments(callee))
    return;
  if (const FunctionDecl* allocation = allocationFunction(callee, call))
    callee = allocation;
  const auto* operator_call = dyn_cast<CXXOperatorCallExpr>(call);
  const auto* method = dyn_cast<CXXMethodDecl>(callee);
  const bool is_object_method = method && !method->isStatic();
  if (!isIntrinsic(callee)) {
    CallKind kind = CallKind::Direct;
    if (const auto* member_call = dyn_cast<CXXMemberCallExpr>(call); member_call && method) {
      const auto* member = dyn_cast<MemberExpr>(call->getCallee()->IgnoreParens());
      if (!member || !member->hasQualifier()) // Base::method() names one function
        kind = dispatch(method, member_call->getImplicitObjectArgument(), callee);
    } else if (operator_call && is_object_method && call->getNumArgs() > 0) {
      kind = dispatch(method, call->getArg(0), callee);
    }
    if (kind == CallKind::Direct && (is_synthesized_ || implicit_.contains(call)))
      kind = CallKind::Implicit;
    calls_of_[call].push_back(kind == CallKind::Implicit
                                  ? addImplicitCall(callee, nameLocation(call))
                                  : addCall(kind, callee, kNone, nullptr, nameLocation(call)));
  }
  unsigned first = 0;
  if (operator_call && is_object_method) {
    first = 1;
    const Expr* object = call->getArg(0);
    // Calling a std::function calls what was put into it.
    if (operator_call->getOperator() == OO_Call)
      if (const FunctionType* type = callableType(object->getType()))
        for (const FunctionValue& value : functionValues(object, builder_))
          if (value.slot != kNone)
            calls_of_[call].push_back(
                addCall(CallKind::Indirect, nullptr, value.slot, type, nameLocation(call)));
    if (operator_call->getOperator() == OO_Equal && call->getNumArgs() == 2 &&
        callableType(object->getType()))
      visitAssignment(object, call->getArg(1));
  }
  for (unsigned index = first; index < call->getNumArgs(); ++index) {
    const unsigned parameter = index - first;
    const QualType type = parameter < callee->getNumParams()
                              ? callee->getParamDecl(parameter)->getType()
                              : QualType();
    // All that a variadic function gets beside its parameters is one slot.
    const unsigned slot =
        callee->isVariadic() ? std::min(parameter, callee->getNumParams()) : parameter;
    flow(call->getArg(index), type, FlowForm::Argument,
         [&] { return builder_.parameter(callee, slot); });
  }
  // The callee's own name is no use of its value; a method's object is evaluated.
  if (const auto* member = dyn_cast<MemberExpr>(call->getCallee()->IgnoreParenImpCasts()))
    visit(member->getBase());
  else if (const auto* reference = dyn_cast<DeclRefExpr>(call->getCallee()->IgnoreParenImpCasts());
           !reference)
    for (const FunctionValue& value : functionValues(call->getCallee(), builder_))
      consumed_.insert(value.origin);
  for (const Expr* argument : call->arguments())
    visit(argument);
}

void BodyVisitor::visitIndirectCall(const CallExpr* call) {
  const Expr* callee = call->getCallee();
  const FunctionType* type = callableType(callee->getType());
  if (const auto* bound = callee->getType()->getAsPlaceholderType(); !type && bound) {
    // (object->*method)(): the type is the member pointer's.
    if (const auto* binary = dyn_cast<BinaryOperator>(callee->IgnoreParens()))
      type = callableType(binary->getRHS()->getType());
  }
  // With any type: what is called may have been kept in a `void *`.
  const FunctionValues values = functionValues(callee, builder_, /*any_type=*/true);
  for (const FunctionValue& value : values) {
    consumed_.insert(value.origin);
    if (value.function) {
      calls_of_[call].push_back(
          addCall(CallKind::Direct, value.function, kNone, nullptr, nameLocation(call)));
    } else {
      calls_of_[call].push_back(
          addCall(CallKind::Indirect, nullptr, value.slot, type, nameLocation(call)));
    }
  }
  if (values.empty())
    calls_of_[call].push_back(
        addCall(CallKind::Indirect, nullptr, kNone, type, nameLocation(call)));
  const auto* prototype = dyn_cast_or_null<FunctionProtoType>(type);
  for (unsigned index = 0; index < call->getNumArgs(); ++index) {
    const QualType parameter_type = prototype && index < prototype->getNumParams()
                                        ? prototype->getParamType(index)
                                        : QualType();
    for (const FunctionValue& value : values)
      flow(call->getArg(index), parameter_type, FlowForm::Argument, [&] {
        return value.function ? builder_.parameter(value.function, index)
                              : builder_.parameterOfSlot(value.slot, index, parameter_type);
      });
  }
  visit(callee);
  for (const Expr* argument : call->arguments())
    visit(argument);
}

void BodyVisitor::visitConstruct(const CXXConstructExpr* construct) {
  const CXXConstructorDecl* constructor = construct->getConstructor();
  if (!constructor->isTrivial() && !elided_.contains(construct))
    calls_of_[construct].push_back(
        addImplicitCall(constructor, construct->getLocation(), construct));
  for (unsigned index = 0; index < construct->getNumArgs(); ++index)
    if (index < constructor->getNumParams())
      flow(construct->getArg(index), constructor->getParamDecl(index)->getType(),
           FlowForm::Argument, [&] { return builder_.parameter(constructor, index); });
  visitChildren(construct);
}

void BodyVisitor::visitNew(const CXXNewExpr* expression) {
  if (const FunctionDecl* allocate = expression->getOperatorNew();
      allocate && !allocate->isReservedGlobalPlacementOperator())
    calls_of_[expression].push_back(addImplicitCall(allocate, expression->getBeginLoc()));
  visitChildren(expression);
}

void BodyVisitor::visitDelete(const CXXDeleteExpr* expression) {
  const QualType destroyed = expression->getDestroyedType();
  const CXXRecordDecl* record = destroyed.isNull() ? nullptr : destroyed->getAsCXXRecordDecl();
  if (record && record->hasDefinition()) {
    const CXXDestructorDecl* destructor = record->getDestructor();
    if (destructor && !destructor->isTrivial()) {
      const FunctionDecl* callee = destructor;
      CallKind kind = CallKind::Implicit;
      if (!expression->isArrayForm() &&
          dispatch(destructor, expression->getArgument(), callee) == CallKind::Virtual)
        kind = CallKind::Virtual;
      calls_of_[expression].push_back(
          addCall(kind, callee, kNone, nullptr, expression->getBeginLoc()));
    }
  }
  if (const FunctionDecl* release = expression->getOperatorDelete())
    calls_of_[expression].push_back(addImplicitCall(release, expression->getBeginLoc()));
  visitChildren(expression);
}

void BodyVisitor::visitSynthesized(llvm::ArrayRef<const Stmt*> statements) {
  llvm::SaveAndRestore synthesized(is_synthesized_, true);
  for (const Stmt* statement : statements)
    visit(statement);
}

/// begin(), end(), `!=`, `++` and `*` are the compiler's; the range and the body are the user's.
void BodyVisitor::visitRangeFor(const CXXForRangeStmt* statement) {
  visit(statement->getInit());
  visit(statement->getRangeStmt());
  visitSynthesized({statement->getBeginStmt(), statement->getEndStmt(), statement->getCond(),
                    statement->getInc(), statement->getLoopVarStmt()});
  visit(statement->getBody());
}

/// `co_await x`: x is the user's; await_ready() and its like, the compiler's.
void BodyVisitor::visitSuspension(const CoroutineSuspendExpr* expression) {
  visit(expression->getOperand());
  visitSynthesized({expression->getCommonExpr(), expression->getReadyExpr(),
                    expression->getSuspendExpr(), expression->getResumeExpr()});
}

void BodyVisitor::visitLambda(const LambdaExpr* lambda) {
  for (const Expr* init : lambda->capture_inits())
    visit(init);
  nested_.push_back(lambda->getLambdaClass());
}

void BodyVisitor::visitAssignment(const Expr* target, const Expr* value) {
  const InitListExpr* list = initListOf(value);
  if (list && !target->getType()->isScalarType())
    return; // `x = (struct S){ .cb = f }`: the list knows its fields
  flow(value, target->getType(), FlowForm::Assignment, [&] { return slotOf(target, builder_); });
}

void BodyVisitor::visitAtomic(const AtomicExpr* expression) {
  const Expr* value = nullptr;
  if (expression->getOp() == AtomicExpr::AO__atomic_load)
    visitAssignment(expression->getVal1(), expression->getPtr()); // the generic one, by address
  else if (expression->isCmpXChg())
    value = expression->getVal2();
  else if (expression->getNumSubExprs() > 2)
    value = expression->getVal1();
  if (value)
    visitAssignment(expression->getPtr(), value);
  visitChildren(expression);
}

void BodyVisitor::visitReturn(const ReturnStmt* statement) {
  if (returnsInPlace(statement))
    elided_.insert(dyn_cast<CXXConstructExpr>(withoutCleanups(statement->getRetValue())));
  if (function_)
    flow(statement->getRetValue(), function_->getReturnType(), FlowForm::Return,
         [&] { return builder_.returnOf(function_); });
}

void BodyVisitor::visitInitList(const InitListExpr* list) {
  if (list->isSyntacticForm() && list->getSemanticForm())
    list = list->getSemanticForm();
  uint32_t target = kNone;
  if (auto found = array_targets_.find(list); found != array_targets_.end())
    target = found->second;
  const RecordDecl* record = list->getType()->getAsRecordDecl();
  if (record && record->isUnion()) {
    if (const FieldDecl* field = list->getInitializedFieldInUnion(); field && list->getNumInits())
      initialize(list->getInit(0), field->getType(), [&] { return builder_.field(field); });
  } else if (record) {
    unsigned index = 0;
    if (const auto* cxx_record = dyn_cast<CXXRecordDecl>(record))
      index = cxx_record->getNumBases();
    for (const FieldDecl* field : record->fields()) {
      if (field->isUnnamedBitField())
        continue;
      if (index >= list->getNumInits())
        break;
      if (const Expr* init = list->getInit(index++))
        initialize(init, field->getType(), [&] { return builder_.field(field); });
    }
  } else if (target != kNone) {
    for (const Expr* init : list->inits())
      if (init)
        initialize(init, init->getType(), [&] { return target; });
  }
  for (const Expr* init : list->inits())
    visit(init);
}

void BodyVisitor::visitUse(const DeclRefExpr* reference) {
  const auto* function = dyn_cast<FunctionDecl>(reference->getDecl());
  if (!function || consumed_.contains(reference) || isIntrinsic(function))
    return;
  facts::Flow flow;
  flow.form = FlowForm::Use;
  flow.holder = caller_;
  flow.from_function = builder_.function(function);
  flow.location = builder_.locate(reference->getLocation());
  builder_.fragment().flows.push_back(flow);
}

} // namespace lockvet::extract
