// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Joins what the units say into one program: resolves slots to functions and virtual methods to
// overriders, and writes both to the store. Run by the indexer inside its transaction.

#pragma once

#include "analyzer/store/store.h"
#include "llvm/Support/Error.h"

namespace lockvet::program {

/// Brings the store's derived rows up to date; does nothing if they are.
llvm::Error link(store::Store& store);

} // namespace lockvet::program
