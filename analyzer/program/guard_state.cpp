// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/guard_state.h"

namespace lockvet::program {

using facts::Formula;
using facts::FormulaKind;

namespace {

constexpr uint32_t kMaxFlags = 32;

FlagValue both(FlagValue a, FlagValue b) {
  if (a == kFalse || b == kFalse)
    return kFalse;
  return a == kTrue && b == kTrue ? kTrue : kUnknown;
}

} // namespace

FlagValue GuardState::flag(uint32_t index) const {
  return index >= kMaxFlags ? kUnknown : static_cast<FlagValue>((flags >> (2 * index)) & 3);
}

void GuardState::setFlag(uint32_t index, FlagValue value) {
  if (index >= kMaxFlags)
    return;
  flags &= ~(uint64_t{3} << (2 * index));
  flags |= uint64_t{value} << (2 * index);
}

uint64_t agreement(uint64_t a, uint64_t b) {
  const uint64_t different = a ^ b;
  uint64_t mask = (different | (different >> 1)) & 0x5555'5555'5555'5555ULL;
  return a & ~(mask | (mask << 1));
}

FlagValue evaluate(const Body& body, uint32_t index, const GuardState& state, AnswerOf answer) {
  const Formula& formula = body.formulas[index];
  auto operand = [&](uint32_t at) { return evaluate(body, at, state, answer); };
  switch (formula.kind) {
  case FormulaKind::Unknown:
    return kUnknown;
  case FormulaKind::True:
    return kTrue;
  case FormulaKind::Call:
    return answer(formula.left, state.context);
  case FormulaKind::Variable:
    return state.flag(formula.left);
  case FormulaKind::Not:
    return !operand(formula.left);
  case FormulaKind::And:
    return both(operand(formula.left), operand(formula.right));
  case FormulaKind::Or:
    return !both(!operand(formula.left), !operand(formula.right));
  case FormulaKind::Equal: {
    const FlagValue left = operand(formula.left);
    const FlagValue right = operand(formula.right);
    return left == kUnknown || right == kUnknown ? kUnknown : flagValue(left == right);
  }
  }
  return kUnknown;
}

bool assume(const Body& body, uint32_t index, bool value, GuardState& state, AnswerOf answer) {
  const Formula& formula = body.formulas[index];
  auto value_of = [&](uint32_t at) { return evaluate(body, at, state, answer); };
  auto assume_of = [&](uint32_t at, bool expected) {
    return assume(body, at, expected, state, answer);
  };
  switch (formula.kind) {
  case FormulaKind::Variable:
    if (state.flag(formula.left) == !flagValue(value))
      return false;
    state.setFlag(formula.left, flagValue(value));
    return true;
  case FormulaKind::Not:
    return assume_of(formula.left, !value);
  case FormulaKind::And:
  case FormulaKind::Or: {
    // `a && b` is true, or `a || b` false: so is each of them. Else one of them decides if the
    // other is known not to.
    const bool deciding = formula.kind == FormulaKind::Or;
    if (value != deciding)
      return assume_of(formula.left, value) && assume_of(formula.right, value);
    if (value_of(formula.left) == flagValue(!deciding))
      return assume_of(formula.right, deciding);
    if (value_of(formula.right) == flagValue(!deciding))
      return assume_of(formula.left, deciding);
    return true;
  }
  case FormulaKind::Equal:
    if (const FlagValue left = value_of(formula.left); left != kUnknown)
      return assume_of(formula.right, (left == kTrue) == value);
    if (const FlagValue right = value_of(formula.right); right != kUnknown)
      return assume_of(formula.left, (right == kTrue) == value);
    return true;
  case FormulaKind::Unknown:
  case FormulaKind::True:
  case FormulaKind::Call:
    break;
  }
  return evaluate(body, index, state, answer) != !flagValue(value);
}

} // namespace lockvet::program
