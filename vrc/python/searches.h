// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The questions of the Python interface, asked of the query room itself: an error's place is then
// one in the expression that the caller wrote, and no expression has to be quoted.

#pragma once

#include "vrc/command/session.h"

#include <optional>

namespace lockvet::python {

struct PathRequest {
  std::string expression;
  std::optional<std::string> through; ///< a node spec
  std::optional<std::string> avoid;   ///< a node spec
  graph::EdgeKinds edges = graph::kUsualEdges;
  size_t limit = 0;       ///< 0: no limit
  bool is_simple = false; ///< all paths without a repeated node, not one for each pair
};

/// The nodes that a spec stands for, in order.
llvm::Expected<std::vector<graph::Node>> nodesOf(command::Session& session, llvm::StringRef spec,
                                                 graph::EdgeKinds edges);
/// Errors about one of the texts set `blamed` to it.
llvm::Expected<command::Paths> searchPaths(command::Session& session, const PathRequest& request,
                                           std::string& blamed);
llvm::Expected<uint64_t> countPaths(command::Session& session, const PathRequest& request,
                                    std::string& blamed);
command::Neighbours neighboursOf(const query::View& view, graph::Node node, bool of_callers);

} // namespace lockvet::python
