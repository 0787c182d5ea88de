// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The life of a job: the states that it goes through, and what its user may ask of it in each. They
// are those of QEMU's jobs (JobStatus and JobVerb in qapi/job.json, the tables in job.c), so that
// who knows these knows ours. Values; they need no lock.

#ifndef LOCKVET_RUNTIME_JOBS_JOB_STATUS_H
#define LOCKVET_RUNTIME_JOBS_JOB_STATUS_H

#include <cstdint>
#include <string_view>

namespace lockvet::runtime {

enum class JobStatus : uint8_t {
  // It is being set up.
  created,
  running,
  paused,
  // A job that goes on until it is told to complete has done its first part.
  ready,
  // Paused when it was ready.
  standby,
  // Its work is done, and it waits for the others of its group.
  waiting,
  // Its work is done, and the last changes of the graph wait for finalize.
  pending,
  // It has failed or was cancelled, and takes back what it has changed.
  aborting,
  // It has ended, and waits for dismiss.
  concluded,
  // It is gone.
  null,
};

enum class JobVerb : uint8_t { cancel, pause, resume, set_speed, complete, finalize, dismiss };

// As "running", and as "set-speed".
std::string_view to_string(JobStatus status) noexcept;
std::string_view to_string(JobVerb verb) noexcept;

// Whether a job in that state takes that verb.
bool allows(JobStatus status, JobVerb verb) noexcept;

// Whether a job may go from the one to the other.
bool leads_to(JobStatus from, JobStatus to) noexcept;

// What becomes of a request of a job that failed.
enum class OnError : uint8_t {
  // The job fails.
  report,
  // It is tried again after a while.
  ignore,
  // The job is paused, and tries it again when it is resumed.
  stop,
  // As stop if there is no space left, else as report.
  enospc,
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_JOB_STATUS_H
