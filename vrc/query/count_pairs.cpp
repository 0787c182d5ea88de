// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counting needs no paths: the strongly connected components of the product make a graph without
// cycles, and one pass over it in topological order tells for 512 starts, or ends, at once what
// they reach. Nearly all of a large program is one such component. That is found first, by what a
// member of it reaches and is reached from (Fleischer et al., "On identifying strongly connected
// components in parallel", 2000), which is all that is needed of it: the pass is over the rest.

#include "llvm/ADT/STLExtras.h"
#include "vrc/graph/components.h"
#include "vrc/query/ranked_pairs.h"

#include <algorithm>
#include <array>

namespace lockvet::query {

namespace {

using Bits = std::array<uint64_t, 8>;
constexpr size_t kBits = 512;
constexpr uint32_t kInGiant = UINT32_MAX;
constexpr size_t kMostGiants = 4;

void merge(Bits& into, const Bits& from) {
  for (size_t word = 0; word < into.size(); ++word)
    into[word] |= from[word];
}

void set(Bits& bits, size_t index) {
  bits[index / 64] |= uint64_t(1) << (index % 64);
}

uint64_t popcount(const Bits& bits) {
  uint64_t total = 0;
  for (uint64_t word : bits)
    total += static_cast<uint64_t>(llvm::popcount(word));
  return total;
}

class Counting {
public:
  explicit Counting(const Product& product) : product_(product) {}

  llvm::Expected<uint64_t> run() {
    if (llvm::Error error = findGiants())
      return std::move(error);
    numberTheRest();
    if (!findComponentsOfTheRest())
      return stopped();
    std::vector<Node> ends;
    for (Node node = 0; node < product_.view().graph.size(); ++node)
      if (product_.endStates(node) != 0)
        ends.push_back(node);
    by_ends_ = ends.size() <= product_.starts().size();
    const llvm::ArrayRef<Node> few = by_ends_ ? llvm::ArrayRef(ends) : product_.starts();
    const llvm::ArrayRef<Node> many = by_ends_ ? product_.starts() : llvm::ArrayRef(ends);
    bits_.resize(components_.count());
    uint64_t total = 0;
    for (size_t first = 0; first < few.size(); first += kBits) {
      if (product_.view().isStopped())
        return stopped();
      begin(few.slice(first, std::min(kBits, few.size() - first)));
      spread();
      for (Node node : many)
        total += popcount(bitsOf(node, statesOf(node, !by_ends_)));
    }
    return total;
  }

private:
  /// A component that a search from one of its positions found.
  struct Giant {
    std::vector<States> below; ///< by node: what it reaches
    std::vector<States> above; ///< what reaches it
    Bits bits{};               ///< those of the chunk that it reaches, or that reach it

    States members(Node node) const { return below[node] & above[node]; }
  };

  /// In each state that a path can stay in, the node with the most ways in and out is as a rule in
  /// the largest component. Where it is not, a small one is found, and nothing is lost but time.
  llvm::Error findGiants() {
    const Graph& graph = product_.view().graph;
    for (size_t state = 0; state < product_.states() && giants_.size() < kMostGiants; ++state) {
      const States bit = States(1) << state;
      if (!(product_.follow(state) & bit))
        continue;
      Node hub = graph::kNoNode;
      uint64_t most = 0;
      for (Node node = 0; node < graph.size(); ++node) {
        if (!(product_.liveStates(node) & bit))
          continue;
        if (const uint64_t ways = uint64_t{graph.in(node).size()} * graph.out(node).size();
            ways > most) {
          most = ways;
          hub = node;
        }
      }
      if (hub == graph::kNoNode || (membersAt(hub) & bit))
        continue;
      const std::pair<Node, States> from(hub, bit);
      llvm::Expected<std::vector<States>> below = product_.reach(from, /*forwards=*/true);
      if (!below)
        return below.takeError();
      llvm::Expected<std::vector<States>> above = product_.reach(from, /*forwards=*/false);
      if (!above)
        return above.takeError();
      giants_.push_back({std::move(*below), std::move(*above)});
    }
    return llvm::Error::success();
  }

  States membersAt(Node node) const {
    States all = 0;
    for (const Giant& giant : giants_)
      all |= giant.members(node);
    return all;
  }

  void numberTheRest() {
    rest_number_.assign(product_.positions(), kInGiant);
    for (Node node = 0; node < product_.view().graph.size(); ++node)
      forEachState(product_.liveStates(node) & ~membersAt(node), [&](size_t state) {
        const Position position = product_.positionOf(node, state);
        rest_number_[position] = static_cast<uint32_t>(rest_.size());
        rest_.push_back({position, node, static_cast<uint8_t>(state)});
      });
  }

  /// visit(number) with what comes next in the rest.
  template <typename Visit> void forEachNext(uint32_t number, Visit visit) const {
    product_.forEachNext(rest_[number].position, [&](Position target, const graph::Arc&) {
      if (rest_number_[target] != kInGiant)
        visit(rest_number_[target]);
    });
  }

  bool findComponentsOfTheRest() {
    return components_.find(
        static_cast<uint32_t>(rest_.size()),
        [&](uint32_t number, graph::Components::Visit visit) { forEachNext(number, visit); },
        [&] { return product_.view().isStopped(); });
  }

  States statesOf(Node node, bool as_end) const {
    return as_end ? product_.endStates(node) : product_.startStates(node);
  }

  /// Gives each node of a chunk its bit, and each component those that it has by way of giants.
  void begin(llvm::ArrayRef<Node> chunk) {
    std::fill(bits_.begin(), bits_.end(), Bits{});
    for (Giant& giant : giants_) {
      giant.bits = {};
      for (size_t index = 0; index < chunk.size(); ++index)
        if ((by_ends_ ? giant.below : giant.above)[chunk[index]] & statesOf(chunk[index], by_ends_))
          set(giant.bits, index);
      for (uint32_t number = 0; number < rest_.size(); ++number)
        if ((by_ends_ ? giant.above : giant.below)[rest_[number].node] >> rest_[number].state & 1)
          merge(bits_[components_.of(number)], giant.bits);
    }
    for (size_t index = 0; index < chunk.size(); ++index)
      forEachState(statesOf(chunk[index], by_ends_) & ~membersAt(chunk[index]), [&](size_t state) {
        const uint32_t number = rest_number_[product_.positionOf(chunk[index], state)];
        set(bits_[components_.of(number)], index);
      });
  }

  /// Ends come from successors, which have lower numbers; starts go there.
  void spread() {
    auto pass = [&](uint32_t number) {
      const uint32_t here = components_.of(number);
      forEachNext(number, [&](uint32_t target) {
        const uint32_t there = components_.of(target);
        if (there == here)
          return;
        if (by_ends_)
          merge(bits_[here], bits_[there]);
        else
          merge(bits_[there], bits_[here]);
      });
    };
    if (by_ends_)
      llvm::for_each(components_.members(), pass);
    else
      llvm::for_each(llvm::reverse(components_.members()), pass);
  }

  Bits bitsOf(Node node, States states) const {
    Bits all{};
    for (const Giant& giant : giants_)
      if (giant.members(node) & states)
        merge(all, giant.bits);
    forEachState(states & ~membersAt(node), [&](size_t state) {
      merge(all, bits_[components_.of(rest_number_[product_.positionOf(node, state)])]);
    });
    return all;
  }

  struct Rest {
    Position position;
    Node node;
    uint8_t state;
  };

  const Product& product_;
  std::vector<Giant> giants_;
  std::vector<uint32_t> rest_number_; ///< by position
  std::vector<Rest> rest_;            ///< positions in no giant
  graph::Components components_;      ///< of the rest, by number
  std::vector<Bits> bits_;            ///< by component
  bool by_ends_ = false;              ///< a bit is an end, and not a start
};

} // namespace

llvm::Expected<uint64_t> countPairs(const Product& product) {
  return Counting(product).run();
}

} // namespace lockvet::query
