// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/chain_status.h"

#include <algorithm>

namespace lockvet::runtime {

Edge* shown_below(const Node& node) {
  for (const auto& edge : node.children())
    if (has_role(edge->role(), EdgeRole::filtered | EdgeRole::copy_on_write))
      return edge.get();
  return nullptr;
}

std::vector<Node*> shown_chain(Node& top) {
  std::vector<Node*> chain{&top};
  while (Edge* const below = shown_below(*chain.back()))
    chain.push_back(&below->child());
  return chain;
}

std::expected<BlockStatus, std::error_code> co_status_of_chain(Edge& top, uint64_t offset,
                                                               uint64_t size, const Node* base) {
  for (Edge* edge = &top;;) {
    if (&edge->child() == base)
      return BlockStatus{.length = size, .allocated = false};
    const auto status = edge->co_block_status(offset, size);
    if (!status || status->allocated)
      return status;
    Edge* const below = shown_below(edge->child());
    if (below == nullptr)
      return status;
    const auto length = below->co_length();
    if (!length)
      return std::unexpected(length.error());
    // A filter may show a window. A backing file may be shorter.
    offset = status->host_offset.value_or(offset);
    size = status->length;
    if (offset >= *length)
      // These zeroes hide what a longer base has.
      return BlockStatus{
          .length = size, .allocated = base != nullptr && &below->child() != base, .zero = true};
    size = std::min(size, *length - offset);
    edge = below;
  }
}

} // namespace lockvet::runtime
