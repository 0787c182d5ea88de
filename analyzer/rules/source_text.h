// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the text of a source says that facts do not: whether there is a comment at a place, and
// which names stand in a body. Files are read when they are first asked about; one that is gone, or
// is no longer what was indexed, answers so that nothing is reported. Owned by one run of a rule.

#pragma once

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lockvet::rules {

class SourceText {
public:
  /// Is there one on the line, or right above it, with no other code between? What belongs to the
  /// same declaration does not count as other code.
  bool isCommented(llvm::StringRef file, uint32_t line);

  /// Can one of the names stand in the body of the function whose definition is at the line?
  bool bodyMentions(llvm::StringRef file, uint32_t line, const llvm::StringSet<>& names);

private:
  const std::vector<std::string>& linesOf(llvm::StringRef file);

  llvm::StringMap<std::vector<std::string>> files_;
};

} // namespace lockvet::rules
