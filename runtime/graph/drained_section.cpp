// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/drained_section.h"

#include "runtime/graph/graph.h"

#include <algorithm>

namespace lockvet::runtime {

DrainedSection::DrainedSection(std::vector<Parent*> quiet) : quiet_(std::move(quiet)) {
  GraphLock::assert_unlocked();
  {
    const MainGraphReadLock lock;
    for (Parent* const parent : quiet_)
      parent->quiesce_begin();
  }
  MainLoop::wait_while([&] {
    MainLoop::assert_here();
    const MainGraphReadLock lock;
    return std::any_of(quiet_.begin(), quiet_.end(),
                       [](const Parent* parent) LV_REQUIRES(lockvet_main_loop)
                           LV_REQUIRES_SHARED(graph_lock) { return parent->busy(); });
  });
}

DrainedSection::DrainedSection(Node& node) : DrainedSection(std::vector<Parent*>{&node}) {}

DrainedSection::~DrainedSection() {
  MainLoop::assert_here();
  const MainGraphReadLock lock;
  for (auto parent = quiet_.rbegin(); parent != quiet_.rend(); ++parent)
    (*parent)->quiesce_end();
}

std::vector<Parent*> DrainedSection::subtree(Node& node) {
  const MainGraphReadLock lock;
  std::vector<Parent*> found{&node};
  for (size_t next = 0; next < found.size(); ++next)
    for (const auto& edge : found[next]->as_node()->children())
      if (std::find(found.begin(), found.end(), &edge->child()) == found.end())
        found.push_back(&edge->child());
  return found;
}

std::vector<Parent*> DrainedSection::all(const Graph& graph) {
  std::vector<Parent*> found;
  for (const auto& node : graph.nodes())
    found.push_back(node.get());
  return found;
}

} // namespace lockvet::runtime
