// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a node shows where it has nothing itself, which is in the nodes below it: backing files, and
// children of filters. For requests and jobs, which hold the graph lock.

#ifndef LOCKVET_RUNTIME_GRAPH_CHAIN_STATUS_H
#define LOCKVET_RUNTIME_GRAPH_CHAIN_STATUS_H

#include "runtime/graph/node.h"

namespace lockvet::runtime {

// The edge to what a node shows where it has nothing itself, or nullptr.
Edge* LV_GRAPH_RDLOCK shown_below(const Node& node);

// The nodes from one down to what it shows last, itself first.
std::vector<Node*> LV_GRAPH_RDLOCK shown_chain(Node& top);

// Of what can be read at what the edge leads to: where a node has nothing allocated, of what is
// below it. With a base, which is in its chain, it is allocated if it is not what the base shows,
// and nothing is said of what the base has.
std::expected<BlockStatus, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK
co_status_of_chain(Edge& top, uint64_t offset, uint64_t size, const Node* base = nullptr);

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_CHAIN_STATUS_H
