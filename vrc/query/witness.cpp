// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/query/witness.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <map>

namespace lockvet::query {

namespace {

/// Paths that are wanted, by the node that they are searched from and by their other end.
using Wanted = std::map<Node, llvm::DenseMap<Node, Path*>>;

llvm::Error find(Wanted wanted, const Product& product, BestPaths::Direction direction) {
  const bool is_forwards = direction == BestPaths::Direction::FromStarts;
  BestPaths best(product, direction);
  for (auto& [from, others] : wanted) {
    auto reached = [&others = others, &best, &product, is_forwards](Position position) {
      if (is_forwards ? !product.isEnd(position) : !product.isStart(position))
        return true;
      if (auto found = others.find(product.nodeOf(position)); found != others.end()) {
        *found->second = best.pathTo(position);
        others.erase(found);
      }
      return !others.empty();
    };
    if (llvm::Error error = best.search(from, reached))
      return error;
  }
  return llvm::Error::success();
}

} // namespace

llvm::Expected<std::vector<Path>> witnesses(const Product& product, llvm::ArrayRef<Pair> pairs) {
  llvm::DenseSet<Node> starts, ends;
  for (const Pair& pair : pairs) {
    starts.insert(pair.start);
    ends.insert(pair.end);
  }
  const bool is_forwards = starts.size() <= ends.size();
  std::vector<Path> paths(pairs.size());
  Wanted wanted;
  for (size_t index = 0; index < pairs.size(); ++index) {
    const Pair& pair = pairs[index];
    wanted[is_forwards ? pair.start : pair.end][is_forwards ? pair.end : pair.start] =
        &paths[index];
  }
  const auto direction =
      is_forwards ? BestPaths::Direction::FromStarts : BestPaths::Direction::FromEnds;
  if (llvm::Error error = find(std::move(wanted), product, direction))
    return std::move(error);
  return paths;
}

} // namespace lockvet::query
