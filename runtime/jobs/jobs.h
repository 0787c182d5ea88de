// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The jobs of a program, by name, and what their user asks of them. Whoever has the graph owns it,
// keeps it no longer than the graph, and uses it in the main loop. Jobs are begun by the functions
// of stream.h, commit.h, mirror.h and backup.h.

#ifndef LOCKVET_RUNTIME_JOBS_JOBS_H
#define LOCKVET_RUNTIME_JOBS_JOBS_H

#include "runtime/jobs/job.h"

namespace lockvet::runtime {

// How a job is now.
struct JobInfo {
  std::string id;
  std::string type;
  std::string device;
  JobStatus status = JobStatus::created;
  // In bytes, and the total may grow.
  uint64_t current = 0;
  uint64_t total = 0;
  uint64_t speed = 0;
  bool ready = false;
  // Its user, or an error, has paused it; it may not be there yet.
  bool paused = false;
  bool auto_finalize = true;
  bool auto_dismiss = true;
  // Why it has failed, or nothing.
  std::string error;
};

struct JobEvent {
  // As QEMU's JOB_STATUS_CHANGE and BLOCK_JOB_READY, _PENDING, _COMPLETED (also with an error),
  // _CANCELLED and _ERROR.
  enum class Kind : uint8_t { status_change, ready, pending, completed, cancelled, error };

  Kind kind;
  JobInfo job;
  // Of an error: what was done, and what comes of it.
  bool reading = false;
  OnError action = OnError::report;
};

class Jobs {
public:
  // Is told in the main loop, and does not change the graph or a job there and then.
  using Observer = std::function<void(const JobEvent& event)>;

  explicit Jobs(Graph& graph);
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;
  // Without jobs.
  ~Jobs();

  // Has a node, with the file that it is in, be open for reading only, or for writing as well: true
  // if it was otherwise before. Called in the main loop, which runs meanwhile.
  using Reopen = std::function<GraphResult<bool>(Node& node, bool read_only)>;

  Graph& graph() const noexcept { return graph_; }
  void set_observer(Observer observer) LV_MAIN_LOOP { observer_ = std::move(observer); }

  // Whoever has made the nodes knows how. Without it, what is open for reading only stays so.
  void set_reopen(Reopen reopen) LV_MAIN_LOOP { reopen_ = std::move(reopen); }
  [[nodiscard]] GraphResult<bool>
      LV_NO_COROUTINE_FN reopen(Node& node, bool read_only) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // Those that are there, in the order in which they came.
  std::vector<JobInfo> query() const LV_MAIN_LOOP;
  // Nothing if there is none of that name.
  std::optional<JobInfo> find(std::string_view id) const LV_MAIN_LOOP;

  // Sets it up, and has it run. An error if the name is taken, or if it can't be set up.
  [[nodiscard]] GraphResult<> LV_NO_COROUTINE_FN
  start(std::unique_ptr<Job> job, const JobOptions& options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // The same in two steps, so that several begin in one moment or none does: it is set up, and
  // takes no verb yet; then it runs, or is taken back.
  [[nodiscard]] GraphResult<> LV_NO_COROUTINE_FN
  prepare(std::unique_ptr<Job> job, const JobOptions& options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  [[nodiscard]] GraphResult<>
      LV_NO_COROUTINE_FN run(std::string_view id) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  void LV_NO_COROUTINE_FN take_back(std::string_view id) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // A number for JobOptions::group that no other has.
  uint64_t new_group() LV_MAIN_LOOP { return ++groups_; }

  // --- verbs: an error if there is no such job, or it is not in a state for that ---

  // Takes effect soon: the states say when.
  [[nodiscard]] GraphResult<> pause(std::string_view id) LV_MAIN_LOOP;
  [[nodiscard]] GraphResult<> resume(std::string_view id) LV_MAIN_LOOP;
  // One that is ready ends without its last changes; with `force`, and in other states, it fails.
  [[nodiscard]] GraphResult<> LV_NO_COROUTINE_FN cancel(std::string_view id, bool force = true)
      LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  [[nodiscard]] GraphResult<> set_speed(std::string_view id,
                                        uint64_t bytes_per_second) LV_MAIN_LOOP;
  [[nodiscard]] GraphResult<> complete(std::string_view id) LV_MAIN_LOOP;
  // Has happened when it returns; runs the main loop meanwhile.
  [[nodiscard]] GraphResult<>
      LV_NO_COROUTINE_FN finalize(std::string_view id) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  [[nodiscard]] GraphResult<> dismiss(std::string_view id) LV_MAIN_LOOP;

  // Calls it now, and again soon as long as it returns false: to take away what somebody else is
  // changing just now. It runs the main loop, perhaps.
  void LV_NO_COROUTINE_FN insist(std::function<bool()> attempt) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // Cancels all, and waits until they have ended and are gone: before a program ends.
  void LV_NO_COROUTINE_FN cancel_all() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

private:
  struct Entry;

  Entry* find_entry(std::string_view id) const LV_MAIN_LOOP;
  // That takes the verb now.
  GraphResult<Entry*> find_for(std::string_view id, JobVerb verb) const LV_MAIN_LOOP;
  static JobInfo describe(Entry& entry) LV_MAIN_LOOP;
  void notify(Entry& entry, JobEvent::Kind kind) LV_MAIN_LOOP;
  void set_status(Entry& entry, JobStatus status) LV_MAIN_LOOP;
  // The coroutines have changed something.
  void look_again(Entry& entry) LV_MAIN_LOOP;
  void LV_NO_COROUTINE_FN work_ended(Entry& entry,
                                     std::error_code result) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Those that end with it, itself too.
  std::vector<Entry*> group_of(const Entry& entry) const LV_MAIN_LOOP;
  GraphResult<> LV_NO_COROUTINE_FN finalize(Entry& entry) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // With its group.
  void LV_NO_COROUTINE_FN fail(Entry& entry) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  void LV_NO_COROUTINE_FN retry() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  void conclude(Entry& entry) LV_MAIN_LOOP;
  void remove(Entry& entry) LV_MAIN_LOOP;
  std::unique_ptr<JobControl> make_control(Entry& entry, const JobOptions& options) LV_MAIN_LOOP;

  Graph& graph_;
  Observer observer_ LV_OWNED_BY_CONTEXT(lockvet_main_loop);
  Reopen reopen_ LV_OWNED_BY_CONTEXT(lockvet_main_loop);
  std::vector<std::unique_ptr<Entry>> entries_ LV_OWNED_BY_CONTEXT(lockvet_main_loop);
  std::vector<std::function<bool()>> attempts_ LV_OWNED_BY_CONTEXT(lockvet_main_loop);
  uint64_t groups_ LV_OWNED_BY_CONTEXT(lockvet_main_loop) = 0;
  std::chrono::milliseconds retry_time_ LV_OWNED_BY_CONTEXT(lockvet_main_loop){1};
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_JOBS_H
