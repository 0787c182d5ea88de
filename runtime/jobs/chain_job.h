// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What commits and streams have in common: they go through what an image shows, down to a base, and
// nobody changes what is between meanwhile. The registry owns it; its methods are called in the
// main loop, which runs meanwhile.

#ifndef LOCKVET_RUNTIME_JOBS_CHAIN_JOB_H
#define LOCKVET_RUNTIME_JOBS_CHAIN_JOB_H

#include "runtime/jobs/job_nodes.h"
#include "runtime/jobs/node_holds.h"

#include <set>

namespace lockvet::runtime {

class ChainJob : public Job {
public:
  const std::string& device() const noexcept final { return top_name_; }

  GraphResult<> LV_NO_COROUTINE_FN begin() LV_MAIN_LOOP LV_GRAPH_UNLOCKED final;
  void LV_NO_COROUTINE_FN clean(bool) LV_MAIN_LOOP LV_GRAPH_UNLOCKED final {
    give_back(jobs_, std::move(holds_));
  }

protected:
  // By the names of nodes; all that the top shows if there is no base.
  ChainJob(Jobs& jobs, const std::string& id, std::string top, std::optional<std::string> base)
      : jobs_(jobs), id_(id), top_name_(std::move(top)), base_name_(std::move(base)),
        holds_(std::make_unique<NodeHolds>(jobs, id)) {}

  // When the nodes below are known.
  virtual GraphResult<> LV_NO_COROUTINE_FN set_up() LV_MAIN_LOOP LV_GRAPH_UNLOCKED = 0;
  GraphResult<> LV_NO_COROUTINE_FN hold_between() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // What the user has said, or what the images say of the base.
  GraphResult<BackingFileName> LV_NO_COROUTINE_FN
  base_name(const std::optional<BackingFileName>& said, Node& above) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // In the header of an image that stays in the graph, which may be open for reading only.
  GraphResult<> LV_NO_COROUTINE_FN rename_backing_file(Node& image, const BackingFileName& name)
      LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  Jobs& jobs() noexcept { return jobs_; }
  NodeHolds& holds() noexcept { return *holds_; }
  Node& top() const noexcept { return *top_; }
  // nullptr if there is none.
  Node* base() const noexcept { return chain_.base; }
  // From above.
  const std::vector<Node*>& between() const noexcept { return chain_.between; }
  // In bytes, of the top.
  uint64_t top_length() const noexcept { return top_length_; }

private:
  Jobs& jobs_;
  const std::string id_;
  const std::string top_name_;
  const std::optional<std::string> base_name_;
  std::unique_ptr<NodeHolds> holds_;
  Node* top_ = nullptr;
  ChainBetween chain_;
  uint64_t top_length_ = 0;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_CHAIN_JOB_H
