// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/skeleton_builder.h"

#include "analyzer/extract/conditions.h"
#include "analyzer/extract/formula_builder.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

namespace lockvet::extract {

using namespace clang;
using facts::ConditionKind;
using facts::EventKind;
using facts::kNone;

namespace {

CFG::BuildOptions buildOptions() {
  CFG::BuildOptions options;
  options.PruneTriviallyFalseEdges = false; // `if (0)` counts
  options.AddImplicitDtors = true;
  options.AddTemporaryDtors = true;
  options.AddInitializers = true;
  options.AddCXXDefaultInitExprInCtors = true;
  options.setAlwaysAdd(Stmt::CXXConstructExprClass)
      .setAlwaysAdd(Stmt::CXXTemporaryObjectExprClass)
      .setAlwaysAdd(Stmt::CXXInheritedCtorInitExprClass)
      .setAlwaysAdd(Stmt::CXXNewExprClass)
      .setAlwaysAdd(Stmt::CXXDeleteExprClass)
      .setAlwaysAdd(Stmt::BinaryOperatorClass);
  return options;
}

/// Where a variable is destroyed: at the end of its scope, or at the jump that leaves it.
SourceLocation placeOfExit(const Stmt* trigger, const VarDecl* variable) {
  if (!trigger)
    return variable->getLocation();
  switch (trigger->getStmtClass()) {
  case Stmt::ReturnStmtClass:
  case Stmt::CoreturnStmtClass:
  case Stmt::GotoStmtClass:
  case Stmt::IndirectGotoStmtClass:
  case Stmt::BreakStmtClass:
  case Stmt::ContinueStmtClass:
    return trigger->getBeginLoc();
  default:
    return trigger->getEndLoc();
  }
}

bool isPassThrough(const facts::Block& block) {
  return block.events.empty() && block.condition == ConditionKind::None && !block.is_noreturn &&
         block.successors.size() == 1 && block.successors[0] != kNone;
}

} // namespace

SkeletonBuilder::SkeletonBuilder(FragmentBuilder& builder, BodyVisitor& body,
                                 const FunctionDecl* function)
    : builder_(builder), body_(body), function_(function) {}

/// Variables that a condition is about, be it by several together.
void SkeletonBuilder::collectTested(const Expr* expression) {
  forEachTested(expression, builder_.naming(), [&](const Expr* tested) {
    if (const VarDecl* variable = scalarVariable(tested))
      variables_.insert({variable, static_cast<uint32_t>(variables_.size())});
  });
}

void SkeletonBuilder::collectVariables(const CFG& graph) {
  const bool returns_truth = function_->getReturnType()->isBooleanType();
  for (const CFGBlock* block : graph) {
    if (const Expr* condition = testedIn(*block))
      collectTested(condition);
    else if (std::optional<TruthSwitch> choice = truthSwitchIn(*block))
      collectTested(choice->tested);
    if (!returns_truth || block->empty())
      continue;
    std::optional<CFGStmt> last = block->back().getAs<CFGStmt>();
    if (const auto* leave = last ? dyn_cast<ReturnStmt>(last->getStmt()) : nullptr;
        leave && leave->getRetValue())
      collectTested(leave->getRetValue());
  }
  if (!variables_.empty())
    dropUntrackable(function_->getBody());
  uint32_t next = 0;
  for (auto& [variable, index] : variables_) {
    index = next++;
    const auto* parameter = dyn_cast<ParmVarDecl>(variable);
    skeleton_.variables.push_back(
        {variable->getNameAsString(), parameter ? parameter->getFunctionScopeIndex() : kNone});
  }
}

/// A variable whose address is taken, or that is changed otherwise than by plain assignment, is not
/// followed.
void SkeletonBuilder::dropUntrackable(const Stmt* statement) {
  if (!statement)
    return;
  auto drop = [&](const Expr* expression) {
    if (const VarDecl* variable = scalarVariable(expression))
      variables_.erase(variable);
  };
  if (const auto* unary = dyn_cast<UnaryOperator>(statement)) {
    if (unary->getOpcode() == UO_AddrOf || unary->isIncrementDecrementOp())
      drop(unary->getSubExpr());
  } else if (const auto* compound = dyn_cast<CompoundAssignOperator>(statement)) {
    drop(compound->getLHS());
  } else if (const auto* lambda = dyn_cast<LambdaExpr>(statement)) {
    for (const LambdaCapture& capture : lambda->captures())
      if (capture.capturesVariable() && capture.getCaptureKind() == LCK_ByRef)
        if (const auto* variable = dyn_cast<VarDecl>(capture.getCapturedVar()))
          variables_.erase(variable);
  } else if (const auto* declarations = dyn_cast<DeclStmt>(statement)) {
    for (const Decl* declaration : declarations->decls())
      if (const auto* variable = dyn_cast<VarDecl>(declaration);
          variable && variable->getType()->isReferenceType() && variable->getInit())
        drop(variable->getInit());
  } else if (const auto* call = dyn_cast<CallExpr>(statement)) {
    // A reference parameter may be written through.
    for (const Expr* argument : call->arguments())
      if (argument->isLValue())
        drop(argument);
  }
  for (const Stmt* child : statement->children())
    dropUntrackable(child);
}

facts::Formula SkeletonBuilder::leafOf(const Expr* tested) {
  if (const VarDecl* variable = scalarVariable(tested)) {
    if (auto found = variables_.find(variable); found != variables_.end())
      return {facts::FormulaKind::Variable, found->second};
  } else if (isa<CallExpr>(tested)) {
    if (llvm::ArrayRef<uint32_t> calls = body_.callsOf(tested); calls.size() == 1)
      return {facts::FormulaKind::Call, calls[0]};
  }
  return {};
}

SkeletonBuilder::Condition SkeletonBuilder::conditionOf(const Expr* expression) {
  Condition condition;
  const Expr* tested = stripTests(expression, condition.negated, builder_.naming());
  const facts::Formula leaf = leafOf(tested);
  if (leaf.kind == facts::FormulaKind::Variable) {
    condition.kind = ConditionKind::Variable;
    condition.operand = leaf.left;
  } else if (leaf.kind == facts::FormulaKind::Call) {
    condition.kind = ConditionKind::Call;
    condition.operand = leaf.left;
  } else if (std::optional<uint32_t> formula =
                 buildFormula(tested, builder_.naming(), skeleton_.formulas,
                              [&](const Expr* operand) { return leafOf(operand); })) {
    condition.kind = ConditionKind::Formula;
    condition.operand = *formula;
  }
  return condition;
}

/// What a variable of this type is set to, or a function of this type returns.
void SkeletonBuilder::setValue(const Expr* value, QualType type, facts::Event& event) {
  if (std::optional<int64_t> constant = constantOf(value)) {
    event.has_constant = true;
    event.constant = *constant;
    return;
  }
  const Condition condition = conditionOf(value);
  event.negated = condition.negated;
  // A narrower copy may be 0 where the original is not.
  auto fits = [&](QualType original) {
    return condition.negated || type->isBooleanType() ||
           type.getCanonicalType().getUnqualifiedType() ==
               original.getCanonicalType().getUnqualifiedType();
  };
  switch (condition.kind) {
  case ConditionKind::Call:
    event.call = condition.operand;
    break;
  case ConditionKind::Variable:
    if (fits((variables_.begin() + condition.operand)->first->getType()))
      event.variable = condition.operand;
    break;
  case ConditionKind::Formula:
    if (const Expr* inner = value->IgnoreParenImpCasts();
        !isa<ConditionalOperator>(inner) || fits(inner->getType()))
      event.formula = condition.operand;
    break;
  case ConditionKind::None:
  case ConditionKind::Other:
    event.negated = false;
    break;
  }
}

void SkeletonBuilder::addArgument(uint32_t index, const Expr* expression,
                                  std::vector<facts::Argument>& out) {
  facts::Argument argument;
  argument.index = index;
  const QualType type = expression->getType();
  if ((type->isPointerType() || type->isNullPtrType()) && constantOf(expression) == 0) {
    out.push_back(std::move(argument));
    return;
  }
  if (type->isIntegralOrEnumerationType() || type->isBooleanType()) {
    // What never changes is the constant or the parameter that it was made of.
    const VarDecl* variable = scalarVariable(expression);
    std::optional<int64_t> constant = constantOf(expression);
    if (!constant && variable && variable->isLocalVarDecl() && variable->getInit() &&
        !builder_.naming().isReassigned(variable))
      constant = constantOf(variable->getInit());
    bool negated = false;
    const VarDecl* original =
        variable ? scalarVariable(stripTests(expression, negated, builder_.naming())) : nullptr;
    if (constant) {
      argument.constant = *constant;
      out.push_back(std::move(argument));
    } else if (isa_and_nonnull<ParmVarDecl>(original) && !negated &&
               !builder_.naming().isReassigned(original)) {
      argument.kind = facts::ArgumentKind::Path;
      argument.path = accessPath(original, builder_.naming()).text;
      out.push_back(std::move(argument));
    }
    return;
  }
  const Expr* inner = expression->IgnoreParenCasts();
  if (callableType(inner->getType())) {
    if (const auto* unary = dyn_cast<UnaryOperator>(inner);
        unary && unary->getOpcode() == UO_AddrOf)
      inner = unary->getSubExpr()->IgnoreParenCasts();
    const auto* reference = dyn_cast<DeclRefExpr>(inner);
    if (const auto* function = reference ? dyn_cast<FunctionDecl>(reference->getDecl()) : nullptr) {
      argument.kind = facts::ArgumentKind::Function;
      argument.function = builder_.function(function);
      out.push_back(std::move(argument));
    }
    return;
  }
  QualType object = inner->getType();
  while (object->isPointerType() || object->isReferenceType())
    object = object->getPointeeType();
  if (!object->getBaseElementTypeUnsafe()->isRecordType() && !object->isVoidType())
    return;
  AccessPath path = accessPath(expression, builder_.naming());
  // An object without a type is of interest as far as a function hands it on.
  if (path.text.empty() || (object->isVoidType() && !llvm::StringRef(path.text).starts_with("$")))
    return;
  addPath(index, std::move(path), out);
  const auto* reference = dyn_cast<DeclRefExpr>(inner);
  if (const auto* address = dyn_cast<UnaryOperator>(inner);
      address && address->getOpcode() == UO_AddrOf)
    reference = dyn_cast<DeclRefExpr>(address->getSubExpr()->IgnoreParens());
  if (const auto* variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr)
    addKeptReferences(index, variable, out);
}

void SkeletonBuilder::addPath(uint32_t index, AccessPath path, std::vector<facts::Argument>& out,
                              llvm::StringRef part) {
  facts::Argument argument;
  argument.index = index;
  argument.kind = facts::ArgumentKind::Path;
  argument.part = part.str();
  argument.path = std::move(path.text);
  argument.path_class = std::move(path.path_class);
  if (path.function)
    argument.function = builder_.function(path.function);
  out.push_back(std::move(argument));
}

/// What is handed over in a guard: the locks that it refers to.
void SkeletonBuilder::addKeptReferences(uint32_t index, const VarDecl* variable,
                                        std::vector<facts::Argument>& out) {
  for (const KeptReference& kept : keptReferences(variable))
    if (AccessPath path = accessPath(kept.object, builder_.naming()); !path.text.empty())
      addPath(index, std::move(path), out, "->" + kept.member->getNameAsString());
}

/// The objects that the constructions of local variables, members and bases make.
void SkeletonBuilder::collectConstructed() {
  for (const VarDecl* variable : body_.locals())
    if (variable->getInit())
      if (const CXXConstructExpr* construct = constructionIn(variable->getInit()))
        constructed_[construct] = {accessPath(variable, builder_.naming()), variable};
  const auto* constructor = dyn_cast<CXXConstructorDecl>(function_);
  if (!constructor)
    return;
  for (const CXXCtorInitializer* initializer : constructor->inits()) {
    const CXXConstructExpr* construct = constructionIn(initializer->getInit());
    if (!construct)
      continue;
    const FieldDecl* member = initializer->getMember();
    if (member || !initializer->isAnyMemberInitializer())
      constructed_[construct].path = member
                                         ? accessPath(member, builder_.naming())
                                         : pathOfThis(constructor->getParent(), builder_.naming());
  }
}

std::vector<facts::Argument> SkeletonBuilder::argumentsOf(const Stmt* statement) {
  std::vector<facts::Argument> arguments;
  if (const auto* construct = dyn_cast<CXXConstructExpr>(statement)) {
    if (auto found = constructed_.find(construct); found != constructed_.end()) {
      addPath(facts::Argument::kObject, found->second.path, arguments);
      if (found->second.variable)
        addKeptReferences(facts::Argument::kObject, found->second.variable, arguments);
    }
    for (uint32_t index = 0; index < construct->getNumArgs(); ++index)
      addArgument(index, construct->getArg(index), arguments);
    return arguments;
  }
  const auto* call = dyn_cast<CallExpr>(statement);
  if (!call)
    return arguments;
  uint32_t first = 0;
  const auto* method = dyn_cast_or_null<CXXMethodDecl>(call->getDirectCallee());
  if (const auto* member = dyn_cast<CXXMemberCallExpr>(call)) {
    if (const Expr* object = member->getImplicitObjectArgument())
      addArgument(facts::Argument::kObject, object, arguments);
  } else if (isa<CXXOperatorCallExpr>(call) && method && !method->isStatic()) {
    addArgument(facts::Argument::kObject, call->getArg(0), arguments);
    first = 1;
  }
  for (uint32_t index = first; index < call->getNumArgs(); ++index)
    addArgument(index - first, call->getArg(index), arguments);
  return arguments;
}

void SkeletonBuilder::addCallEvents(const Stmt* statement, facts::Block& out) {
  llvm::ArrayRef<uint32_t> calls = body_.callsOf(statement);
  // A std::function runs its own operator, and what is in it.
  const bool is_choice = isa<CallExpr>(statement) && !isa<CXXOperatorCallExpr>(statement);
  for (uint32_t call : calls) {
    facts::Event event;
    event.call = call;
    event.is_alternative = is_choice && call != calls.front();
    event.arguments = argumentsOf(statement);
    // A `delete` is a destructor's call, and then one that gives the memory back.
    if (const auto* destruction = dyn_cast<CXXDeleteExpr>(statement);
        destruction && calls.size() == 2 && call == calls.front())
      addArgument(facts::Argument::kObject, destruction->getArgument(), event.arguments);
    out.events.push_back(std::move(event));
  }
}

void SkeletonBuilder::addScopeExit(const FunctionDecl* callee, SourceLocation location,
                                   AccessPath object, const VarDecl* variable, facts::Block& out) {
  // An unnamed union's destructor is deleted, and what holds it destroys the member it has.
  if (!callee || callee->isTrivial() || callee->isDeleted())
    return;
  facts::Event event;
  event.call = body_.addImplicitCall(callee, location, variable);
  const uint32_t index = isa<CXXDestructorDecl>(callee) ? facts::Argument::kObject : 0;
  if (!object.text.empty())
    addPath(index, std::move(object), event.arguments);
  if (variable)
    addKeptReferences(index, variable, event.arguments);
  out.events.push_back(std::move(event));
}

void SkeletonBuilder::addSet(const VarDecl* variable, const Expr* value, facts::Block& out) {
  auto found = variables_.find(variable);
  if (found == variables_.end())
    return;
  facts::Event event;
  if (value)
    setValue(value, variable->getType(), event);
  event.kind = event.call != kNone ? EventKind::SetCall : EventKind::SetFlag;
  if (event.variable != kNone) {
    skeleton_.formulas.push_back({facts::FormulaKind::Variable, event.variable});
    event.formula = static_cast<uint32_t>(skeleton_.formulas.size() - 1);
  }
  event.variable = found->second;
  out.events.push_back(std::move(event));
}

void SkeletonBuilder::translateStatement(const Stmt* statement, facts::Block& out) {
  addCallEvents(statement, out);
  if (const auto* declarations = dyn_cast<DeclStmt>(statement)) {
    for (const Decl* declaration : declarations->decls())
      if (const auto* variable = dyn_cast<VarDecl>(declaration))
        addSet(variable, variable->getInit(), out);
  } else if (const auto* binary = dyn_cast<BinaryOperator>(statement)) {
    if (binary->getOpcode() == BO_Assign)
      if (const VarDecl* variable = scalarVariable(binary->getLHS()))
        addSet(variable, binary->getRHS(), out);
  } else if (const auto* leave = dyn_cast<ReturnStmt>(statement)) {
    facts::Event event;
    event.kind = EventKind::Return;
    if (const Expr* value = leave->getRetValue())
      setValue(value, function_->getReturnType(), event);
    out.events.push_back(std::move(event));
  }
}

void SkeletonBuilder::translate(const CFGBlock& block, facts::Block& out) {
  ASTContext& context = builder_.context();
  for (const CFGElement& element : block) {
    if (std::optional<CFGStmt> statement = element.getAs<CFGStmt>()) {
      translateStatement(statement->getStmt(), out);
    } else if (std::optional<CFGAutomaticObjDtor> exit = element.getAs<CFGAutomaticObjDtor>()) {
      if (const auto* leave = dyn_cast_or_null<ReturnStmt>(exit->getTriggerStmt());
          leave && returnsInPlace(leave) && leave->getNRVOCandidate() == exit->getVarDecl())
        continue;
      addScopeExit(exit->getDestructorDecl(context),
                   placeOfExit(exit->getTriggerStmt(), exit->getVarDecl()),
                   accessPath(exit->getVarDecl(), builder_.naming()), exit->getVarDecl(), out);
    } else if (std::optional<CFGCleanupFunction> cleanup = element.getAs<CFGCleanupFunction>()) {
      addScopeExit(cleanup->getFunctionDecl(), cleanup->getVarDecl()->getLocation(),
                   accessPath(cleanup->getVarDecl(), builder_.naming()), cleanup->getVarDecl(),
                   out);
    } else if (std::optional<CFGTemporaryDtor> temporary = element.getAs<CFGTemporaryDtor>()) {
      addScopeExit(temporary->getDestructorDecl(context),
                   temporary->getBindTemporaryExpr()->getEndLoc(), {}, nullptr, out);
    } else if (std::optional<CFGBaseDtor> base = element.getAs<CFGBaseDtor>()) {
      // Clang's getDestructorDecl() doesn't know those of bases.
      const CXXRecordDecl* record = base->getBaseSpecifier()->getType()->getAsCXXRecordDecl();
      addScopeExit(record ? record->getDestructor() : nullptr, function_->getLocation(),
                   record ? pathOfThis(record, builder_.naming()) : AccessPath{}, nullptr, out);
    } else if (element.getKind() == CFGElement::MemberDtor) {
      addScopeExit(element.castAs<CFGImplicitDtor>().getDestructorDecl(context),
                   function_->getLocation(),
                   accessPath(element.castAs<CFGMemberDtor>().getFieldDecl(), builder_.naming()),
                   nullptr, out);
    }
  }
  if (block.hasNoReturnElement()) {
    out.is_noreturn = true;
    return;
  }
  const Expr* tested = testedIn(block);
  if (std::optional<TruthSwitch> choice = truthSwitchIn(block)) {
    tested = choice->tested;
    out.successors = {choice->if_true->getBlockID(), choice->if_false->getBlockID()};
  } else {
    for (const CFGBlock::AdjacentBlock& successor : block.succs())
      out.successors.push_back(
          successor.getReachableBlock() ? successor.getReachableBlock()->getBlockID() : kNone);
  }
  if (out.successors.size() < 2)
    return;
  if (std::optional<size_t> way = onlyWay(block, tested)) {
    out.successors = {out.successors[*way]};
    return;
  }
  out.condition = ConditionKind::Other;
  if (out.successors.size() != 2 || !tested)
    return;
  Condition condition = conditionOf(tested);
  out.condition = condition.kind;
  out.operand = condition.operand;
  if (condition.negated && condition.kind != ConditionKind::Other)
    std::swap(out.successors[0], out.successors[1]);
}

std::optional<facts::Skeleton> SkeletonBuilder::build() {
  if (builder_.fragment().calls.empty() && !body_.hasScopeExits())
    return std::nullopt;
  std::unique_ptr<CFG> graph =
      CFG::buildCFG(function_, function_->getBody(), &builder_.context(), buildOptions());
  if (!graph)
    return std::nullopt;
  collectVariables(*graph);
  collectConstructed();
  skeleton_.function = builder_.function(function_);
  skeleton_.blocks.resize(graph->getNumBlockIDs());
  skeleton_.entry = graph->getEntry().getBlockID();
  skeleton_.exit = graph->getExit().getBlockID();
  // Blocks are numbered from the exit up: walking down meets events in the order of the source.
  for (auto block = graph->rbegin(); block != graph->rend(); ++block)
    translate(**block, skeleton_.blocks[(*block)->getBlockID()]);
  if (builder_.fragment().calls.empty())
    return std::nullopt;
  compact(skeleton_);
  return std::move(skeleton_);
}

void compact(facts::Skeleton& skeleton) {
  std::vector<facts::Block>& blocks = skeleton.blocks;
  // Where an edge into an empty block really leads; loops of empty blocks lead to themselves.
  auto target = [&](uint32_t block) {
    for (size_t steps = 0; steps < blocks.size() && block != kNone; ++steps) {
      if (block == skeleton.exit || !isPassThrough(blocks[block]))
        return block;
      block = blocks[block].successors[0];
    }
    return block;
  };
  bool changed = true;
  while (changed) {
    changed = false;
    for (facts::Block& block : blocks) {
      for (uint32_t& successor : block.successors)
        if (uint32_t end = target(successor); end != successor) {
          successor = end;
          changed = true;
        }
      // A branch whose ways all lead to one place decides nothing.
      if (block.successors.size() > 1 && llvm::all_equal(block.successors) &&
          block.successors[0] != kNone) {
        block.successors.resize(1);
        block.condition = ConditionKind::None;
        block.operand = kNone;
        changed = true;
      }
    }
  }
  skeleton.entry = target(skeleton.entry);

  // Keep what control reaches, what something happens in, and the two ends.
  std::vector<bool> kept(blocks.size());
  std::vector<uint32_t> work = {skeleton.entry, skeleton.exit};
  for (uint32_t index = 0; index < blocks.size(); ++index)
    if (!blocks[index].events.empty())
      work.push_back(index);
  while (!work.empty()) {
    const uint32_t index = work.back();
    work.pop_back();
    if (kept[index])
      continue;
    kept[index] = true;
    for (uint32_t successor : blocks[index].successors)
      if (successor != kNone)
        work.push_back(successor);
  }
  // Number them from the entry, as the source reads.
  std::vector<uint32_t> renumbered(blocks.size(), kNone);
  std::vector<facts::Block> result;
  for (size_t index = blocks.size(); index-- > 0;)
    if (kept[index]) {
      renumbered[index] = static_cast<uint32_t>(result.size());
      result.push_back(std::move(blocks[index]));
    }
  for (facts::Block& block : result)
    for (uint32_t& successor : block.successors)
      if (successor != kNone)
        successor = renumbered[successor];
  skeleton.entry = renumbered[skeleton.entry];
  skeleton.exit = renumbered[skeleton.exit];
  skeleton.blocks = std::move(result);
}

} // namespace lockvet::extract
