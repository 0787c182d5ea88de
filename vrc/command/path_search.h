// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Searches for paths as every face asks for them: with a limit, and knowing whether there are more.

#pragma once

#include "vrc/command/result.h"

#include <functional>

namespace lockvet::command {

/// One best path for each pair of ends, the best pairs first; at most `limit` unless that is 0.
llvm::Expected<Paths> bestPaths(const query::Product& product, size_t limit);

/// Every path without a repeated node, shortest first; at most `limit` unless that is 0. With
/// `on_path` they are handed over as they are found, and not kept.
llvm::Expected<Paths> simplePaths(const query::Product& product, size_t limit,
                                  const std::function<void(const query::Path&)>& on_path = nullptr);

} // namespace lockvet::command
