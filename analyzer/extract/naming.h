// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names and identities of declarations: what makes two mentions in two translation units the same
// function or slot. One Naming lives as long as one translation unit's AST and caches for it.

#pragma once

#include "analyzer/facts/symbols.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Mangle.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <memory>
#include <string>

namespace lockvet::extract {

class Naming {
public:
  explicit Naming(clang::ASTContext& context);
  ~Naming();

  /// All that facts say of a function. The reference stays valid as long as this object.
  const facts::Function& function(const clang::FunctionDecl* declaration);

  /// Program-wide identity of any declaration; empty where Clang has none for it.
  std::string key(const clang::Decl* declaration);

  /// "Record::field"; fields of unnamed records are named after what holds the record.
  std::string fieldName(const clang::FieldDecl* field);

  /// The name of a record as a person would type it.
  std::string recordName(const clang::RecordDecl* record);

  /// "ns::variable"; the name alone in C and of locals.
  std::string variableName(const clang::VarDecl* variable);

  /// Spelling of a canonical function type without its exception specification and qualifiers.
  const std::string& functionType(const clang::FunctionType* type);

  /// Absolute, normalized path of a file; "" for buffers that are no files.
  const std::string& path(clang::FileID file);

  /// Does something besides its initializer, or its caller, give a local variable or parameter a
  /// value? One whose address is taken counts as well.
  bool isReassigned(const clang::VarDecl* variable);

  bool isCPlusPlus() const { return context_.getLangOpts().CPlusPlus; }

  /// The path of the file that a declaration's name is written in.
  const std::string& pathOf(const clang::Decl* declaration);

private:
  std::string placeInFile(const clang::CXXRecordDecl* lambda);
  std::string scopeName(const clang::DeclContext* scope, bool with_functions);
  std::string qualifiedName(const clang::FunctionDecl* declaration);
  std::string mangledName(const clang::FunctionDecl* declaration);

  clang::ASTContext& context_;
  std::unique_ptr<clang::MangleContext> mangle_;
  llvm::DenseMap<const clang::FunctionDecl*, std::unique_ptr<facts::Function>> functions_;
  llvm::DenseMap<const clang::Type*, std::unique_ptr<std::string>> types_;
  llvm::DenseMap<clang::FileID, std::unique_ptr<std::string>> paths_;
  llvm::DenseSet<const clang::FunctionDecl*> searched_; ///< whose reassigned variables are known
  llvm::DenseSet<const clang::VarDecl*> reassigned_;
};

/// The function type that values of this type can be called as: of functions, pointers and
/// references to them (through any number of pointers and arrays), member function pointers, and
/// type-erased callables such as std::function<void()>. Null for all others.
const clang::FunctionType* callableType(clang::QualType type);

} // namespace lockvet::extract
