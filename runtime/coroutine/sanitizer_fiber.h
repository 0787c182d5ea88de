// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tells AddressSanitizer and ThreadSanitizer that a thread changes stacks, which they would take
// for an overflow or a race. Each coroutine owns one FiberAnnotation, which is empty in other
// builds. Its methods are called by the thread that switches, right before and right after it does.

#ifndef LOCKVET_RUNTIME_COROUTINE_SANITIZER_FIBER_H
#define LOCKVET_RUNTIME_COROUTINE_SANITIZER_FIBER_H

#include <cstddef>

// Clang says it by a feature, GCC by a macro.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LOCKVET_RUNTIME_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define LOCKVET_RUNTIME_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define LOCKVET_RUNTIME_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define LOCKVET_RUNTIME_TSAN 1
#endif

#if defined(LOCKVET_RUNTIME_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif
#if defined(LOCKVET_RUNTIME_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace lockvet::runtime {

class FiberAnnotation {
public:
#if defined(LOCKVET_RUNTIME_TSAN)
  FiberAnnotation() : fiber_(__tsan_create_fiber(0)) { __tsan_set_fiber_name(fiber_, "coroutine"); }
  ~FiberAnnotation() { __tsan_destroy_fiber(fiber_); }
#else
  FiberAnnotation() = default;
#endif
  FiberAnnotation(const FiberAnnotation&) = delete;
  FiberAnnotation& operator=(const FiberAnnotation&) = delete;

  // What the entering side keeps on its own stack while it is away.
  struct Away {
    void* fake_stack = nullptr;
  };

  void before_enter([[maybe_unused]] Away& away, [[maybe_unused]] void* bottom,
                    [[maybe_unused]] size_t size) {
#if defined(LOCKVET_RUNTIME_ASAN)
    __sanitizer_start_switch_fiber(&away.fake_stack, bottom, size);
#endif
#if defined(LOCKVET_RUNTIME_TSAN)
    caller_fiber_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(fiber_, 0);
#endif
  }

  void after_return([[maybe_unused]] Away& away) {
#if defined(LOCKVET_RUNTIME_ASAN)
    __sanitizer_finish_switch_fiber(away.fake_stack, nullptr, nullptr);
#endif
  }

  void before_leave() {
#if defined(LOCKVET_RUNTIME_ASAN)
    __sanitizer_start_switch_fiber(&fake_stack_, caller_bottom_, caller_size_);
#endif
#if defined(LOCKVET_RUNTIME_TSAN)
    __tsan_switch_to_fiber(caller_fiber_, 0);
#endif
  }

  void after_arrive() {
#if defined(LOCKVET_RUNTIME_ASAN)
    __sanitizer_finish_switch_fiber(fake_stack_, &caller_bottom_, &caller_size_);
#endif
  }

private:
#if defined(LOCKVET_RUNTIME_ASAN)
  void* fake_stack_ = nullptr;
  const void* caller_bottom_ = nullptr;
  size_t caller_size_ = 0;
#endif
#if defined(LOCKVET_RUNTIME_TSAN)
  void* fiber_;
  void* caller_fiber_ = nullptr;
#endif
};

// LeakSanitizer looks for pointers on the stacks of coroutines that still wait at the end.
inline void register_stack([[maybe_unused]] void* bottom, [[maybe_unused]] size_t size) {
#if defined(LOCKVET_RUNTIME_ASAN)
  __lsan_register_root_region(bottom, size);
#endif
}

// Its next owner finds it as fresh memory.
inline void unregister_stack([[maybe_unused]] void* bottom, [[maybe_unused]] size_t size) {
#if defined(LOCKVET_RUNTIME_ASAN)
  __lsan_unregister_root_region(bottom, size);
  __asan_unpoison_memory_region(bottom, size);
#endif
}

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_SANITIZER_FIBER_H
