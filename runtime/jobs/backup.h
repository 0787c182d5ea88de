// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A backup copies a disk as it is in the moment in which it begins, whatever a guest writes
// meanwhile. The function is called in the main loop, which runs meanwhile; a registry owns the
// job.

#ifndef LOCKVET_RUNTIME_JOBS_BACKUP_H
#define LOCKVET_RUNTIME_JOBS_BACKUP_H

#include "runtime/jobs/jobs.h"

namespace lockvet::runtime {

struct BackupOptions {
  enum class Sync : uint8_t {
    // All that the disk shows.
    full,
    // What is in its top node, over whose backing file the target stands as well.
    top,
    // What a dirty bitmap of the node says, over an earlier backup.
    incremental,
    // Only what the guest is about to overwrite, until the job is cancelled: what is not in the
    // target is still as it was in the disk.
    none,
  };
  enum class BitmapMode : uint8_t {
    // It is clean of what has been copied if the backup succeeds, and as before if not.
    on_success,
    // It is as before.
    never,
  };

  // By name, and of the same length. Nobody else writes to the target.
  std::string node;
  std::string target;
  Sync sync = Sync::full;
  // Of an incremental one.
  std::optional<std::string> bitmap = std::nullopt;
  BitmapMode bitmap_mode = BitmapMode::on_success;
  // Of the filter above the disk, if it is to have one of its user's choice.
  std::optional<std::string> filter_name = std::nullopt;
};

// For who begins several in one moment; see Jobs::prepare().
std::unique_ptr<Job> make_backup(Jobs& jobs, const std::string& id, const BackupOptions& options);

[[nodiscard]] GraphResult<>
    LV_NO_COROUTINE_FN start_backup(Jobs& jobs, const JobOptions& job,
                                    const BackupOptions& options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_BACKUP_H
