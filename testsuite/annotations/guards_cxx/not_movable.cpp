// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// No guard is copied or moved, and none is thrown away by mistake.

#include "../Inputs/mutex.hpp"

#include <lockvet/guards.hpp>
#include <type_traits>

template <typename Guard> constexpr bool stays = !std::is_copy_constructible_v<Guard> &&
                                                 !std::is_move_constructible_v<Guard> &&
                                                 !std::is_copy_assignable_v<Guard> &&
                                                 !std::is_move_assignable_v<Guard>;

static_assert(stays<lockvet::LockGuard<SharedMutex>>);
static_assert(stays<lockvet::SharedLockGuard<SharedMutex>>);
static_assert(stays<lockvet::UniqueLock<SharedMutex>>);
static_assert(stays<lockvet::SharedLock<SharedMutex>>);
static_assert(stays<lockvet::ReverseGuard<SharedMutex>>);
static_assert(stays<lockvet::SharedReverseGuard<SharedMutex>>);

// A mutex doesn't turn into a guard by being passed.
static_assert(!std::is_convertible_v<SharedMutex&, lockvet::LockGuard<SharedMutex>>);
static_assert(!std::is_convertible_v<SharedMutex&, lockvet::UniqueLock<SharedMutex>>);

// The tags are asked for by name, not by braces.
static_assert(
    !std::is_constructible_v<lockvet::LockGuard<SharedMutex>, SharedMutex&, lockvet::DeferLock>);

#if defined(__clang__)
void dropped(SharedMutex& m) {
  lockvet::LockGuard<SharedMutex>{m}; // expected-warning {{declared with 'nodiscard' attribute}}
}

void not_over_a_guard(SharedMutex& m) {
  lockvet::UniqueLock lock(m);
  lockvet::ReverseGuard unlocked(lock); // expected-error {{undefined template}}
}

void not_over_a_shared_guard(SharedMutex& m) {
  lockvet::SharedLock lock(m);
  lockvet::SharedReverseGuard unlocked(lock); // expected-error {{undefined template}}
}
// expected-note@lockvet/guards.hpp:* 2 {{template is declared here}}
#endif
