// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A graph kept in a file beside its store, so that opening it again costs no query. The file is an
// aid and never the truth: what is missing, old, cut off or damaged is made again.

#pragma once

#include "analyzer/config/config.h"
#include "vrc/graph/graph.h"

#include <optional>

namespace lockvet::graph {

/// What a kept graph was made of: the store's link stamp and the configuration's labels.
uint64_t cacheKey(int64_t link_stamp, const config::Config& config);

/// The graph in `path`, if it is there, whole, and of that key.
std::optional<Graph> readCache(const std::string& path, uint64_t key);

/// Writes a file beside `path` and renames it. A directory that cannot be written is no error.
void writeCache(const std::string& path, uint64_t key, const Graph& graph);

} // namespace lockvet::graph
