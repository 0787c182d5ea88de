// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Macros that leave nothing, or no marker, in the tree but that mean something to people: markers
// that expand to nothing, and statement macros such as GLOBAL_STATE_CODE(). Recorded while one
// translation unit is preprocessed, asked for while its declarations are walked.

#pragma once

#include "clang/Basic/SourceLocation.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/PPCallbacks.h"
#include "llvm/ADT/DenseMap.h"

#include <memory>
#include <vector>

namespace clang {
class IdentifierInfo;
class Preprocessor;
} // namespace clang

namespace lockvet::extract {

struct MacroUse {
  unsigned offset = 0; ///< in its file
  const clang::IdentifierInfo* name = nullptr;
  clang::SourceLocation location;
  bool is_empty = false; ///< expands to no token at all
};

class MacroUses {
public:
  /// The callbacks that fill this object; it must outlive the preprocessor.
  std::unique_ptr<clang::PPCallbacks> callbacks(const clang::SourceManager& sources);

  /// The uses written in [begin, end) of one file, in order.
  std::vector<MacroUse> within(clang::FileID file, unsigned begin, unsigned end) const;

  bool isEmpty() const { return uses_.empty(); }

private:
  class Recorder;
  llvm::DenseMap<clang::FileID, std::vector<MacroUse>> uses_;
};

} // namespace lockvet::extract
