// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/graph/graph.h"

#include <algorithm>

namespace lockvet::graph {

llvm::StringRef wordFor(EdgeKind kind) {
  static constexpr llvm::StringLiteral words[kEdgeKinds] = {"direct", "implicit", "virtual",
                                                            "flow",   "type",     "ref"};
  return words[static_cast<size_t>(kind)];
}

llvm::ArrayRef<Node> Graph::named(llvm::StringRef name) const {
  auto found = std::lower_bound(names_.begin(), names_.end(), name,
                                [&](Text at, llvm::StringRef wanted) { return text(at) < wanted; });
  if (found == names_.end() || text(*found) != name)
    return {};
  return range(named_, first_named_, static_cast<uint32_t>(found - names_.begin()));
}

std::vector<llvm::StringRef> Graph::namesWithPrefix(llvm::StringRef prefix, size_t limit) const {
  std::vector<llvm::StringRef> result;
  auto at =
      std::lower_bound(names_.begin(), names_.end(), prefix,
                       [&](Text name, llvm::StringRef wanted) { return text(name) < wanted; });
  for (; at != names_.end() && result.size() < limit && text(*at).starts_with(prefix); ++at)
    result.push_back(text(*at));
  return result;
}

const NodeSet* Graph::labelled(llvm::StringRef label) const {
  auto found = labels_.find(label);
  return found == labels_.end() ? nullptr : &found->second;
}

std::vector<llvm::StringRef> Graph::labelsOf(Node node) const {
  std::vector<llvm::StringRef> result;
  for (const auto& entry : labels_)
    if (entry.second.test(node))
      result.push_back(entry.first());
  std::sort(result.begin(), result.end());
  return result;
}

size_t Graph::memory() const {
  auto bytes = [](const auto& vector) {
    return vector.capacity() * sizeof(typename std::decay_t<decltype(vector)>::value_type);
  };
  size_t total = texts_.capacity() + bytes(nodes_) + bytes(first_out_) + bytes(first_in_) +
                 bytes(out_) + bytes(in_) + bytes(sites_) + bytes(names_) + bytes(first_named_) +
                 bytes(named_);
  for (const auto& entry : labels_)
    total += entry.second.size() / 8;
  return total;
}

} // namespace lockvet::graph
