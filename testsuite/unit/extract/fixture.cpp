// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "fixture.h"

#include "analyzer/extract/body_visitor.h"
#include "analyzer/extract/skeleton_builder.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/StringExtras.h"

#include <gtest/gtest.h>

namespace lockvet::extract {

using namespace facts;

namespace {

class FunctionFinder : public clang::RecursiveASTVisitor<FunctionFinder> {
public:
  explicit FunctionFinder(llvm::StringRef name) : name_(name) {}

  bool VisitFunctionDecl(clang::FunctionDecl* function) {
    if (function->doesThisDeclarationHaveABody() && function->getNameAsString() == name_)
      found = function;
    return true;
  }

  const clang::FunctionDecl* found = nullptr;

private:
  llvm::StringRef name_;
};

class Writer {
public:
  explicit Writer(const Fragment& fragment) : fragment_(fragment), skeleton_(*fragment.skeleton) {}

  std::string write() const {
    std::string text;
    for (uint32_t index = 0; index < skeleton_.blocks.size(); ++index)
      text += nameOf(index) + ": " + describe(skeleton_.blocks[index]) + "\n";
    return text;
  }

private:
  std::string nameOf(uint32_t block) const {
    if (block == kNone)
      return "never";
    return block == skeleton_.exit ? "end" : std::to_string(block);
  }

  std::string callee(uint32_t call) const {
    const CallSite& site = fragment_.calls[call];
    if (site.callee != kNone)
      return fragment_.functions[site.callee].name;
    return site.slot != kNone ? "*" + fragment_.slots[site.slot].name : "*";
  }

  std::string describe(const Argument& argument) const {
    std::string text =
        argument.index == Argument::kObject ? "this" : std::to_string(argument.index);
    text += argument.part + "=";
    switch (argument.kind) {
    case ArgumentKind::Constant:
      return text + std::to_string(argument.constant);
    case ArgumentKind::Path:
      if (argument.function != kNone)
        text += fragment_.functions[argument.function].name + ":";
      return text + argument.path;
    case ArgumentKind::Function:
      return text + "&" + fragment_.functions[argument.function].name;
    }
    return text;
  }

  std::string describe(const Event& event) const {
    const std::string value =
        event.has_constant       ? std::to_string(event.constant)
        : event.call != kNone    ? (event.negated ? "!" : "") + callee(event.call)
        : event.formula != kNone ? (event.negated ? "!" : "") + formula(event.formula)
        : event.kind == EventKind::Return && event.variable != kNone
            ? (event.negated ? "!" : "") + variable(event.variable)
            : "?";
    switch (event.kind) {
    case EventKind::Call: {
      std::vector<std::string> arguments;
      for (const Argument& argument : event.arguments)
        arguments.push_back(describe(argument));
      return (event.is_alternative ? "or call " : "call ") + callee(event.call) + "(" +
             llvm::join(arguments, ", ") + ")";
    }
    case EventKind::SetFlag:
    case EventKind::SetCall:
      return "set " + variable(event.variable) + " = " + value;
    case EventKind::Return:
      return value == "?" ? "return" : "return " + value;
    }
    return "";
  }

  std::string variable(uint32_t index) const { return skeleton_.variables[index].name; }

  std::string formula(uint32_t index) const {
    const Formula& formula = skeleton_.formulas[index];
    auto binary = [&](const char* sign) {
      return "(" + this->formula(formula.left) + sign + this->formula(formula.right) + ")";
    };
    switch (formula.kind) {
    case FormulaKind::Unknown:
      return "?";
    case FormulaKind::True:
      return "1";
    case FormulaKind::Call:
      return callee(formula.left);
    case FormulaKind::Variable:
      return variable(formula.left);
    case FormulaKind::Not:
      return "!" + this->formula(formula.left);
    case FormulaKind::And:
      return binary(" && ");
    case FormulaKind::Or:
      return binary(" || ");
    case FormulaKind::Equal:
      return binary(" == ");
    }
    return "";
  }

  std::string describe(const Block& block) const {
    std::vector<std::string> parts;
    for (const Event& event : block.events)
      parts.push_back(describe(event));
    std::string end;
    if (block.is_noreturn)
      end = "stop";
    else if (block.successors.size() == 1)
      end = "-> " + nameOf(block.successors[0]);
    else if (block.successors.size() == 2 && block.condition != ConditionKind::None)
      end = "if " + condition(block) + " -> " + nameOf(block.successors[0]) + " else " +
            nameOf(block.successors[1]);
    else if (!block.successors.empty()) {
      std::vector<std::string> names;
      for (uint32_t successor : block.successors)
        names.push_back(nameOf(successor));
      end = "switch " + llvm::join(names, " ");
    }
    if (!end.empty())
      parts.push_back(end);
    return llvm::join(parts, "; ");
  }

  std::string condition(const Block& block) const {
    switch (block.condition) {
    case ConditionKind::Call:
      return callee(block.operand);
    case ConditionKind::Variable:
      return variable(block.operand);
    case ConditionKind::Formula:
      return formula(block.operand);
    default:
      return "?";
    }
  }

  const Fragment& fragment_;
  const Skeleton& skeleton_;
};

} // namespace

std::unique_ptr<clang::ASTUnit> parse(const std::string& code, Language language) {
  const bool is_cpp = language == Language::Cpp;
  auto unit = clang::tooling::buildASTFromCodeWithArgs(
      code, {is_cpp ? "-std=c++20" : "-std=gnu17", "-w"}, is_cpp ? "input.cpp" : "input.c");
  EXPECT_FALSE(unit->getDiagnostics().hasErrorOccurred()) << code;
  return unit;
}

const clang::FunctionDecl* findFunction(clang::ASTUnit& unit, llvm::StringRef name) {
  FunctionFinder finder(name);
  finder.TraverseAST(unit.getASTContext());
  EXPECT_NE(finder.found, nullptr) << "no function " << name.str() << " has a body";
  return finder.found;
}

std::string skeletonOf(const std::string& code, Language language, llvm::StringRef name) {
  std::unique_ptr<clang::ASTUnit> unit = parse(code, language);
  const clang::FunctionDecl* function = findFunction(*unit, name);
  if (!function)
    return "";
  Naming naming(unit->getASTContext());
  MentionedFunctions mentioned;
  FragmentBuilder builder(unit->getASTContext(), naming, mentioned);
  BodyVisitor body(builder, function, builder.function(function));
  body.visitFunction();
  builder.fragment().skeleton = SkeletonBuilder(builder, body, function).build();
  return builder.fragment().skeleton ? Writer(builder.fragment()).write() : "";
}

} // namespace lockvet::extract
