// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/order_components.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace lockvet::locks {

using program::Call;
using program::Target;

namespace {

/// Tarjan's algorithm (SIAM Journal on Computing 1, 1972), with a stack of its own, over one graph
/// of nodes and functions: from a node lead the calls under it, from a function its calls and what
/// it waits for. Nodes are in a cycle of this graph where they are in one of what is waited for
/// under what; and it has no more edges than the program has calls.
class ComponentSearch {
public:
  ComponentSearch(const program::Program& program, const FollowedCalls& followed,
                  const OrderSites& sites, const std::vector<std::vector<OrderRoot>>& roots,
                  llvm::ArrayRef<std::pair<uint32_t, uint32_t>> waits)
      : program_(program), followed_(followed), sites_(sites), roots_(roots),
        nodes_(static_cast<uint32_t>(roots.size())), number_(nodes_ + program.functions().size()),
        lowest_(number_.size()), waits_(roots.size()) {
    for (const auto& [from, to] : waits)
      waits_[from].push_back(to);
  }

  /// Calls visit(members) for each component that has several nodes.
  void run(llvm::function_ref<void(std::vector<uint32_t>)> visit) {
    for (uint32_t node = 0; node < nodes_; ++node)
      if (number_[node] == 0)
        search(node, visit);
  }

private:
  struct Frame {
    uint32_t vertex = 0;
    std::vector<uint32_t> successors; ///< that are still to be visited
  };

  uint32_t vertexOf(Id function) const { return nodes_ + function; }

  std::vector<uint32_t> successorsOf(uint32_t vertex) const {
    std::vector<uint32_t> successors;
    auto addTargets = [&](uint32_t call) {
      followed_.forEachTarget(
          call, [&](Target target) { successors.push_back(vertexOf(target.function)); });
    };
    if (vertex >= nodes_) {
      const Id function = vertex - nodes_;
      for (const OrderSite& site : sites_.of(function))
        successors.push_back(site.node);
      for (const Call& call : program_.callsOf(function))
        addTargets(static_cast<uint32_t>(program_.indexOf(call)));
      return successors;
    }
    llvm::append_range(successors, waits_[vertex]);
    for (const OrderRoot& root : roots_[vertex])
      for (const auto& [call, holds] : root.calls) {
        for (const OrderSite& site : sites_.of(root.function))
          if (site.call == call)
            successors.push_back(site.node);
        addTargets(call);
      }
    return successors;
  }

  void enter(uint32_t vertex) {
    number_[vertex] = lowest_[vertex] = ++entered_;
    open_.push_back(vertex);
    frames_.push_back({vertex, successorsOf(vertex)});
  }

  void search(uint32_t start, llvm::function_ref<void(std::vector<uint32_t>)> visit) {
    enter(start);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const uint32_t vertex = frame.vertex;
      if (!frame.successors.empty()) {
        const uint32_t next = frame.successors.back();
        frame.successors.pop_back();
        if (number_[next] == 0)
          enter(next);
        else
          lowest_[vertex] = std::min(lowest_[vertex], lowest_[next]);
        continue;
      }
      frames_.pop_back();
      if (!frames_.empty()) {
        uint32_t& caller = lowest_[frames_.back().vertex];
        caller = std::min(caller, lowest_[vertex]);
      }
      if (lowest_[vertex] == number_[vertex])
        close(vertex, visit);
    }
  }

  /// All that was entered since the vertex is in a component with it.
  void close(uint32_t vertex, llvm::function_ref<void(std::vector<uint32_t>)> visit) {
    std::vector<uint32_t> members;
    for (uint32_t member = kClosed; member != vertex;) {
      member = open_.back();
      open_.pop_back();
      lowest_[member] = kClosed;
      if (member < nodes_)
        members.push_back(member);
    }
    if (members.size() > 1)
      visit(std::move(members));
  }

  static constexpr uint32_t kClosed = UINT32_MAX; ///< is lower than nothing

  const program::Program& program_;
  const FollowedCalls& followed_;
  const OrderSites& sites_;
  const std::vector<std::vector<OrderRoot>>& roots_;
  uint32_t nodes_;
  std::vector<uint32_t> number_; ///< by vertex, in the order in which they are entered; 0: not yet
  std::vector<uint32_t> lowest_; ///< by vertex: the first that it leads back to
  std::vector<std::vector<uint32_t>> waits_; ///< by node
  std::vector<uint32_t> open_;
  std::vector<Frame> frames_;
  uint32_t entered_ = 0;
};

} // namespace

OrderComponents::OrderComponents(const program::Program& program, const FollowedCalls& followed,
                                 const OrderSites& sites,
                                 const std::vector<std::vector<OrderRoot>>& roots,
                                 llvm::ArrayRef<std::pair<uint32_t, uint32_t>> waits)
    : component_of_(roots.size(), kNone) {
  ComponentSearch(program, followed, sites, roots, waits).run([&](std::vector<uint32_t> members) {
    llvm::sort(members);
    for (uint32_t member : members)
      component_of_[member] = static_cast<uint32_t>(members_.size());
    members_.push_back(std::move(members));
  });
}

} // namespace lockvet::locks
