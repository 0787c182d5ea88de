// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Patterns for paths, as people know them from .gitignore: `*` and `?` stop at a slash, `**` does
// not. A value without state; matching is linear in the path, whatever the pattern.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/Regex.h"

#include <memory>

namespace lockvet::config {

class PathGlob {
public:
  /// `*`, `?`, `[a-z]`, `[!a-z]` match within a component; `**` as a whole component matches any
  /// number of them, none included, and elsewhere any text; a final slash stands for `/**`.
  static llvm::Expected<PathGlob> create(llvm::StringRef pattern);

  /// Whether the whole of a path with forward slashes matches.
  bool matches(llvm::StringRef path) const;

private:
  explicit PathGlob(llvm::Regex regex) : regex_(std::move(regex)) {}
  llvm::Regex regex_;
};

} // namespace lockvet::config
