// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The findings that a project had when it adopted Lockvet, so that only new ones stop it. Kept in
// the project's repository: sorted, one finding a line, no line numbers, so that diffs and merges
// stay small. A value; reading and writing it needs nothing else.

#pragma once

#include "analyzer/report/entry.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>

namespace lockvet::report {

class Baseline {
public:
  struct Known {
    std::string rule;     ///< for people; only the fingerprint counts
    std::string function; ///< likewise
    size_t count = 0;     ///< how many findings share the fingerprint
  };

  /// All findings that are not suppressed, the known ones included.
  static Baseline of(llvm::ArrayRef<Entry> entries);

  /// Reads what str() made; `path` is for messages. Damage is an error that says what to do.
  static llvm::Expected<Baseline> parse(llvm::StringRef text, llvm::StringRef path);

  /// The inverses of each other, over a file. Writing replaces the file as a whole or not at all.
  static llvm::Expected<Baseline> read(llvm::StringRef path);
  llvm::Error write(llvm::StringRef path) const;

  std::string str() const;

  /// Marks as many entries of each fingerprint as are known, in the order of their places; those
  /// that are suppressed count for nothing. Returns how many known findings are gone.
  size_t mark(std::vector<Entry>& entries) const;

  const std::map<std::string, Known>& known() const { return known_; }

private:
  std::map<std::string, Known> known_; ///< by fingerprint
};

} // namespace lockvet::report
