// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Regular expressions of queries: PCRE2, whose syntax is near enough to Python's that what users of
// the older `vrc` type means the same. For one thread at a time.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace lockvet::query {

class Regex {
public:
  /// `offset` is where the pattern stands in the query, for errors.
  static llvm::Expected<Regex> compile(llvm::StringRef pattern, size_t offset);
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  /// Anywhere in the text. A match that takes too many steps is none.
  bool isIn(llvm::StringRef text) const;

private:
  struct Compiled;
  explicit Regex(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

} // namespace lockvet::query
