// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Collects the facts of one top-level declaration into a Fragment: turns AST nodes into indices of
// its tables. One builder makes one fragment; it borrows the unit's Naming and notes which
// functions were mentioned, so that their declarations can be recorded, too.

#pragma once

#include "analyzer/extract/naming.h"
#include "analyzer/facts/fragment.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"

namespace lockvet::extract {

/// Canonical declarations of all functions that some fragment of the unit mentions.
using MentionedFunctions = llvm::SetVector<const clang::FunctionDecl*>;

class FragmentBuilder {
public:
  FragmentBuilder(clang::ASTContext& context, Naming& naming, MentionedFunctions& mentioned)
      : context_(context), naming_(naming), mentioned_(mentioned) {}

  uint32_t function(const clang::FunctionDecl* declaration);

  /// The slot of a variable: global, local or parameter.
  uint32_t variable(const clang::VarDecl* declaration);
  uint32_t field(const clang::FieldDecl* declaration);
  /// Parameter `index` of a function; beyond the last one for variadic arguments.
  uint32_t parameter(const clang::FunctionDecl* declaration, unsigned index);
  uint32_t returnOf(const clang::FunctionDecl* declaration);
  uint32_t parameterOfSlot(uint32_t slot, unsigned index, clang::QualType type);
  uint32_t returnOfSlot(uint32_t slot, clang::QualType type);

  facts::Location locate(clang::SourceLocation location);

  clang::ASTContext& context() { return context_; }
  Naming& naming() { return naming_; }
  facts::Fragment& fragment() { return fragment_; }

private:
  uint32_t file(clang::FileID id);
  uint32_t addSlot(facts::Slot slot, clang::QualType type);

  clang::ASTContext& context_;
  Naming& naming_;
  MentionedFunctions& mentioned_;
  facts::Fragment fragment_;
  llvm::DenseMap<clang::FileID, uint32_t> files_;
  llvm::DenseMap<const clang::FunctionDecl*, uint32_t> functions_;
  llvm::StringMap<uint32_t> slots_;
};

} // namespace lockvet::extract
