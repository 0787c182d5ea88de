// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which units a compile_commands.json has, by the names that people call them: the source and the
// object file. What the compiler is told is the index's business.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace lockvet::command {

struct Unit {
  std::string source; ///< absolute
  std::string object; ///< absolute; "" where no output is named
};

/// The path is absolute: what the file says is relative to its folder.
llvm::Expected<std::vector<Unit>> readCompilationDatabase(const std::string& path);

} // namespace lockvet::command
