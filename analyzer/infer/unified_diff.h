// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The difference of two texts as `diff -u` prints it, for `patch` and `git apply`. A pure function.

#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace lockvet::infer {

/// `path` stands in both headers, behind a/ and b/. Empty where the texts are equal.
std::string unifiedDiff(llvm::StringRef path, llvm::StringRef before, llvm::StringRef after);

} // namespace lockvet::infer
