// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/query/best_paths.h"

#include <algorithm>
#include <map>

namespace lockvet::query {

namespace {
constexpr Position kNowhere = UINT32_MAX;
} // namespace

llvm::Error BestPaths::search(llvm::ArrayRef<Node> from,
                              llvm::function_ref<bool(Position)> reached) {
  for (Position position : touched_)
    came_[position] = {};
  touched_.clear();
  // Moves over a weak edge wait, by the length that they give a path, for the next round.
  std::map<uint32_t, std::vector<Move>> entries, later;
  for (Node node : from)
    forEachState(is_forwards_ ? product_.startStates(node) : product_.endStates(node),
                 [&](size_t state) {
                   entries[0].push_back({product_.positionOf(node, state), kNowhere, {}});
                 });
  std::vector<Move> level, next;
  while (!entries.empty()) {
    for (uint32_t edges = entries.begin()->first; !entries.empty() || !level.empty(); ++edges) {
      if (product_.view().isStopped())
        return stopped();
      if (auto found = entries.find(edges); found != entries.end()) {
        level.insert(level.end(), found->second.begin(), found->second.end());
        entries.erase(found);
      }
      std::vector<Move> waiting;
      for (const Move& move : level) {
        Came& came = came_[move.to];
        if (came.is_reached)
          continue;
        came = {move.from, move.arc, true};
        touched_.push_back(move.to);
        if (!reached(move.to))
          return llvm::Error::success();
        forEachNext(move.to, [&](Position target, const graph::Arc& arc) {
          if (came_[target].is_reached)
            return;
          const bool is_weak = graph::isWeak(arc.kind);
          (is_weak ? waiting : next).push_back({target, move.to, arc});
        });
      }
      if (!waiting.empty())
        later[edges + 1] = std::move(waiting);
      level.swap(next);
      next.clear();
    }
    entries.swap(later);
    later.clear();
  }
  return llvm::Error::success();
}

Path BestPaths::pathTo(Position position) const {
  size_t length = 1;
  for (Position at = position; came_[at].from != kNowhere; at = came_[at].from)
    ++length;
  Path path;
  path.reserve(length); // there can be millions of hops, and no room for twice as many
  path.push_back({product_.nodeOf(position), graph::EdgeKind::Direct, {}});
  for (Position at = position; came_[at].from != kNowhere; at = came_[at].from) {
    const Came& came = came_[at];
    // The edge belongs to the hop that it leads to, which is the one behind it only backwards.
    Hop& callee = is_forwards_ ? path.back() : path.emplace_back();
    callee.kind = came.arc.kind;
    callee.site = product_.view().graph.siteOf(came.arc);
    Hop& other = is_forwards_ ? path.emplace_back() : callee;
    other.node = product_.nodeOf(came.from);
  }
  if (is_forwards_)
    std::reverse(path.begin(), path.end());
  return path;
}

} // namespace lockvet::query
