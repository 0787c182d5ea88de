// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/conditions.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/Builtins.h"

namespace lockvet::extract {

using namespace clang;

namespace {

/// The initializer of a local variable that stays what it is initialized with, where that is a
/// variable that stays what it is, or its negation.
const Expr* copiedTest(const Expr* expression, Naming& naming) {
  const VarDecl* copy = scalarVariable(expression);
  if (!copy || isa<ParmVarDecl>(copy) || !copy->getInit() || naming.isReassigned(copy))
    return nullptr;
  const Expr* from = copy->getInit()->IgnoreParenCasts();
  bool is_truth = copy->getType()->isBooleanType();
  while (const auto* negation = dyn_cast<UnaryOperator>(from)) {
    if (negation->getOpcode() != UO_LNot)
      return nullptr;
    is_truth = true; // 0 or 1 in whatever type
    from = negation->getSubExpr()->IgnoreParenCasts();
  }
  const VarDecl* original = scalarVariable(from);
  if (!original || original == copy || naming.isReassigned(original))
    return nullptr;
  // A narrower copy may be 0 where the original is not.
  const bool is_same = copy->getType().getCanonicalType().getUnqualifiedType() ==
                       original->getType().getCanonicalType().getUnqualifiedType();
  return is_truth || is_same ? copy->getInit() : nullptr;
}

} // namespace

std::optional<int64_t> constantOf(const Expr* expression) {
  expression = expression->IgnoreParenCasts();
  if (const auto* full = dyn_cast<FullExpr>(expression))
    return constantOf(full->getSubExpr());
  if (const auto* literal = dyn_cast<IntegerLiteral>(expression))
    return literal->getValue().getActiveBits() > 63
               ? std::nullopt
               : std::optional<int64_t>(literal->getValue().getZExtValue());
  if (const auto* literal = dyn_cast<CXXBoolLiteralExpr>(expression))
    return literal->getValue();
  if (isa<CXXNullPtrLiteralExpr, GNUNullExpr>(expression))
    return 0;
  if (const auto* reference = dyn_cast<DeclRefExpr>(expression))
    if (const auto* enumerator = dyn_cast<EnumConstantDecl>(reference->getDecl()))
      return enumerator->getInitVal().isRepresentableByInt64()
                 ? std::optional<int64_t>(enumerator->getInitVal().getExtValue())
                 : std::nullopt;
  if (const auto* unary = dyn_cast<UnaryOperator>(expression))
    if (unary->getOpcode() == UO_Minus)
      if (std::optional<int64_t> value = constantOf(unary->getSubExpr()))
        return -*value;
  return std::nullopt;
}

const Expr* stripTests(const Expr* expression, bool& negated, Naming& naming) {
  for (;;) {
    expression = expression->IgnoreParenCasts();
    if (const auto* full = dyn_cast<FullExpr>(expression)) {
      expression = full->getSubExpr();
    } else if (const auto* unary = dyn_cast<UnaryOperator>(expression);
               unary && unary->getOpcode() == UO_LNot) {
      negated = !negated;
      expression = unary->getSubExpr();
    } else if (const auto* extension = dyn_cast<UnaryOperator>(expression);
               extension && extension->getOpcode() == UO_Extension) {
      expression = extension->getSubExpr();
    } else if (const auto* statement = dyn_cast<StmtExpr>(expression);
               statement && !statement->getSubStmt()->body_empty() &&
               isa<Expr>(statement->getSubStmt()->body_back())) {
      expression = cast<Expr>(statement->getSubStmt()->body_back());
    } else if (const auto* call = dyn_cast<CallExpr>(expression);
               call && call->getBuiltinCallee() == Builtin::BI__builtin_expect) {
      expression = call->getArg(0);
    } else if (const auto* binary = dyn_cast<BinaryOperator>(expression);
               binary && binary->isEqualityOp()) {
      std::optional<int64_t> right = constantOf(binary->getRHS());
      std::optional<int64_t> left = constantOf(binary->getLHS());
      if (right.has_value() == left.has_value())
        return expression;
      const int64_t constant = right ? *right : *left;
      const Expr* tested = right ? binary->getLHS() : binary->getRHS();
      if (constant != 0 && !(constant == 1 && tested->isKnownToHaveBooleanValue()))
        return expression;
      if ((binary->getOpcode() == BO_EQ) == (constant == 0))
        negated = !negated;
      expression = tested;
    } else if (const auto* assignment = dyn_cast<BinaryOperator>(expression);
               assignment && assignment->getOpcode() == BO_Assign) {
      // `while ((node = next()))` asks what the variable then is.
      expression = assignment->getLHS();
    } else if (const Expr* copied = copiedTest(expression, naming)) {
      expression = copied;
    } else {
      return expression;
    }
  }
}

const Expr* testedIn(const CFGBlock& block) {
  const Stmt* terminator = block.getTerminatorStmt();
  const auto* tested = dyn_cast_or_null<Expr>(block.getTerminatorCondition());
  if (!terminator || !tested || !block.getTerminator().isStmtBranch() ||
      isa<SwitchStmt>(terminator))
    return nullptr;
  for (;;) {
    // The last operand's block has the whole for its condition; what is evaluated there is the
    // rightmost operand.
    const auto* binary = dyn_cast<BinaryOperator>(tested->IgnoreParens());
    if (!binary || !binary->isLogicalOp())
      return tested;
    // As a value of its own it is one of the block's elements.
    if (llvm::any_of(block, [&](const CFGElement& element) {
          std::optional<CFGStmt> statement = element.getAs<CFGStmt>();
          return statement && statement->getStmt() == binary;
        }))
      return tested;
    tested = binary->getRHS();
  }
}

std::optional<size_t> onlyWay(const CFGBlock& block, const Expr* tested) {
  const Stmt* terminator = block.getTerminatorStmt();
  if (!tested || !isa_and_nonnull<WhileStmt, DoStmt, ForStmt>(terminator))
    return std::nullopt;
  const std::optional<int64_t> value = constantOf(tested);
  if (!value)
    return std::nullopt;
  return *value != 0 ? 0 : 1;
}

const VarDecl* scalarVariable(const Expr* expression) {
  const auto* reference = dyn_cast<DeclRefExpr>(expression->IgnoreParenCasts());
  const auto* variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  if (!variable || !variable->isLocalVarDeclOrParm() || variable->isStaticLocal() ||
      variable->getType()->isReferenceType() || variable->getType().isVolatileQualified() ||
      !variable->getType()->isScalarType())
    return nullptr;
  return variable;
}

bool containsAssignment(const Stmt* statement) {
  if (!statement)
    return false;
  if (const auto* binary = dyn_cast<BinaryOperator>(statement); binary && binary->isAssignmentOp())
    return true;
  return llvm::any_of(statement->children(), containsAssignment);
}

std::optional<TruthSwitch> truthSwitchIn(const CFGBlock& block) {
  const auto* statement = dyn_cast_or_null<SwitchStmt>(block.getTerminatorStmt());
  if (!statement || !statement->getCond())
    return std::nullopt;
  const bool is_truth = statement->getCond()->IgnoreParenCasts()->isKnownToHaveBooleanValue();
  TruthSwitch result;
  result.tested = statement->getCond();
  const CFGBlock* otherwise = nullptr;
  for (size_t index = 0; index < block.succ_size(); ++index) {
    const CFGBlock::AdjacentBlock& successor = block.succ_begin()[index];
    const CFGBlock* target = successor.getReachableBlock();
    if (!target)
      target = successor.getPossiblyUnreachableBlock();
    // The last one is `default`, or what follows the switch, which may be a case of one around it.
    if (index + 1 == block.succ_size()) {
      otherwise = target;
      break;
    }
    const auto* label = target ? dyn_cast_or_null<CaseStmt>(target->getLabel()) : nullptr;
    if (!label)
      return std::nullopt;
    const std::optional<int64_t> value =
        label->getRHS() ? std::nullopt : constantOf(label->getLHS());
    if (!value)
      return std::nullopt;
    if (*value == 0)
      result.if_false = target;
    else if (*value == 1 && is_truth)
      result.if_true = target;
    else if (!is_truth)
      return std::nullopt;
  }
  if (!result.if_false)
    result.if_false = otherwise;
  if (!result.if_true)
    result.if_true = otherwise;
  return result.if_true && result.if_false ? std::optional(result) : std::nullopt;
}

} // namespace lockvet::extract
