// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An event loop with one home thread: the one that creates it. It runs timers, handlers of file
// descriptors, bottom halves and coroutines, one after the other, so that what belongs to it needs
// no lock. Being in the home thread is a capability: functions that need it say so, and other
// threads get in by schedule(), run(), a BottomHalf or a coroutine. The creator owns it.
//
// What is in flight is not lost when it stops: run() and schedule(), bottom halves that are
// scheduled and coroutines that live here each hold the loop until they are done. Timers and
// descriptors do not.

#ifndef LOCKVET_RUNTIME_AIO_AIO_CONTEXT_H
#define LOCKVET_RUNTIME_AIO_AIO_CONTEXT_H

#include "runtime/aio/adaptive_polling.h"
#include "runtime/aio/callback.h"
#include "runtime/aio/loop_counts.h"
#include "runtime/aio/poller.h"
#include "runtime/aio/timer_heap.h"
#include "runtime/coroutine/coroutine.h"
#include "runtime/coroutine/home_queue.h"
#include "runtime/coroutine/thread_mutex.h"

#include <atomic>
#include <chrono>
#include <lockvet/context.h>
#include <lockvet/coroutine.h>
#include <memory>
#include <vector>

namespace lockvet::runtime {

class AioContext;

// Calls back once, at a time that AioContext::arm() is told. Destroyed in the home thread if armed.
class Timer : public TimerHeap::Entry {
public:
  explicit Timer(Callback callback) : callback_(callback) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer();

private:
  friend class AioContext;
  Callback callback_;
  AioContext* context_ = nullptr;
};

// Calls back whenever one of the events is there, until it is unwatched. Destroyed in the home
// thread if watched, and always before its descriptor is closed.
class FdWatch {
public:
  explicit FdWatch(EventCallback callback) : callback_(callback) {}
  FdWatch(const FdWatch&) = delete;
  FdWatch& operator=(const FdWatch&) = delete;
  ~FdWatch();

private:
  friend class AioContext;
  EventCallback callback_;
  AioContext* context_ = nullptr;
  int fd_ = -1;
  unsigned events_ = 0;
  unsigned slot_ = 0;
  bool edges_ = false;
  bool armed_ = false;
};

// A receive or a send of a socket, or a read or a write of a file, which the loop does without
// system calls of its own, and calls back once it has ended. It lies with whoever waits, until
// then.
class Transfer {
public:
  explicit Transfer(Callback callback) : callback_(callback) {}
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Bytes, or an error number below zero.
  int result() const noexcept { return result_; }

private:
  friend class AioContext;
  uint64_t token() const noexcept {
    return Poller::transfer_bit | static_cast<uint64_t>(reinterpret_cast<uintptr_t>(this));
  }
  Callback callback_;
  int result_ = 0;
};

class LV_CONTEXT AioContext final : public Home {
public:
  enum class Backend { automatic, io_uring, epoll };
  struct Options {
    // The first of io_uring and epoll that the kernel has.
    Backend backend = Backend::automatic;
    // For how long at most to look for events before sleeping; zero turns it off.
    std::chrono::nanoseconds polling_limit = std::chrono::microseconds(32);
  };

  // The calling thread becomes the home thread.
  static std::expected<std::unique_ptr<AioContext>, std::error_code> create(Options options);
  static std::expected<std::unique_ptr<AioContext>, std::error_code> create() { return create({}); }

  AioContext(const AioContext&) = delete;
  AioContext& operator=(const AioContext&) = delete;
  // In the home thread.
  ~AioContext();

  // --- in the home thread ---

  // Checked builds abort elsewhere.
  void assert_home() const LV_ASSERT_CONTEXT(this);

  // Until stop() was called and nothing holds the loop any more; then the context has ended.
  void LV_NO_COROUTINE_FN LV_LABEL("polls") loop() LV_REQUIRES_CONTEXT(this);
  // One turn: runs what is ready. If there was nothing, and it may block, waits for something and
  // runs that. Whether anything has run. From callbacks too, which then run inside of each other.
  bool LV_NO_COROUTINE_FN LV_LABEL("polls") poll(bool may_block) LV_REQUIRES_CONTEXT(this);

  // An armed timer is armed anew.
  void arm(Timer& timer, Clock::time_point deadline) LV_REQUIRES_CONTEXT(this);
  // The callback is not called any more. Nothing happens if it is not armed.
  void disarm(Timer& timer) LV_REQUIRES_CONTEXT(this);

  // One watch for each descriptor. The error is that this kind of file can't be waited for, which
  // io_uring says by a callback with POLLNVAL instead.
  [[nodiscard]] std::error_code watch(FdWatch& watch, int fd, unsigned events)
      LV_REQUIRES_CONTEXT(this);
  // The same, but it calls back when an event happens anew, whether or not what happened before was
  // taken: an eventfd that nobody reads, for one. Costs no system call for each. A poll() inside of
  // the callback may call it again.
  [[nodiscard]] std::error_code watch_edges(FdWatch& watch, int fd, unsigned events)
      LV_REQUIRES_CONTEXT(this);
  void unwatch(FdWatch& watch) LV_REQUIRES_CONTEXT(this);

  // Begin one; see Poller::receive(). False if the loop can't, and system calls have to do.
  [[nodiscard]] bool receive(Transfer& transfer, int fd, std::span<std::byte> to)
      LV_REQUIRES_CONTEXT(this);
  [[nodiscard]] bool send(Transfer& transfer, int fd, const msghdr& message)
      LV_REQUIRES_CONTEXT(this);
  [[nodiscard]] bool read_at(Transfer& transfer, int fd, std::span<const iovec> to, uint64_t offset)
      LV_REQUIRES_CONTEXT(this);
  [[nodiscard]] bool write_at(Transfer& transfer, int fd, std::span<const iovec> from,
                              uint64_t offset, int flags) LV_REQUIRES_CONTEXT(this);

  // --- from any thread ---

  // Makes loop() end when nothing holds it.
  void stop() noexcept;

  // Has `body`, which takes nothing, called in the home thread. False if the context has ended.
  template <typename Body> [[nodiscard]] bool schedule(Body&& body);
  // The same, and waits until it has run: from other threads.
  template <typename Body>
  [[nodiscard]] bool LV_NO_COROUTINE_FN run(Body&& body) LV_EXCLUDES_CONTEXT(this);

  void post(HomeItem& item) noexcept override;
  bool is_here() const noexcept override;
  bool hold() noexcept override;
  void let_go() noexcept override;

  const char* backend_name() const noexcept { return poller_->name(); }
  const LoopCounts& counts() const noexcept { return counts_; }

private:
  friend class BottomHalf;

  AioContext(std::unique_ptr<Poller> poller, Options options);

  void collect() LV_REQUIRES_CONTEXT(this);
  bool run_ready() LV_REQUIRES_CONTEXT(this);
  bool run_timers() LV_REQUIRES_CONTEXT(this);
  bool run_events() LV_REQUIRES_CONTEXT(this);
  void dispatch(Poller::Event event) LV_REQUIRES_CONTEXT(this);
  std::error_code begin_watch(FdWatch& watch, int fd, unsigned events, bool edges)
      LV_REQUIRES_CONTEXT(this);
  std::error_code arm(const FdWatch& watch) LV_REQUIRES_CONTEXT(this);
  void rearm(FdWatch& watch) LV_REQUIRES_CONTEXT(this);
  void wait_for_something() LV_REQUIRES_CONTEXT(this);
  bool look_for_something(Clock::time_point from) LV_REQUIRES_CONTEXT(this);
  void take_out(HomeItem& item) LV_REQUIRES_CONTEXT(this);
  bool may_end() const noexcept;
  bool end() LV_REQUIRES_CONTEXT(this);
  void notify() noexcept;
  uint64_t token_of(const FdWatch& watch) const LV_REQUIRES_CONTEXT(this);

  // The token of a watch is its slot and how often that was used, so that what the poller still
  // reports of an earlier user is known for what it is.
  struct Slot {
    FdWatch* watch;
    uint32_t uses;
  };

  // Set in `held_` when the context has ended.
  static constexpr uint64_t ended = uint64_t{1} << 63;

  const std::unique_ptr<Poller> poller_;
  const void* const home_thread_;

  // Other threads push here, newest first; the home thread takes all at once.
  alignas(64) std::atomic<HomeItem*> incoming_ = nullptr;
  // Whether the home thread is about to block, or does, and wants to be woken.
  std::atomic<bool> sleeping_ = false;
  std::atomic<bool> stopping_ = false;
  // Other threads that are within post() or let_go(), and so still use the context.
  std::atomic<unsigned> visitors_ = 0;
  // How many hold the loop.
  std::atomic<uint64_t> held_ = 0;

  alignas(64) HomeQueue ready_ LV_OWNED_BY_CONTEXT(this);
  TimerHeap timers_ LV_OWNED_BY_CONTEXT(this);
  std::vector<Slot> slots_ LV_OWNED_BY_CONTEXT(this);
  std::vector<unsigned> free_slots_ LV_OWNED_BY_CONTEXT(this);
  AdaptivePolling polling_ LV_OWNED_BY_CONTEXT(this);
  LoopCounts counts_;
};

template <typename Body> bool AioContext::schedule(Body&& body) {
  using Stored = std::decay_t<Body>;
  struct Scheduled final : HomeItem {
    Scheduled(AioContext& context, Body&& body)
        : HomeItem(run_it), context(context), body(std::forward<Body>(body)) {}
    static void run_it(HomeItem& item) noexcept {
      const std::unique_ptr<Scheduled> self(static_cast<Scheduled*>(&item));
      self->context.assert_home();
      self->body();
      self->context.let_go();
    }
    AioContext& context;
    Stored body;
  };
  if (!hold())
    return false;
  post(*new Scheduled(*this, std::forward<Body>(body)));
  return true;
}

template <typename Body> bool AioContext::run(Body&& body) {
  struct Waiting {
    ThreadMutex mutex;
    ThreadCondition changed;
    bool done LV_GUARDED_BY(mutex) = false;
  } waiting;
  const bool scheduled = schedule([&] {
    body();
    ThreadLock lock(waiting.mutex);
    waiting.done = true;
    waiting.changed.notify_one();
  });
  if (!scheduled)
    return false;
  ThreadLock lock(waiting.mutex);
  while (!waiting.done)
    waiting.changed.wait(waiting.mutex);
  return true;
}

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_AIO_CONTEXT_H
