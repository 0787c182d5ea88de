// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A stackful coroutine: a function that can stop in the middle of any call and be continued later,
// by any thread. It belongs to nobody: it exists from create() until its body returns, and whoever
// waits for it is told by other means (see co_group.h). A coroutine with a home runs in that home's
// thread only, and wake() can be called from any thread, without a lock.
//
// The way to wait for something: note Coroutine::current() where the other side will find it, then
// suspend(). The other side may call wake() before the suspension has happened, since the home runs
// the coroutine only when its thread is free again. It must call it once for each suspension.
//
// Nobody may suspend while holding a ThreadMutex, inside of a catch block, or with the rounding
// mode changed: what these belong to is the thread. Checked builds find all three.

#ifndef LOCKVET_RUNTIME_COROUTINE_COROUTINE_H
#define LOCKVET_RUNTIME_COROUTINE_COROUTINE_H

#include "runtime/coroutine/checks.h"
#include "runtime/coroutine/home.h"
#include "runtime/coroutine/machine_context.h"
#include "runtime/coroutine/sanitizer_fiber.h"
#include "runtime/coroutine/stack.h"

#include <atomic>
#include <cstddef>
#include <lockvet/coroutine.h>
#include <memory>
#include <new>
#include <source_location>
#include <type_traits>
#include <utility>

namespace lockvet::runtime {

class Coroutine final : public HomeItem {
public:
  using Place = std::source_location;

  // A coroutine without a home, which whoever created it enters until it ends. `body` is a callable
  // that takes nothing; it is destroyed when it returns. Ends the program if there is no memory for
  // a stack, as a call does that overflows one.
  template <typename Body> static Coroutine& create(Body&& body);

  // A coroutine that starts on the home's next turn; it keeps the home from ending. False if the
  // home has ended already. From any thread.
  template <typename Body>
  [[nodiscard]] static bool spawn(Home& home, Body&& body, Place place = Place::current());

  // The one that runs in this thread, or nullptr.
  static Coroutine* current() noexcept;
  static bool in_coroutine() noexcept { return current() != nullptr; }
  // How much of its stack that one has left, in bytes: for what recurses as deep as its input says,
  // and goes on in another coroutine then.
  static size_t LV_COROUTINE_FN stack_left() noexcept;

  // Runs it in this thread until it suspends or ends. If it ends, the reference is invalid. With a
  // home, only in the home's thread.
  void enter(Place place = Place::current());

  // Goes back to whoever entered it. Returns when it is entered again.
  [[gnu::always_inline]] static inline void LV_COROUTINE_FN LV_LABEL("suspends")
      suspend(Place place = Place::current());

  // The same, and calls `after` once it has suspended, outside of it: for what may make another
  // thread enter it, such as to hand it over to another home.
  struct AfterSuspend {
    void (*function)(Coroutine& self, void* argument);
    void* argument;
  };
  static void LV_COROUTINE_FN LV_LABEL("suspends")
      suspend_then(AfterSuspend after, Place place = Place::current());

  // Has its home enter it. From any thread, once for each suspension.
  void wake(Place place = Place::current());

  // Continues in another home's thread. False, and nothing has changed, if that home has ended.
  [[nodiscard]] static bool LV_COROUTINE_FN move_to(Home& home, Place place = Place::current());

  // Its home, which only itself can change; nullptr for one that is entered by hand.
  Home* home() const noexcept { return home_; }

private:
  friend class CoroutinePool;

  // A body runs from here. What is larger is put on the heap.
  static constexpr size_t inline_bytes = 40;
  using Start = void LV_COROUTINE_FN(Coroutine& self);

  explicit Coroutine(Stack&& stack) noexcept;
  ~Coroutine() = default;

  template <typename Body> static void LV_COROUTINE_FN run_body(Coroutine& self) {
    auto& body = *std::launder(reinterpret_cast<Body*>(self.body_));
    body();
    body.~Body();
  }
  template <typename Body> void put_body(Body&& body);

  static Coroutine& take_from_pool() noexcept;
  [[noreturn]] static void LV_COROUTINE_FN main(void* self) noexcept;
  // What leave() sends when the body has returned; every other message but none is an AfterSuspend.
  static AfterSuspend ended;
  [[gnu::always_inline]] inline void leave(void* message) noexcept;
  [[gnu::always_inline]] inline void* switch_to_it() noexcept;
  // Looks up what belongs to the thread anew each time: between two calls a coroutine may have
  // changed threads, and an address that an inlined access left in a register would be stale.
  [[gnu::noinline]] static Coroutine*& running() noexcept;
  void left(void* message) noexcept;
  void finish() noexcept;
  static void run_item(HomeItem& item) noexcept;

  // These do nothing in builds without checks.
#if LOCKVET_RUNTIME_CHECKS
  void check_enter(Place place);
  void check_mode(unsigned before, Place place);
#endif
  void check_wake(Place place);
  static void check_suspend(Coroutine* self, Place place);
  static void check_end(Coroutine& self);

  // A life needs the first two lines of the cache, and the top of the stack, which is just below.
  // Waking it, and taking it from a queue or the pool, need the first line only.
  Home* home_ = nullptr;
  // Whoever has entered it last: the coroutine that they are, and where they go on.
  Coroutine* entered_by_ = nullptr;
  Start LV_COROUTINE_FN* start_ = nullptr;
  Switch::Context context_;
  Switch::Context caller_context_;
  alignas(void*) std::byte body_[inline_bytes];
  Stack stack_;
  [[no_unique_address]] FiberAnnotation annotation_;
#if LOCKVET_RUNTIME_CHECKS
  std::atomic<bool> running_ = false;
  std::atomic<bool> woken_ = false;
  std::atomic<Place> entered_at_;
  std::atomic<Place> woken_at_;
#endif
};

template <typename Body> void Coroutine::put_body(Body&& body) {
  using Stored = std::decay_t<Body>;
  if constexpr (sizeof(Stored) <= inline_bytes && alignof(Stored) <= alignof(void*)) {
    new (body_) Stored(std::forward<Body>(body));
    start_ = &run_body<Stored>;
  } else {
    auto boxed = [body = std::make_unique<Stored>(std::forward<Body>(body))]()
                     LV_COROUTINE_FN { (*body)(); };
    new (body_) decltype(boxed)(std::move(boxed));
    start_ = &run_body<decltype(boxed)>;
  }
}

template <typename Body> Coroutine& Coroutine::create(Body&& body) {
  Coroutine& self = take_from_pool();
  self.put_body(std::forward<Body>(body));
  return self;
}

template <typename Body> bool Coroutine::spawn(Home& home, Body&& body, Place place) {
  if (!home.hold())
    return false;
  Coroutine& self = create(std::forward<Body>(body));
  self.home_ = &home;
  self.wake(place);
  return true;
}

inline void* Coroutine::switch_to_it() noexcept {
  FiberAnnotation::Away away;
  annotation_.before_enter(away, stack_.bottom(), stack_.size());
  void* const message = Switch::jump(caller_context_, context_, this);
  annotation_.after_return(away);
  return message;
}

inline void Coroutine::leave(void* message) noexcept {
  annotation_.before_leave();
  Switch::jump(context_, caller_context_, message);
  annotation_.after_arrive();
}

#if !LOCKVET_RUNTIME_CHECKS
inline void Coroutine::enter(Place) {
  Coroutine*& running_here = running();
  entered_by_ = running_here;
  running_here = this;
  void* const message = switch_to_it();
  // Whoever enters stays in its thread meanwhile, so that the variable is still the thread's.
  running_here = entered_by_;
  if (message != nullptr) [[unlikely]]
    left(message);
}
#endif

inline void Coroutine::suspend(Place place) {
  Coroutine* const self = running();
  if constexpr (checks)
    check_suspend(self, place);
  self->leave(nullptr);
}

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_COROUTINE_H
