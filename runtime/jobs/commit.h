// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A commit writes what images have into one that they stand on, while a guest uses the disk, and
// has what stands on them stand on that. The images themselves are nobody's then, and without it.
// The function is called in the main loop, which runs meanwhile; a registry owns the job.

#ifndef LOCKVET_RUNTIME_JOBS_COMMIT_H
#define LOCKVET_RUNTIME_JOBS_COMMIT_H

#include "runtime/jobs/jobs.h"

namespace lockvet::runtime {

struct CommitOptions {
  // The uppermost image whose content goes into the base, which is below it. One that guests
  // write to is an active layer: its commit gets ready, and goes on until it is told to complete.
  std::string top;
  std::string base;
  // How what stands on the top is to call the base: as the image right above the base does, if that
  // is not said. Of an active layer, nothing stands on it.
  std::optional<BackingFileName> backing_file = std::nullopt;
  // Of the filter above an active layer, if it is to have one of its user's choice.
  std::optional<std::string> filter_name = std::nullopt;
};

// The base is made longer if it has to be.
[[nodiscard]] GraphResult<>
    LV_NO_COROUTINE_FN start_commit(Jobs& jobs, const JobOptions& job,
                                    const CommitOptions& options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_COMMIT_H
