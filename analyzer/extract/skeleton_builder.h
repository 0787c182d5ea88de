// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reduces Clang's control-flow graph of a body to the skeleton of facts/skeleton.h, and finds in it
// the calls that only control flow knows: destructors and `cleanup` functions at scope exit.
// Lives for one body, after the BodyVisitor has walked it.

#pragma once

#include "analyzer/extract/access_path.h"
#include "analyzer/extract/body_visitor.h"
#include "analyzer/extract/fragment_builder.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/MapVector.h"

#include <optional>

namespace lockvet::extract {

class SkeletonBuilder {
public:
  SkeletonBuilder(FragmentBuilder& builder, BodyVisitor& body, const clang::FunctionDecl* function);

  /// No value where Clang can't build a graph, or where nothing happens in the body.
  std::optional<facts::Skeleton> build();

private:
  struct Condition {
    facts::ConditionKind kind = facts::ConditionKind::Other;
    uint32_t operand = facts::kNone;
    bool negated = false;
  };

  void collectVariables(const clang::CFG& graph);
  void collectTested(const clang::Expr* expression);
  void dropUntrackable(const clang::Stmt* statement);
  void translate(const clang::CFGBlock& block, facts::Block& out);
  void translateStatement(const clang::Stmt* statement, facts::Block& out);
  void addCallEvents(const clang::Stmt* statement, facts::Block& out);
  void addScopeExit(const clang::FunctionDecl* callee, clang::SourceLocation location,
                    AccessPath object, const clang::VarDecl* variable, facts::Block& out);
  void addSet(const clang::VarDecl* variable, const clang::Expr* value, facts::Block& out);
  std::vector<facts::Argument> argumentsOf(const clang::Stmt* call);
  void addArgument(uint32_t index, const clang::Expr* expression,
                   std::vector<facts::Argument>& out);
  void addPath(uint32_t index, AccessPath path, std::vector<facts::Argument>& out,
               llvm::StringRef part = "");
  void addKeptReferences(uint32_t index, const clang::VarDecl* variable,
                         std::vector<facts::Argument>& out);
  void collectConstructed();
  /// What is known of a truth value; of kind Other where that is nothing.
  Condition conditionOf(const clang::Expr* expression);
  /// An expression without tests: a call, a variable that is followed, or unknown.
  facts::Formula leafOf(const clang::Expr* expression);
  void setValue(const clang::Expr* value, clang::QualType type, facts::Event& event);

  FragmentBuilder& builder_;
  BodyVisitor& body_;
  const clang::FunctionDecl* function_;
  /// Scalar locals that some branch or returned truth value depends on, in order of appearance.
  llvm::MapVector<const clang::VarDecl*, uint32_t> variables_;
  /// What constructions make, where that has a name.
  struct Constructed {
    AccessPath path;
    const clang::VarDecl* variable = nullptr;
  };
  llvm::DenseMap<const clang::CXXConstructExpr*, Constructed> constructed_;
  facts::Skeleton skeleton_;
};

/// Leaves out blocks in which nothing happens and nothing is decided.
void compact(facts::Skeleton& skeleton);

} // namespace lockvet::extract
