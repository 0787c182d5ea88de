// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The path that shows that a pair of ends is connected.

#pragma once

#include "vrc/query/best_paths.h"
#include "vrc/query/ranked_pairs.h"

namespace lockvet::query {

/// A best path for each pair, in the order of the pairs. They must come from rankedPairs() on the
/// same product. Costs about one search for each start
/// among them, or for each end where these are fewer.
llvm::Expected<std::vector<Path>> witnesses(const Product& product, llvm::ArrayRef<Pair> pairs);

} // namespace lockvet::query
