// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/aio_context.h"

#include "runtime/coroutine/checks.h"

#include <poll.h>
#include <thread>

namespace lockvet::runtime {

namespace {

thread_local char thread_mark = 0;

// Unlike any other thread's. Not inlined: see Coroutine::running().
[[gnu::noinline]] const void* this_thread() noexcept {
  asm volatile("" ::: "memory");
  return &thread_mark;
}

} // namespace

Timer::~Timer() {
  if (!armed())
    return;
  context_->assert_home();
  context_->disarm(*this);
}

FdWatch::~FdWatch() {
  if (context_ == nullptr)
    return;
  context_->assert_home();
  context_->unwatch(*this);
}

std::expected<std::unique_ptr<AioContext>, std::error_code> AioContext::create(Options options) {
  auto poller = options.backend == Backend::epoll ? Poller::make_epoll() : Poller::make_io_uring();
  if (!poller && options.backend == Backend::automatic)
    poller = Poller::make_epoll();
  if (!poller)
    return std::unexpected(poller.error());
  return std::unique_ptr<AioContext>(new AioContext(std::move(*poller), options));
}

AioContext::AioContext(std::unique_ptr<Poller> poller, Options options)
    : poller_(std::move(poller)), home_thread_(this_thread()), polling_(options.polling_limit) {}

AioContext::~AioContext() {
  assert_home();
  if constexpr (checks) {
    if ((held_.load() & ~ended) != 0)
      misuse("an AioContext is destroyed while something holds its loop: call stop() and loop().");
    if (!timers_.empty() || free_slots_.size() != slots_.size())
      misuse("an AioContext is destroyed while timers are armed or descriptors watched in it.");
  }
  // One that never ran has not ended; who is in it still is waited for all the same.
  held_.fetch_or(ended);
  while (visitors_.load() != 0)
    std::this_thread::yield();
}

void AioContext::assert_home() const {
  if constexpr (checks) {
    if (!is_here())
      misuse("a thread that is not its home thread uses what an AioContext owns.");
  }
}

bool AioContext::is_here() const noexcept {
  return this_thread() == home_thread_;
}

// --- coming in from other threads ----------------------------------------------------------------

void AioContext::post(HomeItem& item) noexcept {
  if (is_here()) {
    assert_home();
    ready_.push_back(item);
    return;
  }
  // What is posted may run, let go of the loop, and have the context destroyed, before we are out.
  visitors_.fetch_add(1);
  HomeItem* newest = incoming_.load(std::memory_order_relaxed);
  do {
    item.next = newest;
  } while (!incoming_.compare_exchange_weak(newest, &item));
  notify();
  visitors_.fetch_sub(1);
}

// Together with wait_for_something(): one side writes incoming_ and reads sleeping_, the other
// writes sleeping_ and reads incoming_, all in one total order, so that at least one of them sees
// the other. runtime/models/notify.pml is the model of it.
void AioContext::notify() noexcept {
  if (sleeping_.load() && sleeping_.exchange(false))
    poller_->wake();
}

bool AioContext::hold() noexcept {
  uint64_t held = held_.load(std::memory_order_relaxed);
  do {
    if ((held & ended) != 0)
      return false;
  } while (!held_.compare_exchange_weak(held, held + 1, std::memory_order_acquire,
                                        std::memory_order_relaxed));
  return true;
}

void AioContext::let_go() noexcept {
  // The loop looks at it before it sleeps, so that at home that is all.
  if (is_here()) {
    held_.fetch_sub(1, std::memory_order_release);
    return;
  }
  visitors_.fetch_add(1);
  if (held_.fetch_sub(1) == 1 && stopping_.load())
    notify();
  visitors_.fetch_sub(1);
}

void AioContext::stop() noexcept {
  visitors_.fetch_add(1);
  stopping_.store(true);
  notify();
  visitors_.fetch_sub(1);
}

// --- the loop ------------------------------------------------------------------------------------

bool AioContext::may_end() const noexcept {
  return stopping_.load() && held_.load() == 0;
}

bool AioContext::end() {
  uint64_t nobody = 0;
  if (!stopping_.load() || !held_.compare_exchange_strong(nobody, ended))
    return false;
  while (visitors_.load() != 0)
    std::this_thread::yield();
  return true;
}

// lockvet: allow(poll-under-lock) what is held is being in the thread that polls, and no lock
void AioContext::loop() {
  while (!end())
    poll(true);
}

bool AioContext::poll(bool may_block) {
  if constexpr (checks) {
    if (Coroutine::in_coroutine())
      misuse("a coroutine polls the event loop that it should suspend to.");
  }
  counts_.turns.add_one();
  bool progress = run_ready();
  progress |= run_timers();
  if (!progress && may_block && !may_end())
    wait_for_something();
  else
    poller_->wait(std::chrono::nanoseconds::zero());
  progress |= run_events();
  progress |= run_ready();
  progress |= run_timers();
  return progress;
}

void AioContext::collect() {
  if (incoming_.load(std::memory_order_relaxed) != nullptr)
    ready_.append_reversed(incoming_.exchange(nullptr));
}

bool AioContext::run_ready() {
  collect();
  const bool progress = !ready_.empty();
  // What is posted meanwhile waits for the next turn, so that descriptors and timers get theirs. A
  // poll() inside of a callback takes from the same queue, so that fewer may be left.
  for (size_t turn = ready_.size(); turn > 0 && !ready_.empty(); --turn) {
    HomeItem& item = ready_.pop_front();
    item.run(item);
  }
  return progress;
}

bool AioContext::run_timers() {
  if (timers_.empty())
    return false;
  bool progress = false;
  const Clock::time_point now = Clock::now();
  while (!timers_.empty() && timers_.earliest() <= now) {
    auto& timer = static_cast<Timer&>(timers_.pop());
    progress = true;
    timer.callback_.function(timer.callback_.argument);
  }
  return progress;
}

bool AioContext::run_events() {
  bool progress = false;
  while (const auto event = poller_->next_event()) {
    dispatch(*event);
    progress = true;
  }
  return progress;
}

bool AioContext::look_for_something(Clock::time_point from) {
  const auto span = polling_.span();
  while (Clock::now() - from < span) {
    if (incoming_.load(std::memory_order_relaxed) != nullptr || poller_->has_event() ||
        (!timers_.empty() && timers_.earliest() <= Clock::now()))
      return true;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  return false;
}

void AioContext::wait_for_something() {
  const Clock::time_point idle_since = Clock::now();
  if (look_for_something(idle_since)) {
    counts_.polls.add_one();
    poller_->wait(std::chrono::nanoseconds::zero());
    return;
  }
  std::optional<std::chrono::nanoseconds> timeout;
  if (!timers_.empty())
    timeout = std::max(std::chrono::nanoseconds::zero(),
                       std::chrono::nanoseconds(timers_.earliest() - Clock::now()));
  counts_.sleeps.add_one();
  sleeping_.store(true);
  if (incoming_.load() != nullptr || may_end())
    timeout = std::chrono::nanoseconds::zero();
  poller_->wait(timeout);
  sleeping_.store(false);
  polling_.note_idle(Clock::now() - idle_since);
}

// --- timers, descriptors, bottom halves ----------------------------------------------------------

void AioContext::arm(Timer& timer, Clock::time_point deadline) {
  if (timer.armed())
    timers_.remove(timer);
  timer.context_ = this;
  timers_.insert(timer, deadline);
}

void AioContext::disarm(Timer& timer) {
  if (timer.armed())
    timers_.remove(timer);
}

uint64_t AioContext::token_of(const FdWatch& watch) const {
  return uint64_t{slots_[watch.slot_].uses} << 32 | watch.slot_;
}

std::error_code AioContext::watch(FdWatch& watch, int fd, unsigned events) {
  return begin_watch(watch, fd, events, false);
}

std::error_code AioContext::watch_edges(FdWatch& watch, int fd, unsigned events) {
  return begin_watch(watch, fd, events, true);
}

std::error_code AioContext::arm(const FdWatch& watch) {
  return watch.edges_ ? poller_->arm_edges(watch.fd_, watch.events_, token_of(watch))
                      : poller_->arm(watch.fd_, watch.events_, token_of(watch));
}

std::error_code AioContext::begin_watch(FdWatch& watch, int fd, unsigned events, bool edges) {
  unwatch(watch);
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<unsigned>(slots_.size()));
    slots_.push_back({nullptr, 0});
  }
  watch.slot_ = free_slots_.back();
  watch.fd_ = fd;
  watch.events_ = events;
  watch.edges_ = edges;
  if (const std::error_code error = arm(watch))
    return error;
  free_slots_.pop_back();
  slots_[watch.slot_].watch = &watch;
  watch.context_ = this;
  watch.armed_ = true;
  return {};
}

void AioContext::unwatch(FdWatch& watch) {
  if (watch.context_ == nullptr)
    return;
  if (watch.armed_)
    poller_->disarm(watch.fd_, token_of(watch));
  Slot& slot = slots_[watch.slot_];
  slot.watch = nullptr;
  // All ones stay free: pollers have tokens of their own there.
  slot.uses = (slot.uses + 1) & 0x7fff'ffff;
  free_slots_.push_back(watch.slot_);
  watch.context_ = nullptr;
}

void AioContext::dispatch(Poller::Event event) {
  if ((event.token & Poller::transfer_bit) != 0) {
    const uint64_t address = event.token & ~Poller::transfer_bit;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel hands back what it was given.
    auto* const transfer = reinterpret_cast<Transfer*>(address);
    transfer->result_ = event.result;
    transfer->callback_.function(transfer->callback_.argument);
    return;
  }
  const auto slot = static_cast<unsigned>(event.token);
  const auto uses = static_cast<uint32_t>(event.token >> 32);
  const auto watch_there = [&]() LV_REQUIRES_CONTEXT(this) -> FdWatch* {
    return slot < slots_.size() && slots_[slot].uses == uses ? slots_[slot].watch : nullptr;
  };
  FdWatch* watch = watch_there();
  if (watch == nullptr)
    return;
  // Not armed while it runs, so that a poll() inside does not call it again; edges are.
  watch->armed_ = watch->edges_ && !event.again;
  watch->callback_.function(watch->callback_.argument, event.events);
  // It may have unwatched or destroyed itself, and even watched something else in the same slot.
  watch = watch_there();
  if (watch != nullptr && !watch->armed_)
    rearm(*watch);
}

void AioContext::rearm(FdWatch& watch) {
  if (!arm(watch)) {
    watch.armed_ = true;
    return;
  }
  // Its owner has closed it, or made it something else.
  const EventCallback callback = watch.callback_;
  unwatch(watch);
  callback.function(callback.argument, POLLNVAL);
}

bool AioContext::receive(Transfer& transfer, int fd, std::span<std::byte> to) {
  return poller_->receive(fd, to, transfer.token());
}

bool AioContext::send(Transfer& transfer, int fd, const msghdr& message) {
  return poller_->send(fd, message, transfer.token());
}

bool AioContext::read_at(Transfer& transfer, int fd, std::span<const iovec> to, uint64_t offset) {
  return poller_->read_at(fd, to, offset, transfer.token());
}

bool AioContext::write_at(Transfer& transfer, int fd, std::span<const iovec> from, uint64_t offset,
                          int flags) {
  return poller_->write_at(fd, from, offset, flags, transfer.token());
}

void AioContext::take_out(HomeItem& item) {
  collect();
  ready_.remove(item);
}

} // namespace lockvet::runtime
