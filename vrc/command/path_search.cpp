// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/path_search.h"

#include "vrc/query/simple_paths.h"

namespace lockvet::command {

llvm::Expected<Paths> bestPaths(const query::Product& product, size_t limit) {
  // One more than asked for tells whether there are more.
  llvm::Expected<std::vector<query::Pair>> pairs =
      query::rankedPairs(product, limit == 0 ? 0 : limit + 1);
  if (!pairs)
    return pairs.takeError();
  Paths result;
  result.is_cut = limit != 0 && pairs->size() > limit;
  if (result.is_cut)
    pairs->resize(limit);
  llvm::Expected<std::vector<query::Path>> paths = query::witnesses(product, *pairs);
  if (!paths)
    return paths.takeError();
  result.paths = std::move(*paths);
  return result;
}

llvm::Expected<Paths> simplePaths(const query::Product& product, size_t limit,
                                  const std::function<void(const query::Path&)>& on_path) {
  Paths result;
  llvm::Error error = query::forEachSimplePath(product, [&](const query::Path& path) {
    result.is_cut = limit != 0 && result.paths.size() + result.handed_over == limit;
    if (result.is_cut)
      return false;
    if (on_path) {
      on_path(path);
      ++result.handed_over;
    } else {
      result.paths.push_back(path);
    }
    return true;
  });
  if (error)
    return std::move(error);
  return result;
}

} // namespace lockvet::command
