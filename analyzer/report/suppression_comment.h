// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads `// lockvet: allow(rule, rule) reason` off one line of source. Free functions over values;
// any bytes may come.

#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lockvet::report {

struct AllowComment {
  std::vector<std::string> rules;
  std::string reason;  ///< empty where none is given
  std::string mistake; ///< a clause that says why it allows nothing; else empty
  uint32_t column = 0; ///< of the word `lockvet:`, in bytes from 1
  bool alone = false;  ///< nothing but space stands before the comment on its line
};

/// The first such comment of a line. A comment starts with `//` or `/*` outside string literals,
/// and `lockvet:` is its first word. Only the line is looked at: one inside a comment or raw string
/// that began above is read as code.
std::optional<AllowComment> allowCommentIn(llvm::StringRef line);

} // namespace lockvet::report
