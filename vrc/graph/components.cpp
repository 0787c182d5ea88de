// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/graph/components.h"

#include <algorithm>

namespace lockvet::graph {

namespace {

constexpr uint32_t kNone = UINT32_MAX;
constexpr uint32_t kStepsBetweenLooks = 1 << 16;

struct Frame {
  uint32_t member = 0;
  uint32_t index = 0; ///< Tarjan's number of the member
  size_t targets = 0; ///< where the targets that it has still to visit begin
};

} // namespace

bool Components::find(uint32_t size, llvm::function_ref<void(uint32_t, Visit)> successors,
                      llvm::function_ref<bool()> is_stopped) {
  of_.assign(size, kNone);
  members_.clear();
  members_.reserve(size);
  count_ = 0;
  std::vector<uint32_t> low(size, kNone), stack;
  std::vector<Frame> frames;
  std::vector<uint32_t> targets; // those of the last frame are the last
  uint32_t next = 0;
  auto enter = [&](uint32_t member) {
    frames.push_back({member, next, targets.size()});
    low[member] = next++;
    stack.push_back(member);
    successors(member, [&](uint32_t target) {
      if (of_[target] == kNone)
        targets.push_back(target);
    });
  };
  auto leave = [&] {
    const uint32_t member = frames.back().member;
    const uint32_t index = frames.back().index;
    frames.pop_back();
    if (low[member] == index) {
      do {
        of_[stack.back()] = count_;
        members_.push_back(stack.back());
        stack.pop_back();
      } while (members_.back() != member);
      ++count_;
    }
    if (!frames.empty())
      low[frames.back().member] = std::min(low[frames.back().member], low[member]);
  };
  for (uint32_t root = 0; root < size; ++root) {
    if (low[root] != kNone)
      continue;
    for (enter(root); !frames.empty();) {
      if (next % kStepsBetweenLooks == 0 && is_stopped())
        return false;
      const Frame& frame = frames.back();
      if (frame.targets == targets.size()) {
        leave();
        continue;
      }
      const uint32_t target = targets.back();
      targets.pop_back();
      if (low[target] == kNone)
        enter(target);
      else if (of_[target] == kNone)
        low[frame.member] = std::min(low[frame.member], low[target]);
    }
  }
  return true;
}

std::vector<std::vector<Node>> cycles(const Graph& graph,
                                      llvm::function_ref<bool(const Arc&)> follows) {
  Components components;
  llvm::BitVector calls_itself(static_cast<unsigned>(graph.size()));
  components.find(
      static_cast<uint32_t>(graph.size()),
      [&](Node node, Components::Visit visit) {
        for (const Arc& arc : graph.out(node))
          if (follows(arc)) {
            visit(arc.node);
            if (arc.node == node)
              calls_itself.set(node);
          }
      },
      [] { return false; });
  std::vector<std::vector<Node>> groups;
  uint32_t last = kNone;
  for (Node node : components.members()) {
    if (components.of(node) != last)
      groups.emplace_back();
    last = components.of(node);
    groups.back().push_back(node);
  }
  std::erase_if(groups, [&](const std::vector<Node>& group) {
    return group.size() == 1 && !calls_itself.test(group.front());
  });
  for (std::vector<Node>& group : groups)
    std::sort(group.begin(), group.end());
  std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  return groups;
}

} // namespace lockvet::graph
