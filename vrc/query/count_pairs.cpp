// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counting needs no paths: the strongly connected components of the product make a graph without
// cycles, and one pass over it in topological order tells for 512 starts, or ends, at once what
// they reach.

#include "llvm/ADT/STLExtras.h"
#include "vrc/graph/components.h"
#include "vrc/query/ranked_pairs.h"

#include <algorithm>
#include <array>

namespace lockvet::query {

namespace {

using Bits = std::array<uint64_t, 8>;
constexpr size_t kBits = 512;

void merge(Bits& into, const Bits& from) {
  for (size_t word = 0; word < into.size(); ++word)
    into[word] |= from[word];
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
    const bool is_done = components_.find(
        static_cast<uint32_t>(product_.positions()),
        [&](Position position, graph::Components::Visit visit) {
          product_.forEachNext(position,
                               [&](Position target, const graph::Arc&) { visit(target); });
        },
        [&] { return product_.view().isStopped(); });
    if (!is_done)
      return stopped();
    std::vector<Node> ends;
    for (Node node = 0; node < product_.view().graph.size(); ++node)
      if (product_.liveStates(node) & product_.endStates())
        ends.push_back(node);
    const bool by_ends = ends.size() <= product_.starts().size();
    const llvm::ArrayRef<Node> few = by_ends ? llvm::ArrayRef(ends) : product_.starts();
    const llvm::ArrayRef<Node> many = by_ends ? product_.starts() : llvm::ArrayRef(ends);
    bits_.resize(components_.count());
    uint64_t total = 0;
    for (size_t first = 0; first < few.size(); first += kBits) {
      if (product_.view().isStopped())
        return stopped();
      std::fill(bits_.begin(), bits_.end(), Bits{});
      const llvm::ArrayRef<Node> chunk = few.slice(first, std::min(kBits, few.size() - first));
      for (size_t index = 0; index < chunk.size(); ++index)
        forEachState(statesOf(chunk[index], by_ends), [&](size_t state) {
          bitsOf(chunk[index], state)[index / 64] |= uint64_t(1) << (index % 64);
        });
      if (by_ends)
        pull();
      else
        push();
      for (Node node : many) {
        Bits all{};
        forEachState(statesOf(node, !by_ends),
                     [&](size_t state) { merge(all, bitsOf(node, state)); });
        total += popcount(all);
      }
    }
    return total;
  }

private:
  States statesOf(Node node, bool as_end) const {
    return as_end ? product_.liveStates(node) & product_.endStates() : product_.startStates(node);
  }

  Bits& bitsOf(Node node, size_t state) {
    return bits_[components_.of(product_.positionOf(node, state))];
  }

  /// What a component reaches: its successors have been done before it.
  void pull() {
    for (Position position : components_.members()) {
      const uint32_t here = components_.of(position);
      product_.forEachNext(position, [&](Position target, const graph::Arc&) {
        if (const uint32_t there = components_.of(target); there != here)
          merge(bits_[here], bits_[there]);
      });
    }
  }

  /// What reaches a component: its predecessors have been done before it.
  void push() {
    for (Position position : llvm::reverse(components_.members())) {
      const uint32_t here = components_.of(position);
      product_.forEachNext(position, [&](Position target, const graph::Arc&) {
        if (const uint32_t there = components_.of(target); there != here)
          merge(bits_[there], bits_[here]);
      });
    }
  }

  const Product& product_;
  graph::Components components_;
  std::vector<Bits> bits_;
};

} // namespace

llvm::Expected<uint64_t> countPairs(const Product& product) {
  return Counting(product).run();
}

} // namespace lockvet::query
