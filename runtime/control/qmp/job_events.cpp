// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/qmp/job_events.h"

#include "runtime/control/block/create_job.h"

namespace lockvet::runtime::control {

namespace {

Json progress_of(const JobInfo& job) {
  return {{"type", job.type},
          {"device", job.id},
          {"len", job.total},
          {"offset", job.current},
          {"speed", job.speed}};
}

// What becomes of the request that failed.
const char* action_of(OnError action) {
  return action == OnError::ignore ? "ignore" : action == OnError::report ? "report" : "stop";
}

} // namespace

void emit(EventHub& events, const JobEvent& event) {
  const JobInfo& job = event.job;
  if (event.kind == JobEvent::Kind::status_change)
    return events.emit("JOB_STATUS_CHANGE", {{"id", job.id}, {"status", to_string(job.status)}});
  // The others are of jobs that copy disks.
  if (job.type == create_job_type)
    return;
  switch (event.kind) {
  case JobEvent::Kind::status_change:
    break;
  case JobEvent::Kind::ready:
    return events.emit("BLOCK_JOB_READY", progress_of(job));
  case JobEvent::Kind::pending:
    return events.emit("BLOCK_JOB_PENDING", {{"type", job.type}, {"id", job.id}});
  case JobEvent::Kind::completed: {
    Json data = progress_of(job);
    if (!job.error.empty())
      data["error"] = job.error;
    return events.emit("BLOCK_JOB_COMPLETED", std::move(data));
  }
  case JobEvent::Kind::cancelled:
    return events.emit("BLOCK_JOB_CANCELLED", progress_of(job));
  case JobEvent::Kind::error:
    return events.emit("BLOCK_JOB_ERROR", {{"device", job.id},
                                           {"operation", event.reading ? "read" : "write"},
                                           {"action", action_of(event.action)}});
  }
}

} // namespace lockvet::runtime::control
