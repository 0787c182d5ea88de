// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The work of a mirror, or of a commit of an active layer, which is one to a node below. The
// registry owns it; its coroutines share what belongs to their context.

#ifndef LOCKVET_RUNTIME_JOBS_MIRROR_JOB_H
#define LOCKVET_RUNTIME_JOBS_MIRROR_JOB_H

#include "runtime/jobs/jobs.h"
#include "runtime/jobs/mirror.h"
#include "runtime/jobs/mirror_driver.h"
#include "runtime/jobs/node_holds.h"

namespace lockvet::runtime {

class MirrorJob final : public Job {
public:
  // A commit if the target is below the node.
  MirrorJob(Jobs& jobs, std::string id, MirrorOptions options, bool is_commit)
      : jobs_(jobs), id_(std::move(id)), options_(std::move(options)), is_commit_(is_commit),
        holds_(std::make_unique<NodeHolds>(jobs, id_)) {}

  std::string_view type() const noexcept override { return is_commit_ ? "commit" : "mirror"; }
  const std::string& device() const noexcept override { return options_.node; }

  GraphResult<> LV_NO_COROUTINE_FN begin() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;
  GraphResult<> LV_NO_COROUTINE_FN finish() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;
  void LV_NO_COROUTINE_FN clean(bool succeeded) LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;
  void complete() LV_MAIN_LOOP override { completing_ = true; }
  bool give_up_softly() LV_MAIN_LOOP override;

  std::error_code LV_COROUTINE_FN co_run(JobControl& control) override;

private:
  GraphResult<> LV_NO_COROUTINE_FN set_up(Node& source,
                                          Node& target) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<const Node*>
      LV_NO_COROUTINE_FN find_base(Node& source, Node& target) const LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // The guest's writes go to both from now on.
  void LV_NO_COROUTINE_FN go_beside_guest() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // --- in the job's context ---

  std::error_code LV_COROUTINE_FN co_work(JobControl& control);
  std::optional<DirtyBitmap::Area> next_area();
  std::expected<uint64_t, JobFailure> LV_COROUTINE_FN co_copy_area(DirtyBitmap::Area area,
                                                                   std::span<std::byte> buffer);
  // All of the notes have been looked through once more.
  void pass_ended();
  void want_beside_guest();
  // There was nothing to copy, and nothing is being copied.
  std::error_code LV_COROUTINE_FN co_meet_sync(JobControl& control);

  Jobs& jobs_;
  const std::string id_;
  const MirrorOptions options_;
  const bool is_commit_;
  std::unique_ptr<NodeHolds> holds_;
  Node* filter_ = nullptr;
  MirrorDriver* driver_ = nullptr;
  std::atomic<bool> completing_ = false;
  std::atomic<bool> pivots_ = true;
  // The main loop has been asked to have writes go to both, and has not done it yet.
  std::atomic<bool> switching_ = false;

  // Of the coroutines, which are in one thread.
  uint64_t cursor_ = 0;
  unsigned in_flight_ = 0;
  uint64_t left_of_pass_ = 0;
  unsigned vain_passes_ = 0;
  // Whether what was copied last was data, of which less is copied at once.
  bool in_data_ = false;
  // Disk and target have been the same, at least for a moment.
  bool synchronized_ = false;
  // One of them makes the target stable.
  bool ending_ = false;
  bool done_ = false;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_MIRROR_JOB_H
