// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a build's compiler command to one that Clang can be asked to parse with: without wrappers,
// outputs, dependency files and what only GCC knows. Two commands that come out equal parse equal,
// so the result also tells units apart. Stateless.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace lockvet::index {

/// Splits a shell command as compilation databases have them.
std::vector<std::string> splitCommand(llvm::StringRef command);

/// Replaces `@file` by the file's words, files relative to `directory`, to any depth; an unreadable
/// or recursive one is an error.
llvm::Expected<std::vector<std::string>> expandResponseFiles(std::vector<std::string> arguments,
                                                             llvm::StringRef directory);

/// The compiler's name and the arguments that say how to parse. Empty if there is no compiler.
std::vector<std::string> toClangCommand(const std::vector<std::string>& arguments);

/// Whether the file is C or C++: by `-x` where the command has one, else by the file's extension.
bool isCOrCxx(llvm::StringRef file, const std::vector<std::string>& arguments);

} // namespace lockvet::index
