// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All that a daemon of the block layer has and that commands act upon: nodes, objects, exports, and
// events of what happens. Whoever starts the program makes one in the main loop, and closes it
// there before it goes.

#ifndef LOCKVET_RUNTIME_CONTROL_CONTROL_H
#define LOCKVET_RUNTIME_CONTROL_CONTROL_H

#include "runtime/control/block/exports.h"

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
    // Is told of clients of the NBD server.
    nbd::ServerOptions::Log nbd_log;
  };

  // The home is the main loop's; the pool outlives it.
  Control(AioContext& home, ThreadPool& pool, Options options)
      : home_(home), options_(std::move(options)), events_(home), nodes_(home, pool, objects_),
        exports_(home, nodes_, objects_, events_, options_.nbd_log) {}
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;
  ~Control() = default;

  AioContext& home() const noexcept LV_RETURN_CAPABILITY(home_) { return home_; }
  const Options& options() const noexcept { return options_; }
  EventHub& events() noexcept { return events_; }
  Objects& objects() noexcept { return objects_; }
  BlockNodes& nodes() noexcept { return nodes_; }
  Exports& exports() noexcept { return exports_; }

  // Somebody wants the program to end.
  void request_stop() LV_MAIN_LOOP { stop_requested_ = true; }
  bool stop_requested() const LV_MAIN_LOOP { return stop_requested_; }

  // Has `body` run in a coroutine of the main loop, and runs that until it has ended. It sends no
  // requests to nodes, since whoever drains them may be waiting for the caller.
  template <typename Body>
  void LV_NO_COROUTINE_FN run_coroutine(Body&& body) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    bool done = false;
    if (!Coroutine::spawn(home_, [&]() LV_COROUTINE_FN {
          body();
          done = true;
        }))
      return;
    MainLoop::wait_while([&] { return !done; });
  }

  // Serves nobody any more, flushes all nodes, and closes them. Goes on after an error, and returns
  // the first.
  GraphResult<> LV_NO_COROUTINE_FN close() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

private:
  AioContext& home_;
  const Options options_;
  EventHub events_;
  Objects objects_;
  BlockNodes nodes_;
  Exports exports_;
  bool stop_requested_ LV_OWNED_BY_CONTEXT(lockvet_main_loop) = false;
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_CONTROL_H
