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
  if (llvm::Error error = product.keepWhatReachesAnEnd())
    return std::move(error);
  if (llvm::Error error = product.keepWhatAStartReaches())
    return std::move(error);
  product.number();
  return product;
}

llvm::Error Product::keepWhatReachesAnEnd() {
  std::vector<States> reached(live_.size(), 0);
  Worklist work(live_.size());
  for (Node node = 0; node < live_.size(); ++node) {
    reached[node] = live_[node] & automaton_.last;
    work.add(node, reached[node]);
  }
  for (size_t steps = 0; !work.isEmpty(); ++steps) {
    if (steps % kStepsBetweenLooks == 0 && view_.isStopped())
      return stopped();
    const auto [node, states] = work.take();
    const States before = unionOf(automaton_.precede, states);
    if (before == 0 || !view_.sees(node))
      continue;
    for (const graph::Arc& arc : view_.graph.in(node))
      if (States fresh = before & live_[arc.node] & ~reached[arc.node];
          fresh != 0 && view_.follows(arc)) {
        reached[arc.node] |= fresh;
        work.add(arc.node, fresh);
      }
  }
  live_ = std::move(reached);
  return llvm::Error::success();
}

llvm::Error Product::keepWhatAStartReaches() {
  std::vector<States> reached(live_.size(), 0);
  Worklist work(live_.size());
  for (Node node = 0; node < live_.size(); ++node) {
    reached[node] = live_[node] & automaton_.first;
    work.add(node, reached[node]);
  }
  for (size_t steps = 0; !work.isEmpty(); ++steps) {
    if (steps % kStepsBetweenLooks == 0 && view_.isStopped())
      return stopped();
    const auto [node, states] = work.take();
    const States after = unionOf(automaton_.follow, states);
    if (after == 0)
      continue;
    for (const graph::Arc& arc : view_.graph.out(node))
      if (States fresh = after & live_[arc.node] & ~reached[arc.node];
          fresh != 0 && view_.follows(arc)) {
        reached[arc.node] |= fresh;
        work.add(arc.node, fresh);
      }
  }
  live_ = std::move(reached);
  return llvm::Error::success();
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
    for (Position position : level) {
      const Node node = nodes_[position];
      const States before = automaton_.precede[states_[position]];
      for (const graph::Arc& arc : view_.graph.in(node))
        if (States states = before & live_[arc.node]; states != 0 && view_.follows(arc))
          forEachState(states, [&](size_t state) {
            const Position earlier = positionOf(arc.node, state);
            if (distances[earlier] == UINT32_MAX) {
              distances[earlier] = distance;
              next.push_back(earlier);
            }
          });
    }
    level.swap(next);
  }
  return distances;
}

} // namespace lockvet::query
