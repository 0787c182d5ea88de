// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The nodes of the graph as a user sees them: made from their options with all that comes with
// them, put above each other, opened anew, and removed. It owns the graph, in the main loop. A node
// that a user has asked for stays until he removes it; one that came as another's child, or that an
// image names as its backing file, goes with the last that it is a child of.

#ifndef LOCKVET_RUNTIME_CONTROL_BLOCK_BLOCK_NODES_H
#define LOCKVET_RUNTIME_CONTROL_BLOCK_BLOCK_NODES_H

#include "runtime/control/block/node_options.h"
#include "runtime/control/block/objects.h"
#include "runtime/graph/graph.h"

namespace lockvet::runtime::control {

class BlockNodes {
public:
  // All outlive it. The context is the main loop's, and the home of new nodes.
  BlockNodes(AioContext& home, ThreadPool& pool, const Objects& objects)
      : home_(home), pool_(pool), objects_(objects) {}
  BlockNodes(const BlockNodes&) = delete;
  BlockNodes& operator=(const BlockNodes&) = delete;
  // After close().
  ~BlockNodes() = default;

  // Adds it and its children, or nothing.
  GraphResult<Node*>
      LV_NO_COROUTINE_FN add(const NodeOptions& options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<> LV_NO_COROUTINE_FN remove(const std::string& name) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // Gives nodes other children, or has them open for reading only or for writing as well; all or
  // none of it. What else their options say has to be as it is.
  GraphResult<> LV_NO_COROUTINE_FN reopen(const std::vector<NodeOptions>& options)
      LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // The same of one node, and of what came with it: whether it was otherwise before.
  GraphResult<bool> LV_NO_COROUTINE_FN set_read_only(Node& node,
                                                     bool read_only) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // Those that nobody has asked for and that are nobody's child any more, such as when a job has
  // taken an image out of a chain. What can't be closed now stays.
  void LV_NO_COROUTINE_FN remove_unused() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  struct Snapshot {
    std::string node;
    std::string overlay;
  };
  // Puts an overlay above a node.
  GraphResult<> LV_NO_COROUTINE_FN snapshot(const Snapshot& wanted) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Right after it, while the node is drained: nothing has been written to the overlay.
  void LV_NO_COROUTINE_FN take_back(const Snapshot& snapshot) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // An error if there is none.
  GraphResult<Node*> find(const std::string& name) const LV_MAIN_LOOP;
  const Graph& graph() const LV_MAIN_LOOP { return graph_; }
  // For what puts nodes of its own into it.
  Graph& graph() noexcept { return graph_; }
  // Whether it was made here, unlike what a job puts into the graph.
  bool knows(const Node& node) const LV_MAIN_LOOP;
  // Of a node that was made here.
  const NodeOptions& options_of(const Node& node) const LV_MAIN_LOOP;
  bool is_read_only(const Node& node) const LV_MAIN_LOOP;
  // Of all nodes by their names, in bytes; without those that have none. In a coroutine of the
  // home.
  std::map<std::string, uint64_t> LV_COROUTINE_FN co_lengths() const LV_GRAPH_UNLOCKED;

  // Closes and removes all, when nothing of it is used any more. Goes on after an error, and
  // returns the first.
  GraphResult<> LV_NO_COROUTINE_FN close() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

private:
  friend class NodeBuilder;
  friend class ReopenPlan;

  struct Known {
    NodeOptions options;
    bool read_only = false;
    // A user has asked for it by itself.
    bool asked_for = false;
  };

  // With those of its children that go with it.
  GraphResult<> remove_with_children(Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  std::string made_up_name() LV_MAIN_LOOP;
  bool is_asked_for(const Node& node) const LV_MAIN_LOOP;
  void note_read_only(const Node& node, bool read_only) LV_MAIN_LOOP;

  AioContext& home_;
  ThreadPool& pool_;
  const Objects& objects_;
  Graph graph_;
  // Nodes that are there, also for coroutines of the main loop.
  std::map<const Node*, Known> known_ LV_OWNED_BY_CONTEXT(home_);
  unsigned made_up_ LV_OWNED_BY_CONTEXT(lockvet_main_loop) = 0;
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_BLOCK_BLOCK_NODES_H
