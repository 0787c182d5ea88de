// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Flags that Clang's driver refuses, although they do not change what a program means: GCC's own,
// those of its plugins, and those that read files of another compiler. Stateless.

#pragma once

#include "llvm/ADT/StringRef.h"

namespace lockvet::index {

/// Whether to leave the flag out. `takes_next` says whether the next word goes with it.
bool isForeignFlag(llvm::StringRef flag, bool& takes_next);

} // namespace lockvet::index
