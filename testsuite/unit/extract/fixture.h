// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Extraction of a few lines of code, for unit tests: parses them, and shows what a function's
// skeleton says as text that a test can spell out.

#pragma once

#include "clang/Frontend/ASTUnit.h"
#include "llvm/ADT/StringRef.h"

#include <functional>
#include <memory>
#include <string>

namespace lockvet::extract {

enum class Language { C, Cpp };

std::unique_ptr<clang::ASTUnit> parse(const std::string& code, Language language);

/// The function of that name that has a body; fails the test where there is none.
const clang::FunctionDecl* findFunction(clang::ASTUnit& unit, llvm::StringRef name);

/// The skeleton of the function called `test`, a line a block:
///
///   0: call in_coroutine(); if in_coroutine -> 1 else 2
///   1: call lock(0=$0->mu); return 3 -> 4
///
/// Arguments are written index=value, "this" for the object. A branch on a variable names the
/// variable, one on something else is "if ?"; "stop" ends a block that does not return. The exit
/// is "end". "" where there is no skeleton.
std::string skeletonOf(const std::string& code, Language language = Language::C,
                       llvm::StringRef name = "test");

} // namespace lockvet::extract
