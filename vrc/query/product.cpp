// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/query/product.h"

namespace lockvet::query {

namespace {

/// New states of nodes that have still to be looked at.
class Worklist {
public:
  explicit Worklist(size_t nodes) : pending_(nodes, 0) {}

  void add(Node node, States states) {
    if (states == 0)
      return;
    if (pending_[node] == 0)
      nodes_.push_back(node);
    pending_[node] |= states;
  }
  bool isEmpty() const { return nodes_.empty(); }
  std::pair<Node, States> take() {
    const Node node = nodes_.back();
    nodes_.pop_back();
    return {node, std::exchange(pending_[node], 0)};
  }

private:
  std::vector<States> pending_;
  std::vector<Node> nodes_;
};

States unionOf(const std::vector<States>& table, States states) {
  States result = 0;
  forEachState(states, [&](size_t state) { result |= table[state]; });
  return result;
}

constexpr size_t kStepsBetweenLooks = 4096;

} // namespace

llvm::Expected<Product> Product::make(View view, Automaton automaton) {
  Product product(view, std::move(automaton));
  product.live_.assign(view.graph.size(), 0);
  for (size_t state = 0; state < product.automaton_.states(); ++state)
    for (Node node : product.automaton_.nodes[state].set_bits())
      product.live_[node] |= States(1) << state;
  std::vector<NodeSet>().swap(product.automaton_.nodes); // live_ has it now
  for (auto [from, forwards] :
       {std::pair(product.automaton_.last, false), std::pair(product.automaton_.first, true)})
    if (llvm::Error error = product.keepReached(from, forwards))
      return std::move(error);
  product.number();
  return product;
}

llvm::Expected<Product> Product::make(const PathExpression& path, const View& view,
                                      const Constraints& constraints) {
  llvm::Expected<Automaton> automaton = makeAutomaton(path, view, constraints);
  if (!automaton)
    return automaton.takeError();
  return make(view, std::move(*automaton));
}

llvm::Error Product::keepReached(States from, bool forwards) {
  std::vector<std::pair<Node, States>> begin;
  for (Node node = 0; node < live_.size(); ++node)
    if (const States states = live_[node] & from; states != 0)
      begin.emplace_back(node, states);
  llvm::Expected<std::vector<States>> reached = reach(begin, forwards);
  if (!reached)
    return reached.takeError();
  live_ = std::move(*reached);
  return llvm::Error::success();
}

llvm::Expected<std::vector<States>> Product::reach(llvm::ArrayRef<std::pair<Node, States>> from,
                                                   bool forwards) const {
  // One array tells all that is asked at an edge: what is live there and not reached yet.
  std::vector<States> missing = live_;
  Worklist work(live_.size());
  auto arrive = [&](Node node, States states) {
    missing[node] &= ~states;
    work.add(node, states);
  };
  for (const auto& [node, states] : from)
    arrive(node, states & missing[node]);
  const std::vector<States>& next = forwards ? automaton_.follow : automaton_.precede;
  for (size_t steps = 0; !work.isEmpty(); ++steps) {
    if (steps % kStepsBetweenLooks == 0 && view_.isStopped())
      return stopped();
    const auto [node, states] = work.take();
    const States beyond = unionOf(next, states);
    // An edge is followed to where one can see, in either direction.
    if (beyond == 0 || !view_.sees(node))
      continue;
    for (const graph::Arc& arc : forwards ? view_.graph.out(node) : view_.graph.in(node))
      if (const States fresh = beyond & missing[arc.node]; fresh != 0 && view_.follows(arc))
        arrive(arc.node, fresh);
  }
  for (Node node = 0; node < live_.size(); ++node)
    missing[node] = live_[node] & ~missing[node];
  return missing;
}

void Product::number() {
  first_.resize(live_.size());
  for (Node node = 0; node < live_.size(); ++node) {
    first_[node] = static_cast<Position>(nodes_.size());
    forEachState(live_[node], [&](size_t state) {
      nodes_.push_back(node);
      states_.push_back(static_cast<uint8_t>(state));
    });
    if (startStates(node) != 0)
      starts_.push_back(node);
  }
}

std::vector<uint32_t> Product::distancesToEnd() const {
  std::vector<uint32_t> distances(positions(), UINT32_MAX);
  std::vector<Position> level, next;
  for (Position position = 0; position < positions(); ++position)
    if (isEnd(position)) {
      distances[position] = 0;
      level.push_back(position);
    }
  for (uint32_t distance = 1; !level.empty(); ++distance) {
    next.clear();
    for (Position position : level)
      forEachPrevious(position, [&](Position earlier, const graph::Arc&) {
        if (distances[earlier] == UINT32_MAX) {
          distances[earlier] = distance;
          next.push_back(earlier);
        }
      });
    level.swap(next);
  }
  return distances;
}

} // namespace lockvet::query
