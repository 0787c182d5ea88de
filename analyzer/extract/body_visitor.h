// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks the evaluated code of one function body or initializer and records its call sites and the
// flows of function values. Lives for one body; nested bodies (lambdas, local classes) are handed
// back to be walked as functions of their own.

#pragma once

#include "analyzer/extract/fragment_builder.h"
#include "analyzer/extract/values.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <map>
#include <tuple>

namespace lockvet::extract {

/// Does `return x` neither copy nor destroy x, since x lives where the caller wants the result?
bool returnsInPlace(const clang::ReturnStmt* statement);

class BodyVisitor {
public:
  /// `caller` is an index of the builder's functions, or kNone for a file-scope initializer.
  BodyVisitor(FragmentBuilder& builder, const clang::FunctionDecl* function, uint32_t caller)
      : builder_(builder), function_(function), caller_(caller) {}

  /// The body of the function, and a constructor's initializers.
  void visitFunction();
  /// A variable's initializer.
  void visitVariable(const clang::VarDecl* variable);

  /// Adds a call that the compiler writes, or finds the one for the same callee, place and object
  /// (one destructor runs at many exits, and several at one brace); gives its index. `object` is
  /// what tells calls at one place apart: a variable or an expression, or null.
  uint32_t addImplicitCall(const clang::FunctionDecl* callee, clang::SourceLocation location,
                           const void* object = nullptr);

  /// The call sites that an expression makes, in the order of the calls table.
  llvm::ArrayRef<uint32_t> callsOf(const clang::Stmt* statement) const;

  /// Does control flow out of a scope run code that no expression stands for?
  bool hasScopeExits() const { return has_scope_exits_; }

  /// Local variables, in the order of the source.
  llvm::ArrayRef<const clang::VarDecl*> locals() const { return locals_; }

  /// Functions and records defined inside this body.
  llvm::ArrayRef<const clang::Decl*> nested() const { return nested_; }

private:
  void visit(const clang::Stmt* statement);
  void visitChildren(const clang::Stmt* statement);
  void visitCall(const clang::CallExpr* call);
  void visitDirectCall(const clang::CallExpr* call, const clang::FunctionDecl* callee);
  void visitIndirectCall(const clang::CallExpr* call);
  void visitConstruct(const clang::CXXConstructExpr* construct);
  void visitNew(const clang::CXXNewExpr* expression);
  void visitDelete(const clang::CXXDeleteExpr* expression);
  /// What the compiler writes: its calls are implicit.
  void visitSynthesized(llvm::ArrayRef<const clang::Stmt*> statements);
  void visitRangeFor(const clang::CXXForRangeStmt* statement);
  void visitSuspension(const clang::CoroutineSuspendExpr* expression);
  void visitLambda(const clang::LambdaExpr* lambda);
  void visitDeclaration(const clang::Decl* declaration);
  void visitBounds(clang::QualType type);
  void visitAssignment(const clang::Expr* target, const clang::Expr* value);
  void visitAtomic(const clang::AtomicExpr* expression);
  void visitReturn(const clang::ReturnStmt* statement);
  void visitInitList(const clang::InitListExpr* list);
  void visitUse(const clang::DeclRefExpr* reference);

  /// Records what flows out of `value` into the slot that `make_target` makes on demand.
  void flow(const clang::Expr* value, clang::QualType target_type, facts::FlowForm form,
            llvm::function_ref<uint32_t()> make_target);
  /// The same for an initializer, which may be a list whose elements go to the same slot.
  void initialize(const clang::Expr* value, clang::QualType target_type,
                  llvm::function_ref<uint32_t()> make_target);

  uint32_t addCall(facts::CallKind kind, const clang::FunctionDecl* callee, uint32_t slot,
                   const clang::FunctionType* type, clang::SourceLocation location);

  FragmentBuilder& builder_;
  const clang::FunctionDecl* function_;
  uint32_t caller_;
  llvm::DenseMap<const clang::Stmt*, llvm::SmallVector<uint32_t, 1>> calls_of_;
  /// By callee, file, line, column and object.
  std::map<std::tuple<uint32_t, uint32_t, uint32_t, uint32_t, const void*>, uint32_t>
      implicit_calls_;
  llvm::DenseSet<const clang::Expr*> consumed_;
  llvm::DenseSet<const clang::Expr*> implicit_;
  llvm::DenseSet<const clang::CXXConstructExpr*> elided_;
  llvm::DenseMap<const clang::InitListExpr*, uint32_t> array_targets_;
  llvm::SmallVector<const clang::VarDecl*, 8> locals_;
  llvm::SmallVector<const clang::Decl*, 4> nested_;
  clang::SourceLocation use_;   ///< inside a default argument: of the call that uses it
  bool is_synthesized_ = false; ///< inside code that the compiler writes
  bool has_scope_exits_ = false;
};

} // namespace lockvet::extract
