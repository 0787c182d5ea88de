// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A time in which no request is in flight in some nodes, and none begins: who wants to send one
// waits. The nodes above are quiet as well, since their requests would come here; those below may
// have other parents and are not. It belongs to a scope of the main loop; sections nest.

#ifndef LOCKVET_RUNTIME_GRAPH_DRAINED_SECTION_H
#define LOCKVET_RUNTIME_GRAPH_DRAINED_SECTION_H

#include "runtime/graph/parent.h"

#include <initializer_list>
#include <vector>

namespace lockvet::runtime {

class Graph;

class [[nodiscard]] DrainedSection {
public:
  // Runs the main loop until the last request has ended. Its callbacks do not wait for requests to
  // nodes that are drained.
  LV_NO_COROUTINE_FN explicit DrainedSection(std::vector<Parent*> quiet)
      LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  LV_NO_COROUTINE_FN explicit DrainedSection(Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  DrainedSection(const DrainedSection&) = delete;
  DrainedSection& operator=(const DrainedSection&) = delete;
  // Lets them go on; does not wait.
  LV_NO_COROUTINE_FN ~DrainedSection();

  // All nodes that can be reached from this one, itself too.
  static std::vector<Parent*> subtree(Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  static std::vector<Parent*> all(const Graph& graph) LV_MAIN_LOOP;

  const std::vector<Parent*>& quiet() const noexcept { return quiet_; }

private:
  const std::vector<Parent*> quiet_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_DRAINED_SECTION_H
