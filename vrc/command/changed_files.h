// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which sources are no longer what the index has read, so that places in them may be off.

#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace lockvet::command {

/// Those of the files that have been written to, or are gone, since the store has read them, in
/// their order; files that it does not know are not among them.
llvm::Expected<std::vector<std::string>> changedSince(const std::string& store,
                                                      llvm::ArrayRef<std::string> files);

} // namespace lockvet::command
