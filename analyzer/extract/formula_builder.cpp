// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/formula_builder.h"

#include "analyzer/extract/conditions.h"

namespace lockvet::extract {

using namespace clang;
using facts::Formula;
using facts::FormulaKind;

namespace {

/// An operator of truth values, or null: `a && b`, `a || b`, and (un)equality of two of them.
const BinaryOperator* connective(const Expr* expression) {
  const auto* binary = dyn_cast<BinaryOperator>(expression);
  if (!binary)
    return nullptr;
  if (binary->isLogicalOp())
    return binary;
  // 2 is not equal to `true`, though as true.
  return binary->isEqualityOp() &&
                 binary->getLHS()->IgnoreParenImpCasts()->isKnownToHaveBooleanValue() &&
                 binary->getRHS()->IgnoreParenImpCasts()->isKnownToHaveBooleanValue()
             ? binary
             : nullptr;
}

bool isComposite(const Expr* expression) {
  return connective(expression) || isa<ConditionalOperator>(expression);
}

class Builder {
public:
  Builder(Naming& naming, std::vector<Formula>& formulas,
          llvm::function_ref<Formula(const Expr*)> leaf_of)
      : naming_(naming), formulas_(formulas), leaf_of_(leaf_of) {}

  /// A negation takes a level of its own.
  uint32_t build(const Expr* expression, uint32_t depth) {
    bool negated = false;
    const Expr* tested = stripTests(expression, negated, naming_);
    uint32_t result = 0;
    if (std::optional<int64_t> constant = constantOf(tested)) {
      result = add({FormulaKind::True});
      negated ^= *constant == 0;
    } else if (const BinaryOperator* binary = connective(tested);
               binary && depth + 2 < facts::kMaxFormulaDepth) {
      const uint32_t left = build(binary->getLHS(), depth + 2);
      const uint32_t right = build(binary->getRHS(), depth + 2);
      negated ^= binary->getOpcode() == BO_NE;
      const FormulaKind kind = binary->getOpcode() == BO_LAnd  ? FormulaKind::And
                               : binary->getOpcode() == BO_LOr ? FormulaKind::Or
                                                               : FormulaKind::Equal;
      result = add({kind, left, right});
    } else if (const auto* choice = dyn_cast<ConditionalOperator>(tested);
               choice && depth + 4 < facts::kMaxFormulaDepth) {
      const uint32_t condition = build(choice->getCond(), depth + 4);
      const uint32_t if_true = build(choice->getTrueExpr(), depth + 4);
      const uint32_t if_false = build(choice->getFalseExpr(), depth + 4);
      const uint32_t first = add({FormulaKind::And, condition, if_true});
      const uint32_t otherwise = add({FormulaKind::Not, condition});
      const uint32_t second = add({FormulaKind::And, otherwise, if_false});
      result = add({FormulaKind::Or, first, second});
    } else {
      const Formula leaf = isComposite(tested) ? Formula() : leaf_of_(tested);
      says_something_ |= leaf.kind != FormulaKind::Unknown;
      result = add(leaf);
    }
    return negated ? add({FormulaKind::Not, result}) : result;
  }

  bool saysSomething() const { return says_something_; }

private:
  uint32_t add(Formula formula) {
    formulas_.push_back(formula);
    return static_cast<uint32_t>(formulas_.size() - 1);
  }

  Naming& naming_;
  std::vector<Formula>& formulas_;
  llvm::function_ref<Formula(const Expr*)> leaf_of_;
  bool says_something_ = false;
};

} // namespace

std::optional<uint32_t> buildFormula(const Expr* expression, Naming& naming,
                                     std::vector<Formula>& formulas,
                                     llvm::function_ref<Formula(const Expr*)> leaf_of) {
  // Operands are looked at when all of them have been evaluated.
  if (!isComposite(expression) || containsAssignment(expression))
    return std::nullopt;
  const size_t before = formulas.size();
  Builder builder(naming, formulas, leaf_of);
  const uint32_t result = builder.build(expression, 1);
  if (builder.saysSomething())
    return result;
  formulas.resize(before);
  return std::nullopt;
}

void forEachTested(const Expr* expression, Naming& naming,
                   llvm::function_ref<void(const Expr*)> visit) {
  llvm::SmallVector<const Expr*, 8> work = {expression};
  while (!work.empty()) {
    bool negated = false;
    const Expr* tested = stripTests(work.pop_back_val(), negated, naming);
    if (const BinaryOperator* binary = connective(tested)) {
      work.push_back(binary->getRHS());
      work.push_back(binary->getLHS());
    } else if (const auto* choice = dyn_cast<ConditionalOperator>(tested)) {
      work.push_back(choice->getFalseExpr());
      work.push_back(choice->getTrueExpr());
      work.push_back(choice->getCond());
    } else {
      visit(tested);
    }
  }
}

} // namespace lockvet::extract
