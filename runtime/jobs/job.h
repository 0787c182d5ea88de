// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Work on disks that goes on beside their guests, for long, such as a mirror: what all kinds of it
// have in common. The registry (jobs.h) owns it and calls it: the setup and the end in the main
// loop, and the work between in coroutines of one context.

#ifndef LOCKVET_RUNTIME_JOBS_JOB_H
#define LOCKVET_RUNTIME_JOBS_JOB_H

#include "runtime/graph/graph.h"
#include "runtime/jobs/job_control.h"

namespace lockvet::runtime {

struct JobOptions {
  // Unlike that of any other job.
  std::string id;
  // Whether it makes its last changes of the graph, and goes away, without being asked to.
  bool auto_finalize = true;
  bool auto_dismiss = true;
  // Bytes a second; 0 is without a limit. Can be changed.
  uint64_t speed = 0;
  OnError on_source_error = OnError::report;
  OnError on_target_error = OnError::report;
  // Jobs of one number, unless it is 0, succeed or fail together: none makes its last changes
  // before all have done their work, and when one fails or is cancelled all are.
  uint64_t group = 0;
  // Where its coroutines run; the main loop's if there is none. It does not end before the job.
  AioContext* context = nullptr;
};

class Job {
public:
  Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  // After clean().
  virtual ~Job() = default;

  // As QEMU's JobType: "commit", "stream", "mirror", "backup".
  virtual std::string_view type() const noexcept = 0;
  // The node that it is about, for messages and events.
  virtual const std::string& device() const noexcept = 0;

  // --- in the main loop, which runs meanwhile ---

  // Puts into the graph what it needs. After an error clean() follows.
  [[nodiscard]] virtual GraphResult<> LV_NO_COROUTINE_FN begin() LV_MAIN_LOOP LV_GRAPH_UNLOCKED = 0;
  // After the work was done: the last changes. After an error it has failed.
  [[nodiscard]] virtual GraphResult<>
      LV_NO_COROUTINE_FN finish() LV_MAIN_LOOP LV_GRAPH_UNLOCKED = 0;
  // Last, in all cases: takes out of the graph what it has put in. `succeeded`: finish() did.
  virtual void LV_NO_COROUTINE_FN clean(bool succeeded) LV_MAIN_LOOP LV_GRAPH_UNLOCKED = 0;

  // A job that is ready is to come to its end. Others are never ready.
  virtual void complete() LV_MAIN_LOOP {}
  // It is to end as it is now, without its last changes: true if it can, and then it has not
  // failed. Only a job that is ready is asked.
  virtual bool give_up_softly() LV_MAIN_LOOP { return false; }

  // --- the work, in a coroutine of the control's context ---

  virtual std::error_code LV_COROUTINE_FN co_run(JobControl& control) = 0;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_JOB_H
