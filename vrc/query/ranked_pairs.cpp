// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/query/ranked_pairs.h"

#include <algorithm>
#include <map>
#include <queue>

namespace lockvet::query {

namespace {

/// One bit for each start that is searched from at once.
using Sources = uint64_t;
constexpr size_t kSources = 64;

/// The rank that the worst of the `limit` best pairs has so far.
class Cutoff {
public:
  explicit Cutoff(size_t limit) : limit_(limit) {}

  void add(const Pair& pair) {
    if (limit_ == 0)
      return;
    worst_first_.push({pair.weak, pair.edges});
    if (worst_first_.size() > limit_)
      worst_first_.pop();
  }
  /// Can a pair of this rank, which nothing was searched for from these starts yet, be none of the
  /// best? Starts are searched from in ascending order, so it is behind those of the same rank.
  bool isBeyond(uint32_t weak, uint32_t edges) const {
    return limit_ != 0 && worst_first_.size() == limit_ &&
           std::pair(weak, edges) >= worst_first_.top();
  }

private:
  size_t limit_;
  std::priority_queue<std::pair<uint32_t, uint32_t>> worst_first_;
};

class Search {
public:
  Search(const Product& product, size_t limit)
      : product_(product), cutoff_(limit), seen_(product.positions(), 0),
        pending_(product.positions(), 0), ends_(product.view().graph.size(), 0) {}

  llvm::Expected<std::vector<Pair>> run(size_t limit) {
    for (size_t first = 0; first < product_.starts().size(); first += kSources) {
      if (llvm::Error error = runFrom(
              product_.starts().slice(first, std::min(kSources, product_.starts().size() - first))))
        return std::move(error);
      // Keep no more than what can be among the best.
      if (limit != 0 && pairs_.size() > 4 * limit + 1024)
        keepBest(limit);
    }
    if (limit != 0)
      keepBest(limit);
    std::sort(pairs_.begin(), pairs_.end());
    return std::move(pairs_);
  }

private:
  void keepBest(size_t limit) {
    if (pairs_.size() <= limit)
      return;
    std::nth_element(pairs_.begin(), pairs_.begin() + static_cast<ptrdiff_t>(limit), pairs_.end());
    pairs_.resize(limit);
  }

  void postpone(std::vector<Position>& level, Position position, Sources sources) {
    if (pending_[position] == 0)
      level.push_back(position);
    pending_[position] |= sources;
  }

  llvm::Error runFrom(llvm::ArrayRef<Node> starts) {
    starts_ = starts;
    // Positions that a weak edge led to, by the number of edges: the ranks of the next round.
    std::map<uint32_t, std::vector<std::pair<Position, Sources>>> entries, later;
    for (size_t source = 0; source < starts.size(); ++source)
      forEachState(product_.startStates(starts[source]), [&](size_t state) {
        entries[0].emplace_back(product_.positionOf(starts[source], state), Sources(1) << source);
      });
    std::vector<Position> level, next;
    for (uint32_t weak = 0; !entries.empty(); ++weak) {
      for (uint32_t edges = entries.begin()->first;
           (!entries.empty() || !level.empty()) && !cutoff_.isBeyond(weak, edges); ++edges) {
        if (product_.view().isStopped())
          return stopped();
        if (auto found = entries.find(edges); found != entries.end()) {
          for (const auto& [position, sources] : found->second)
            postpone(level, position, sources);
          entries.erase(found);
        }
        visit(level, weak, edges, next, later[edges + 1]);
        level.swap(next);
        next.clear();
      }
      for (Position position : level)
        pending_[position] = 0;
      level.clear();
      entries.swap(later);
      later.clear();
      std::erase_if(entries, [](const auto& entry) { return entry.second.empty(); });
    }
    for (Position position : touched_)
      seen_[position] = 0;
    touched_.clear();
    for (Node node : touched_ends_)
      ends_[node] = 0;
    touched_ends_.clear();
    return llvm::Error::success();
  }

  void visit(const std::vector<Position>& level, uint32_t weak, uint32_t edges,
             std::vector<Position>& next, std::vector<std::pair<Position, Sources>>& later) {
    std::vector<std::pair<Position, Sources>>& fresh = fresh_;
    fresh.clear();
    for (Position position : level) {
      const Sources sources = std::exchange(pending_[position], 0) & ~seen_[position];
      if (sources == 0)
        continue;
      if (seen_[position] == 0)
        touched_.push_back(position);
      seen_[position] |= sources;
      fresh.emplace_back(position, sources);
      if (product_.isEnd(position))
        record(product_.nodeOf(position), sources, weak, edges);
    }
    for (const auto& [position, sources] : fresh)
      product_.forEachNext(position, [&](Position target, const graph::Arc& arc) {
        const Sources missing = sources & ~seen_[target];
        if (missing == 0)
          return;
        if (graph::isWeak(arc.kind))
          later.emplace_back(target, missing);
        else
          postpone(next, target, missing);
      });
  }

  void record(Node end, Sources sources, uint32_t weak, uint32_t edges) {
    if (ends_[end] == 0)
      touched_ends_.push_back(end);
    sources &= ~ends_[end];
    ends_[end] |= sources;
    forEachState(sources, [&](size_t source) {
      pairs_.push_back({weak, edges, starts_[source], end});
      cutoff_.add(pairs_.back());
    });
  }

  const Product& product_;
  Cutoff cutoff_;
  llvm::ArrayRef<Node> starts_;
  std::vector<Sources> seen_, pending_; ///< by position
  std::vector<Sources> ends_;           ///< by node
  std::vector<Position> touched_;
  std::vector<Node> touched_ends_;
  std::vector<std::pair<Position, Sources>> fresh_;
  std::vector<Pair> pairs_;
};

} // namespace

llvm::Expected<std::vector<Pair>> rankedPairs(const Product& product, size_t limit) {
  return Search(product, limit).run(limit);
}

} // namespace lockvet::query
