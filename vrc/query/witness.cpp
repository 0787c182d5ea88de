// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/query/witness.h"

#include "llvm/ADT/DenseMap.h"

#include <map>

namespace lockvet::query {

llvm::Expected<std::vector<Path>> witnesses(const Product& product, llvm::ArrayRef<Pair> pairs) {
  std::vector<Path> paths(pairs.size());
  std::map<Node, llvm::DenseMap<Node, Path*>> wanted;
  for (size_t index = 0; index < pairs.size(); ++index)
    wanted[pairs[index].start][pairs[index].end] = &paths[index];
  BestPaths best(product);
  for (auto& [start, ends] : wanted) {
    llvm::Error error = best.search(start, [&ends = ends, &best, &product](Position position) {
      if (!product.isEnd(position))
        return true;
      if (auto found = ends.find(product.nodeOf(position)); found != ends.end()) {
        *found->second = best.pathTo(position);
        ends.erase(found);
      }
      return !ends.empty();
    });
    if (error)
      return std::move(error);
  }
  return paths;
}

} // namespace lockvet::query
