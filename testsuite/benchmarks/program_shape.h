// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Figures that say what a program is like for the lock analysis, so that a made-up one can be made
// alike. Counted in a store, once.

#pragma once

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace lockvet::benchmarks {

/// Prints the figures of a store as a profile's analysis sees it, one a line.
llvm::Error printShape(const std::string& store, const std::string& profile,
                       llvm::raw_ostream& out);

} // namespace lockvet::benchmarks
