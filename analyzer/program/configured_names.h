// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions that a name in the configuration stands for. Made once for a reading of the
// configuration; the program must outlive it.

#pragma once

#include "analyzer/program/program.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

namespace lockvet::program {

class ConfiguredNames {
public:
  explicit ConfiguredNames(const Program& program);

  /// Functions of a name or qualified name; of templates, all instances of what is written without
  /// arguments: "std::lock_guard::lock_guard".
  llvm::ArrayRef<Id> functions(llvm::StringRef name) const;

private:
  const Program& program_;
  llvm::StringMap<llvm::SmallVector<Id, 4>> instances_;
};

} // namespace lockvet::program
