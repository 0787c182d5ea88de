// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/query/simple_paths.h"

#include <algorithm>

namespace lockvet::query {

namespace {

class Enumeration {
public:
  Enumeration(const Product& product, llvm::function_ref<bool(const Path&)> visit)
      : product_(product), visit_(visit), distances_(product.distancesToEnd()),
        on_path_(static_cast<unsigned>(product.view().graph.size())) {}

  llvm::Error run() {
    // A simple path has fewer edges than the graph has nodes, but nothing is cut off long before.
    for (bound_ = 0; !is_done_; ++bound_) {
      was_cut_ = false;
      for (Node start : product_.starts())
        if (llvm::Error error = runFrom(start))
          return error;
      is_done_ = is_done_ || !was_cut_;
    }
    return llvm::Error::success();
  }

private:
  struct Frame {
    Node node = graph::kNoNode;
    States states = 0;
    size_t arc = 0;
    Node last = graph::kNoNode; ///< the target of the arc before: a second edge is no second path
  };

  uint32_t distanceFrom(Node node, States states) const {
    uint32_t least = UINT32_MAX;
    forEachState(states, [&](size_t state) {
      least = std::min(least, distances_[product_.positionOf(node, state)]);
    });
    return least;
  }

  llvm::Error runFrom(Node start) {
    enter(start, product_.startStates(start), {start, graph::EdgeKind::Direct, {}});
    while (!frames_.empty() && !is_done_) {
      if (++steps_ % 4096 == 0 && product_.view().isStopped())
        return stopped();
      Frame& frame = frames_.back();
      const llvm::ArrayRef<graph::Arc> arcs = product_.view().graph.out(frame.node);
      if (frame.arc == arcs.size()) {
        leave();
        continue;
      }
      const graph::Arc arc = arcs[frame.arc++];
      if (arc.node == frame.last || on_path_.test(arc.node) || !product_.view().follows(arc))
        continue;
      States next = 0;
      forEachState(frame.states, [&](size_t state) { next |= product_.follow(state); });
      next &= product_.liveStates(arc.node);
      if (next == 0)
        continue;
      frame.last = arc.node;
      enter(arc.node, next, {arc.node, arc.kind, product_.view().graph.siteOf(arc)});
    }
    while (!frames_.empty())
      leave();
    return llvm::Error::success();
  }

  void enter(Node node, States states, Hop hop) {
    const size_t edges = frames_.size();
    const uint32_t distance = distanceFrom(node, states);
    if (edges + distance > bound_) {
      was_cut_ = true;
      return;
    }
    frames_.push_back({node, states, 0, graph::kNoNode});
    path_.push_back(hop);
    on_path_.set(node);
    // Shorter ones were visited under a lower bound.
    if (distance == 0 && edges == bound_ && !visit_(path_))
      is_done_ = true;
  }

  void leave() {
    on_path_.reset(frames_.back().node);
    frames_.pop_back();
    path_.pop_back();
  }

  const Product& product_;
  llvm::function_ref<bool(const Path&)> visit_;
  std::vector<uint32_t> distances_;
  NodeSet on_path_;
  std::vector<Frame> frames_;
  Path path_;
  size_t bound_ = 0;
  size_t steps_ = 0;
  bool was_cut_ = false;
  bool is_done_ = false;
};

} // namespace

llvm::Error forEachSimplePath(const Product& product, llvm::function_ref<bool(const Path&)> visit) {
  return Enumeration(product, visit).run();
}

} // namespace lockvet::query
