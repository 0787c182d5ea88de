// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/query/witness.h"

#include "llvm/ADT/DenseMap.h"

#include <algorithm>
#include <map>

namespace lockvet::query {

namespace {

constexpr Position kNowhere = UINT32_MAX;

/// Searches from one start, in the order of ranks, until all wanted ends are found.
class SingleSearch {
public:
  explicit SingleSearch(const Product& product) : product_(product), came_(product.positions()) {}

  /// `wanted` maps ends to the paths to fill in.
  llvm::Error run(Node start, llvm::DenseMap<Node, Path*>& wanted) {
    std::map<uint32_t, std::vector<Move>> entries, later;
    forEachState(product_.startStates(start), [&](size_t state) {
      entries[0].push_back({product_.positionOf(start, state), kNowhere, {}});
    });
    std::vector<Move> level, next;
    while (!entries.empty() && !wanted.empty()) {
      for (uint32_t edges = entries.begin()->first;
           (!entries.empty() || !level.empty()) && !wanted.empty(); ++edges) {
        if (product_.view().isStopped())
          return stopped();
        if (auto found = entries.find(edges); found != entries.end()) {
          level.insert(level.end(), found->second.begin(), found->second.end());
          entries.erase(found);
        }
        for (const Move& move : level)
          visit(move, wanted, next, later[edges + 1]);
        level.swap(next);
        next.clear();
      }
      level.clear();
      entries.swap(later);
      later.clear();
      std::erase_if(entries, [](const auto& entry) { return entry.second.empty(); });
    }
    for (Position position : touched_)
      came_[position] = {};
    touched_.clear();
    return llvm::Error::success();
  }

private:
  struct Move {
    Position to;
    Position from;
    graph::Arc arc;
  };
  struct Came {
    Position from = kNowhere;
    graph::Arc arc;
    bool is_reached = false;
  };

  void visit(const Move& move, llvm::DenseMap<Node, Path*>& wanted, std::vector<Move>& next,
             std::vector<Move>& later) {
    Came& came = came_[move.to];
    if (came.is_reached)
      return;
    came = {move.from, move.arc, true};
    touched_.push_back(move.to);
    if (product_.isEnd(move.to))
      if (auto found = wanted.find(product_.nodeOf(move.to)); found != wanted.end()) {
        *found->second = pathTo(move.to);
        wanted.erase(found);
      }
    product_.forEachNext(move.to, [&](Position target, const graph::Arc& arc) {
      if (came_[target].is_reached)
        return;
      const bool is_weak = graph::isWeak(product_.view().graph.kindOf(arc));
      (is_weak ? later : next).push_back({target, move.to, arc});
    });
  }

  Path pathTo(Position end) const {
    Path path;
    for (Position at = end; at != kNowhere; at = came_[at].from) {
      const Came& came = came_[at];
      Hop hop{product_.nodeOf(at), graph::EdgeKind::Direct, {}};
      if (came.from != kNowhere) {
        hop.kind = product_.view().graph.kindOf(came.arc);
        hop.site = product_.view().graph.siteOf(came.arc);
      }
      path.push_back(hop);
    }
    std::reverse(path.begin(), path.end());
    return path;
  }

  const Product& product_;
  std::vector<Came> came_;
  std::vector<Position> touched_;
};

} // namespace

llvm::Expected<std::vector<Path>> witnesses(const Product& product, llvm::ArrayRef<Pair> pairs) {
  std::vector<Path> paths(pairs.size());
  std::map<Node, llvm::DenseMap<Node, Path*>> wanted;
  for (size_t index = 0; index < pairs.size(); ++index)
    wanted[pairs[index].start][pairs[index].end] = &paths[index];
  SingleSearch search(product);
  for (auto& [start, ends] : wanted)
    if (llvm::Error error = search.run(start, ends))
      return std::move(error);
  return paths;
}

} // namespace lockvet::query
