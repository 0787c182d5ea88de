// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The texts of source files, each read once. Owned by who plans changes to them.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>

namespace lockvet::infer {

class SourceTexts {
public:
  /// Valid as long as this object. A file that cannot be read is an error.
  llvm::Expected<llvm::StringRef> of(const std::string& path);

private:
  std::map<std::string, std::string> texts_;
};

} // namespace lockvet::infer
