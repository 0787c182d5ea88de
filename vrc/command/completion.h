// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What somebody may mean who has typed a part of a name: fuzzy matches among a hundred thousand
// names, fast enough to be asked for at every key.

#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "vrc/graph/graph.h"

#include <string>
#include <vector>

namespace lockvet::command {

/// The candidates that hold the characters of `pattern` in this order, the best first, at most
/// `limit`. Beginnings come before the rest, then what matches in one piece and where words start;
/// case counts only if the pattern has capitals.
std::vector<llvm::StringRef> fuzzyMatches(llvm::ArrayRef<llvm::StringRef> candidates,
                                          llvm::StringRef pattern, size_t limit);

/// The same among the names of functions and pointers, with and without scopes.
std::vector<llvm::StringRef> similarNames(const graph::Graph& graph, llvm::StringRef pattern,
                                          size_t limit);

/// And among labels.
std::vector<llvm::StringRef> similarLabels(const graph::Graph& graph, llvm::StringRef pattern,
                                           size_t limit);

} // namespace lockvet::command
