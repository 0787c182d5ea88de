// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the compiler's thread-safety analysis says of guarded data that is used without its lock,
// taken apart. Its wording is Clang's; the facts keep it as it is.

#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace lockvet::infer {

struct GuardedAccess {
  std::string what; ///< "reads 'file'"
  std::string lock; ///< as the code at that place would name it
  bool is_exclusive = false;
};

/// No value for diagnostics that are about anything else, calls included.
std::optional<GuardedAccess> parseGuardedAccess(llvm::StringRef message);

} // namespace lockvet::infer
