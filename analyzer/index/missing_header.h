// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether a header that a unit did not find is there by now: a build generates them, and no file
// that the unit did read has changed then. Looks at the disk; keeps nothing.

#pragma once

#include "analyzer/index/compilation_database.h"
#include "llvm/ADT/StringRef.h"

namespace lockvet::index {

/// `reason` is what the compiler said: "FILE:LINE:COLUMN: 'NAME' file not found". False only if it
/// names a header that is in none of the command's include directories; then nothing has come.
bool mayFindHeaderNow(const CompileCommand& command, llvm::StringRef reason);

} // namespace lockvet::index
