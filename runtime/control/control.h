// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All that a daemon of the block layer has and that commands act upon: nodes, objects, exports, and
// events of what happens. Whoever starts the program makes one in the main loop, and closes it
// there before it goes.

#ifndef LOCKVET_RUNTIME_CONTROL_CONTROL_H
#define LOCKVET_RUNTIME_CONTROL_CONTROL_H

#include "runtime/control/block/exports.h"
#include "runtime/jobs/jobs.h"

namespace lockvet::runtime::control {

class Control {
public:
  struct Options {
    // Of the program, as in "lockvet-blockd 0.3".
    std::string program;
    struct {
      int major = 0;
      int minor = 0;
      int micro = 0;
    } version;
    // Is told of clients of exports, by the kind of these.
    Exports::Log log;
  };

  // The home is the main loop's; the pool outlives it.
  Control(AioContext& home, ThreadPool& pool, Options options) LV_MAIN_LOOP
      : home_(home),
        pool_(pool),
        options_(std::move(options)),
        events_(home),
        nodes_(home, pool, objects_),
        jobs_(nodes_.graph()),
        exports_(home, nodes_, objects_, events_, options_.log) {
    jobs_.set_observer([this](const JobEvent& event) { hear(event); });
    jobs_.set_reopen([this](Node& node, bool read_only) {
      MainLoop::assert_here();
      return nodes_.set_read_only(node, read_only);
    });
  }
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;
  ~Control() = default;

  AioContext& home() const noexcept LV_RETURN_CAPABILITY(home_) { return home_; }
  const Options& options() const noexcept { return options_; }
  EventHub& events() noexcept { return events_; }
  Objects& objects() noexcept { return objects_; }
  ThreadPool& pool() noexcept { return pool_; }
  BlockNodes& nodes() noexcept { return nodes_; }
  Jobs& jobs() noexcept { return jobs_; }
  Exports& exports() noexcept { return exports_; }

  // A command has begun, or is done; the end waits for those that are not.
  void command_begins() LV_MAIN_LOOP { ++commands_; }
  void command_ends() LV_MAIN_LOOP { --commands_; }

  // Somebody wants the program to end. No more commands begin.
  void request_stop() LV_MAIN_LOOP { stop_requested_ = true; }
  bool stop_requested() const LV_MAIN_LOOP { return stop_requested_; }

  // Cancels jobs, serves nobody any more, flushes all nodes, and closes them. Goes on after an
  // error, and returns the first.
  GraphResult<> LV_NO_COROUTINE_FN close() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

private:
  void hear(const JobEvent& event);

  AioContext& home_;
  ThreadPool& pool_;
  const Options options_;
  EventHub events_;
  Objects objects_;
  BlockNodes nodes_;
  Jobs jobs_;
  Exports exports_;
  unsigned commands_ LV_OWNED_BY_CONTEXT(lockvet_main_loop) = 0;
  bool stop_requested_ LV_OWNED_BY_CONTEXT(lockvet_main_loop) = false;
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_CONTROL_H
