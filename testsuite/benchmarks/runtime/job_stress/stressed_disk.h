// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A disk of qcow2 images in files, on which jobs are done while it is in use: each of its methods
// does one of a kind, from its begin to its end, and sees to what it leaves. The main loop owns it;
// requests to its backend come from any context.

#ifndef LOCKVET_TESTSUITE_BENCHMARKS_RUNTIME_JOB_STRESS_STRESSED_DISK_H
#define LOCKVET_TESTSUITE_BENCHMARKS_RUNTIME_JOB_STRESS_STRESSED_DISK_H

#include "runtime/coroutine/thread_mutex.h"
#include "runtime/drivers/file/file_driver.h"
#include "runtime/drivers/qcow2/image_driver.h"
#include "runtime/graph/block_backend.h"
#include "runtime/jobs/jobs.h"

#include <chrono>

namespace job_stress {

class StressedDisk {
public:
  using Time = std::chrono::nanoseconds;

  // How a job went.
  struct Outcome {
    // It came to its end within the time that it was given, and without an error.
    bool converged = false;
    // Until it was ready to complete, or done.
    Time copying = Time::zero();
  };

  // The folder and the pool outlive it. Sizes are in bytes.
  StressedDisk(lockvet::runtime::Graph& graph, lockvet::runtime::ThreadPool& pool,
               std::string folder, uint64_t size) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  StressedDisk(const StressedDisk&) = delete;
  StressedDisk& operator=(const StressedDisk&) = delete;
  // When it is closed.
  ~StressedDisk();

  lockvet::runtime::BlockBackend& backend() { return backend_; }

  // A snapshot in two steps: with the first there is an overlay to which nobody writes yet.
  void LV_NO_COROUTINE_FN prepare_overlay() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  void LV_NO_COROUTINE_FN insert_prepared_overlay() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Two snapshots, after each of which the guest goes on for a while.
  void LV_NO_COROUTINE_FN add_layers() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // Of all layers, of the one above the lowest, and of all again.
  Outcome LV_NO_COROUTINE_FN commit_active() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  Outcome LV_NO_COROUTINE_FN commit_intermediate() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  Outcome LV_NO_COROUTINE_FN stream() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  Outcome LV_NO_COROUTINE_FN mirror() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Jobs that end by a pivot in two steps: whether the first has come so far that its user may
  // have the pivot made.
  bool LV_NO_COROUTINE_FN begin_active_commit() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  Outcome LV_NO_COROUTINE_FN end_active_commit() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  bool LV_NO_COROUTINE_FN begin_mirror() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  Outcome LV_NO_COROUTINE_FN end_mirror() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // In two steps, between which its user has requests begin. What the backup has then to hold is
  // what the disk holds in the moment of the first; it is gone when it was compared.
  void LV_NO_COROUTINE_FN begin_backup() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  Outcome LV_NO_COROUTINE_FN end_backup() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  void LV_NO_COROUTINE_FN compare_backup(const std::vector<uint64_t>& content)
      LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // The images that jobs have left of no use; each is closed and checked, which takes a while.
  void LV_NO_COROUTINE_FN remove_unused() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Runs the main loop for a while.
  static void LV_NO_COROUTINE_FN run_for(Time time) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Whether all sectors are as they have to be, when nobody writes.
  void LV_NO_COROUTINE_FN check(const std::vector<uint64_t>& content)
      LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // When nobody uses it any more.
  void LV_NO_COROUTINE_FN close() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // Sentences about what went wrong.
  const std::vector<std::string>& problems() const { return problems_; }

private:
  struct Image {
    lockvet::runtime::Node* node = nullptr;
    lockvet::runtime::qcow2::ImageDriver* driver = nullptr;
    lockvet::runtime::Node* file_node = nullptr;
    std::string path;
  };

  // Under a name of its own, whose header names the backing file, if any.
  Image LV_NO_COROUTINE_FN add_image(const Image* below) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Closes it, and has it checked.
  void LV_NO_COROUTINE_FN remove(const Image& image) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Of the job that has begun: until it is ready, or at its end, and to its end. The second
  // completes it first if it is ready.
  bool LV_NO_COROUTINE_FN see_ready(const lockvet::runtime::GraphResult<>& started)
      LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  Outcome LV_NO_COROUTINE_FN see_end() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  void LV_NO_COROUTINE_FN compare(lockvet::runtime::Node& node,
                                  const std::vector<uint64_t>& content,
                                  const std::string& what) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  bool expect(const lockvet::runtime::GraphResult<>& done, const std::string& doing);
  bool LV_NO_COROUTINE_FN wait_for(const std::atomic<bool>& flag) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  lockvet::runtime::Graph& graph_;
  lockvet::runtime::ThreadPool& pool_;
  const std::string folder_;
  const uint64_t size_;
  lockvet::runtime::Jobs jobs_;
  lockvet::runtime::BlockBackend backend_;
  // From below.
  std::vector<Image> images_;
  std::vector<Image> unused_;
  // What the next snapshot takes, what a mirror or a backup is made to.
  Image overlay_;
  Image target_;
  uint64_t made_ = 0;
  // Of the job that runs.
  lockvet::runtime::Clock::time_point begun_;
  Time copying_ = Time::zero();
  std::atomic<bool> ready_ = false;
  std::atomic<bool> ended_ = false;
  std::string error_;
  std::vector<std::string> problems_;
};

} // namespace job_stress

#endif // LOCKVET_TESTSUITE_BENCHMARKS_RUNTIME_JOB_STRESS_STRESSED_DISK_H
