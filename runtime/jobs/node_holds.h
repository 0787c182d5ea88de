// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The nodes that a job uses or relies on: it is a parent of each meanwhile, so that nobody removes
// one or does to it what the job can't stand, and stays it when an overlay comes above. What is
// open for reading only, and has to be written to, is writable for that time. The job owns it, and
// gives them back in the main loop.

#ifndef LOCKVET_RUNTIME_JOBS_NODE_HOLDS_H
#define LOCKVET_RUNTIME_JOBS_NODE_HOLDS_H

#include "runtime/graph/block_backend.h"
#include "runtime/jobs/jobs.h"

namespace lockvet::runtime {

// Others may read.
inline constexpr Permissions nobody_writes = {
    Permission::none,
    without(Permission::all, Permission::write | Permission::write_unchanged | Permission::resize)};

class NodeHolds {
public:
  NodeHolds(Jobs& jobs, std::string job) : jobs_(jobs), job_(std::move(job)) {}

  // A way to it with these permissions, which is there until they are given back.
  [[nodiscard]] GraphResult<BlockBackend*>
      LV_NO_COROUTINE_FN add(Node& node, Permissions permissions) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // All of them stay there from now on, also while the main loop runs, in which other jobs end
  // whose nodes they may be.
  [[nodiscard]] GraphResult<>
      LV_NO_COROUTINE_FN hold(const std::vector<Node*>& nodes) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // The node stays there, and is writable, until they are given back.
  [[nodiscard]] GraphResult<>
      LV_NO_COROUTINE_FN make_writable(Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // What was made writable stays so.
  void keep_writable() LV_MAIN_LOOP;

  // False if somebody else is at work on one, which is then still held.
  bool LV_NO_COROUTINE_FN give_back() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

private:
  struct Writable {
    Node* node;
    std::unique_ptr<BlockBackend> hold;
    // It was open for reading only before.
    bool put_back;
  };

  std::unique_ptr<BlockBackend> make_backend(Permissions permissions) const;

  Jobs& jobs_;
  const std::string job_;
  std::vector<std::unique_ptr<BlockBackend>> backends_;
  std::vector<Writable> writable_;
};

// Gives them back as soon as that can be, after which they are gone.
void LV_NO_COROUTINE_FN give_back(Jobs& jobs,
                                  std::unique_ptr<NodeHolds> holds) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// Does what sets a job up while the nodes that it names are held, in the main loop: until they have
// another parent that stays.
template <typename SetUp>
GraphResult<> LV_NO_COROUTINE_FN while_held(Jobs& jobs, const std::string& job,
                                            const std::vector<Node*>& nodes,
                                            SetUp&& set_up) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  auto named = std::make_unique<NodeHolds>(jobs, job);
  auto result = named->hold(nodes);
  if (result)
    result = set_up();
  give_back(jobs, std::move(named));
  return result;
}

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_NODE_HOLDS_H
