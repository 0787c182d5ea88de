// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks one translation unit's declarations and turns each that says something into a fragment.
// Lives for one AST; hands every fragment to a sink as soon as it is whole.

#pragma once

#include "analyzer/extract/body_visitor.h"
#include "analyzer/extract/fragment_builder.h"
#include "analyzer/extract/macro_uses.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"

#include <functional>

namespace lockvet::extract {

class UnitWalker {
public:
  using Sink = std::function<void(facts::Fragment&&)>;

  /// In a unit that `has_errors`, functions that errors are in have no skeletons.
  UnitWalker(clang::ASTContext& context, Naming& naming, const MacroUses& macros, bool has_errors,
             Sink sink)
      : context_(context), naming_(naming), macros_(macros), has_errors_(has_errors),
        sink_(std::move(sink)) {}

  void walk();

  /// The function whose definition a place is in; null where there is none. After walk().
  const clang::FunctionDecl* functionAt(clang::SourceLocation location) const;

  FragmentBuilder newBuilder() { return {context_, naming_, mentioned_}; }

private:
  void visitContext(const clang::DeclContext* declarations);
  void visit(const clang::Decl* declaration);
  void visitFunction(const clang::FunctionDecl* function);
  void visitRecord(const clang::RecordDecl* record);
  void visitVariable(const clang::VarDecl* variable);
  void visitNested(const BodyVisitor& body);
  void emitDefinition(const clang::FunctionDecl* function);
  void emitDeclaration(const clang::FunctionDecl* declaration);
  void emitRedeclarations(const clang::FunctionDecl* function);
  void emit(FragmentBuilder& builder) { sink_(std::move(builder.fragment())); }

  clang::ASTContext& context_;
  Naming& naming_;
  const MacroUses& macros_;
  bool has_errors_;
  Sink sink_;
  MentionedFunctions mentioned_;
  llvm::DenseSet<const clang::Decl*> emitted_;
  std::vector<const clang::FunctionDecl*> definitions_;
};

} // namespace lockvet::extract
