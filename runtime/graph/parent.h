// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who has edges that lead to nodes: another node, or a root, such as a BlockBackend or a job. It
// owns its edges. Nodes tell it when it must be quiet. All in the main loop.

#ifndef LOCKVET_RUNTIME_GRAPH_PARENT_H
#define LOCKVET_RUNTIME_GRAPH_PARENT_H

#include "runtime/graph/edge.h"

#include <memory>

namespace lockvet::runtime {

class Parent {
public:
  // As "node 'disk'", for messages.
  virtual std::string describe() const = 0;

  // The node that it is, or nullptr.
  virtual Node* as_node() noexcept { return nullptr; }

  // Its edge of that name, or nullptr.
  virtual Edge* LV_GRAPH_RDLOCK child(std::string_view name) const = 0;

  // What it needs of a child; `own` is what is needed of itself, if it is a node.
  virtual Permissions LV_GRAPH_RDLOCK child_permissions(EdgeRole role, Permissions own) const = 0;

  // From here to quiesce_end() it begins no request. Nested.
  virtual void LV_MAIN_LOOP LV_GRAPH_RDLOCK quiesce_begin() = 0;
  virtual void LV_MAIN_LOOP LV_GRAPH_RDLOCK quiesce_end() = 0;
  // Whether requests that it has begun are in flight. Nobody waits for a change without kicks.
  virtual bool LV_MAIN_LOOP LV_GRAPH_RDLOCK busy() const = 0;

  // Whether a child may have another home.
  virtual bool allows_context_change() const noexcept { return true; }

  // Whether it keeps its child when another node takes the place of that: a job that is about just
  // this node.
  virtual bool stays_at_node() const noexcept { return false; }

  // For who changes the graph; of itself it is not enough, since the child has to know, too.
  // What a root needs of its child from now on; nodes need what follows from their own parents.
  virtual void LV_GRAPH_WRLOCK set_needed(Permissions) {}
  virtual void LV_GRAPH_WRLOCK own_edge(std::unique_ptr<Edge> edge) = 0;
  virtual std::unique_ptr<Edge> LV_GRAPH_WRLOCK disown_edge(Edge& edge) = 0;

protected:
  ~Parent() = default;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_PARENT_H
