// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A stream has a disk take over what it shows of its backing files, down to one that stays or to
// the last, while a guest uses it; and then do without them. The function is called in the main
// loop, which runs meanwhile; a registry owns the job.

#ifndef LOCKVET_RUNTIME_JOBS_STREAM_H
#define LOCKVET_RUNTIME_JOBS_STREAM_H

#include "runtime/jobs/jobs.h"

namespace lockvet::runtime {

struct StreamOptions {
  // An image, which its driver can populate; see Driver::co_populate().
  std::string node;
  // The backing file that stays, or none.
  std::optional<std::string> base = std::nullopt;
  // How the image is to call it: as the image right above the base does, if that is not said.
  std::optional<BackingFileName> backing_file = std::nullopt;
};

[[nodiscard]] GraphResult<>
    LV_NO_COROUTINE_FN start_stream(Jobs& jobs, const JobOptions& job,
                                    const StreamOptions& options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_STREAM_H
