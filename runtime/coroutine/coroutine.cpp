// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/coroutine.h"

#include "runtime/coroutine/coroutine_pool.h"
#include "runtime/coroutine/thread_mutex.h"

#include <cstdint>
#include <exception>
#include <string>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace lockvet::runtime {

namespace {

thread_local Coroutine* running_in_thread = nullptr;

// Rounding mode, masks and flush-to-zero: what a call must preserve, without the sticky flags.
[[maybe_unused]] unsigned floating_point_mode() {
#if defined(__x86_64__)
  return _mm_getcsr() & ~_MM_EXCEPT_MASK;
#else
  return 0;
#endif
}

[[maybe_unused]] std::string name_of(const Coroutine& coroutine) {
  char text[32];
  std::snprintf(text, sizeof text, "coroutine %p", static_cast<const void*>(&coroutine));
  return text;
}

} // namespace

Coroutine::AfterSuspend Coroutine::ended{nullptr, nullptr};

Coroutine*& Coroutine::running() noexcept {
  // Without it the compiler would find that the function has no effect, and call it once for two.
  asm volatile("" ::: "memory");
  return running_in_thread;
}

Coroutine::Coroutine(Stack&& stack) noexcept : HomeItem(run_item), stack_(std::move(stack)) {
  // The coroutine is at the top of its stack, and what it calls goes below.
  const size_t size = reinterpret_cast<char*>(this) - static_cast<char*>(stack_.bottom());
  Switch::make(context_, this, size, main);
}

size_t Coroutine::stack_left() noexcept {
  const auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  return here - reinterpret_cast<uintptr_t>(running()->stack_.bottom());
}

Coroutine* Coroutine::current() noexcept {
  return running();
}

Coroutine& Coroutine::take_from_pool() noexcept {
  return CoroutinePool::take();
}

// Stays on the stack from one use to the next, so that a pooled coroutine need not be set up again,
// and the sanitizers see no call that never returns.
void Coroutine::main(void* entered) noexcept {
  auto& self = *static_cast<Coroutine*>(entered);
  self.annotation_.after_arrive();
  while (true) {
    self.start_(self);
    if constexpr (checks)
      check_end(self);
    self.leave(&ended);
  }
}

#if LOCKVET_RUNTIME_CHECKS
void Coroutine::enter(Place place) {
  check_enter(place);
  ThreadMutex* const held = HeldMutexes::exchange(nullptr);
  const unsigned mode = floating_point_mode();
  entered_by_ = std::exchange(running(), this);
  void* const message = switch_to_it();
  running() = entered_by_;
  HeldMutexes::exchange(held);
  check_mode(mode, place);
  running_.store(false, std::memory_order_release);
  if (message != nullptr)
    left(message);
}
#endif

void Coroutine::left(void* message) noexcept {
  if (message == &ended) {
    finish();
    return;
  }
  // It lies on the coroutine's stack, which another thread may run on as soon as it is called.
  const AfterSuspend after = *static_cast<AfterSuspend*>(message);
  after.function(*this, after.argument);
}

void Coroutine::finish() noexcept {
  Home* const home = std::exchange(home_, nullptr);
  CoroutinePool::give(*this);
  if (home != nullptr)
    home->let_go();
}

void Coroutine::suspend_then(AfterSuspend after, Place place) {
  Coroutine* const self = running();
  if constexpr (checks)
    check_suspend(self, place);
  self->leave(&after);
}

void Coroutine::wake(Place place) {
  if constexpr (checks)
    check_wake(place);
  home_->post(*this);
}

bool Coroutine::move_to(Home& home, Place place) {
  if constexpr (checks)
    check_suspend(running(), place);
  if (running()->home_ == &home)
    return true;
  if (!home.hold())
    return false;
  suspend_then({[](Coroutine& moving, void* target) {
                  Home* const left = std::exchange(moving.home_, static_cast<Home*>(target));
                  moving.wake();
                  if (left != nullptr)
                    left->let_go();
                },
                &home},
               place);
  return true;
}

void Coroutine::run_item(HomeItem& item) noexcept {
  auto& self = static_cast<Coroutine&>(item);
#if LOCKVET_RUNTIME_CHECKS
  self.woken_.store(false, std::memory_order_relaxed);
  self.enter(self.woken_at_.load(std::memory_order_relaxed));
#else
  self.enter();
#endif
}

// --- checks --------------------------------------------------------------------------------------

#if LOCKVET_RUNTIME_CHECKS

void Coroutine::check_enter(Place place) {
  if (running_.exchange(true, std::memory_order_acq_rel))
    misuse(name_of(*this) + " is entered at " + describe(place) +
           " while it runs: it was entered at " + describe(entered_at_) +
           " and has not suspended.");
  if (woken_.load(std::memory_order_acquire))
    misuse(name_of(*this) + " is entered at " + describe(place) +
           " while its home is about to do so: it was woken at " + describe(woken_at_) + ".");
  if (home_ != nullptr && !home_->is_here())
    misuse(name_of(*this) + " is entered at " + describe(place) +
           " outside of its home thread, where it was entered before at " + describe(entered_at_) +
           ".");
  entered_at_.store(place, std::memory_order_relaxed);
}

void Coroutine::check_wake(Place place) {
  if (home_ == nullptr)
    misuse(name_of(*this) + " is woken at " + describe(place) +
           " and has no home to run in: it was entered by hand at " + describe(entered_at_) + ".");
  if (woken_.exchange(true, std::memory_order_acq_rel))
    misuse(name_of(*this) + " is woken at " + describe(place) +
           " for a suspension for which it was woken at " + describe(woken_at_) + " already.");
  woken_at_.store(place, std::memory_order_relaxed);
}

void Coroutine::check_mode(unsigned before, Place place) {
  if (floating_point_mode() != before)
    misuse(name_of(*this) + " has changed the floating-point mode between where it was entered, " +
           describe(place) + ", and where it suspended or ended.");
}

void Coroutine::check_suspend(Coroutine* self, Place place) {
  if (self == nullptr)
    misuse("there is no coroutine to suspend at " + describe(place) +
           ": this thread is in none, and only a coroutine may get there.");
  if (const ThreadMutex* held = HeldMutexes::newest())
    misuse(name_of(*self) + " suspends at " + describe(place) +
           " while it holds the mutex that it locked at " +
           describe(HeldMutexes::locked_at(*held)) + ".");
  if (std::current_exception() != nullptr)
    misuse(name_of(*self) + ", entered at " + describe(self->entered_at_) + ", suspends at " +
           describe(place) + " inside of a catch block, whose exception belongs to the thread.");
}

void Coroutine::check_end(Coroutine& self) {
  if (const ThreadMutex* held = HeldMutexes::newest())
    misuse(name_of(self) + ", entered at " + describe(self.entered_at_) +
           ", ends while it holds the mutex that it locked at " +
           describe(HeldMutexes::locked_at(*held)) + ".");
  if (self.woken_.load(std::memory_order_acquire))
    misuse(name_of(self) + ", entered at " + describe(self.entered_at_) +
           ", ends although it was woken at " + describe(self.woken_at_) +
           " for a suspension that is over.");
}

#else

void Coroutine::check_wake(Place) {}
void Coroutine::check_suspend(Coroutine*, Place) {}
void Coroutine::check_end(Coroutine&) {}

#endif

} // namespace lockvet::runtime
