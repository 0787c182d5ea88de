// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A mirror copies a disk to another node while a guest uses it, and keeps the two the same from
// when it is ready on. When it completes the guest goes on with the target. The functions are
// called in the main loop, which runs meanwhile; a registry owns the job.

#ifndef LOCKVET_RUNTIME_JOBS_MIRROR_H
#define LOCKVET_RUNTIME_JOBS_MIRROR_H

#include "runtime/jobs/jobs.h"

namespace lockvet::runtime {

struct MirrorOptions {
  enum class Sync : uint8_t {
    // All that the disk shows.
    full,
    // What is in its top node, over whose backing file the target stands as well.
    top,
    // Only what is written from now on.
    none,
  };
  enum class CopyMode : uint8_t {
    // Copies what the guest has written; beside it when the copy would never come to an end.
    background,
    // The guest's writes go to both from the begin.
    write_blocking,
  };

  // By name, and of the same length. Nobody else writes to the target.
  std::string node;
  std::string target;
  Sync sync = Sync::full;
  CopyMode copy_mode = CopyMode::background;
  // Of what it notes, in bytes: as that of a dirty bitmap.
  uint64_t granularity = uint64_t{64} * 1024;
  // Of the filter above the disk, if it is to have one of its user's choice.
  std::optional<std::string> filter_name = std::nullopt;
};

[[nodiscard]] GraphResult<>
    LV_NO_COROUTINE_FN start_mirror(Jobs& jobs, const JobOptions& job,
                                    const MirrorOptions& options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// The same to a node that the disk stands on, into which all is written that is above it: a commit
// of the active layer, of the type "commit". When it completes the guest goes on with the base, and
// the nodes above it are nobody's. The base is made longer if it has to be.
struct ActiveCommitOptions {
  std::string top;
  std::string base;
  std::optional<std::string> filter_name = std::nullopt;
};
[[nodiscard]] GraphResult<> LV_NO_COROUTINE_FN
start_active_commit(Jobs& jobs, const JobOptions& job,
                    const ActiveCommitOptions& options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_MIRROR_H
