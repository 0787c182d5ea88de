// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locks that a C scope gives back by itself, whichever way it is left: by its end, `return`,
// `break`, `continue` or `goto`. Who owns a kind of lock defines its guard once, beside its lock
// and unlock functions; users then name it. A guard needs whatever its lock function needs: one
// over a coroutine lock is for coroutines only.
//
// Works in C11 and C++17 and up, with GCC and Clang, by the `cleanup` attribute, which Clang's
// analysis follows from Clang 22 on. In C++, <lockvet/guards.hpp> can do more.
//
//     struct LV_CAPABILITY("mutex") Mutex { ... };
//     void mutex_lock(struct Mutex* m) LV_ACQUIRE(*m);
//     void mutex_unlock(struct Mutex* m) LV_RELEASE(*m);
//     LV_DEFINE_GUARD(mutex, struct Mutex, mutex_lock, mutex_unlock)
//
//     long balance(struct Account* a) {
//       LV_GUARD(mutex, &a->lock);
//       return a->balance;
//     }
//
// Lock and unlock functions must say what they do (LV_ACQUIRE and so on): the guard's contract is
// checked against theirs. A project that wants a word of its own writes
// `#define MUTEX_GUARD(m) LV_GUARD(mutex, m)`.
//
// What a guard can't do: be released before the end of its scope. Unlocking by hand what a guard
// holds is reported. Use LV_WITH_GUARD and leave it by `break`, or lock and unlock by hand.

#ifndef LOCKVET_GUARDS_H
#define LOCKVET_GUARDS_H

#include <lockvet/label.h>
#include <lockvet/thread_safety.h>

#if !defined(__GNUC__)
#error "lockvet/guards.h needs the cleanup attribute of GCC and Clang"
#endif

// -------------------------------------------------------------------------------------------------
// For who owns a lock
// -------------------------------------------------------------------------------------------------

// LV_DEFINE_GUARD(name, type, lock, unlock [, marker])
// LV_DEFINE_SHARED_GUARD(name, type, lock, unlock [, marker])
//
// Defines the guard `name` over objects of `type`, whose functions `lock` and `unlock` take a
// pointer to it; the second form is for functions that acquire and release shared. A marker such as
// LV_COROUTINE_FN goes to the functions that are defined here, which call `lock` and `unlock`.
//
//     LV_DEFINE_SHARED_GUARD(rwlock_read, struct RwLock, rwlock_rdlock, rwlock_rdunlock)
//     LV_DEFINE_GUARD(co_mutex, CoMutex, co_mutex_lock, co_mutex_unlock, LV_COROUTINE_FN)
#define LV_DEFINE_GUARD(name, type, ...)                                                           \
  LV_IMPL_DEFINE_GUARD(name, type, LV_ACQUIRE, LV_RELEASE, __VA_ARGS__, , )
#define LV_DEFINE_SHARED_GUARD(name, type, ...)                                                    \
  LV_IMPL_DEFINE_GUARD(name, type, LV_ACQUIRE_SHARED, LV_RELEASE_SHARED, __VA_ARGS__, , )

// LV_DEFINE_GLOBAL_GUARD(name, capability, lock, unlock [, marker])
// LV_DEFINE_GLOBAL_SHARED_GUARD(name, capability, lock, unlock [, marker])
//
// The same for a capability that there is one of, whose functions take no argument.
//
//     LV_DEFINE_GLOBAL_GUARD(graph_wr, graph_lock, graph_wrlock, graph_wrunlock)
//     LV_DEFINE_GLOBAL_SHARED_GUARD(graph_rd, graph_lock, graph_co_rdlock, graph_co_rdunlock,
//                                   LV_COROUTINE_FN)
#define LV_DEFINE_GLOBAL_GUARD(name, capability, ...)                                              \
  LV_IMPL_DEFINE_GLOBAL_GUARD(name, LV_ACQUIRE(capability), LV_RELEASE(capability), __VA_ARGS__, , )
#define LV_DEFINE_GLOBAL_SHARED_GUARD(name, capability, ...)                                       \
  LV_IMPL_DEFINE_GLOBAL_GUARD(name, LV_ACQUIRE_SHARED(capability), LV_RELEASE_SHARED(capability),  \
                              __VA_ARGS__, , )

// -------------------------------------------------------------------------------------------------
// For who takes a lock
// -------------------------------------------------------------------------------------------------

// LV_GUARD(name, lock)
//
// A declaration: takes the lock here and gives it back at the end of the enclosing scope. `lock` is
// a pointer that isn't null; a global guard has none. One a line, since the line names it.
//
//     LV_GUARD(mutex, &account->lock);
//     LV_GUARD(graph_rd);
#define LV_GUARD(...) LV_IMPL_GUARD(__LINE__, __VA_ARGS__, , )

// LV_WITH_GUARD(name, lock) { ... }
//
// Takes the lock for the block that follows. `break` and `continue` leave the block, also inside of
// an outer loop.
//
//     LV_WITH_GUARD(mutex, &account->lock) { account->balance += n; }
//     LV_WITH_GUARD(graph_rd) { visit(root); }
#define LV_WITH_GUARD(...) LV_IMPL_WITH_GUARD(__LINE__, __VA_ARGS__, , )

// -------------------------------------------------------------------------------------------------
// How
// -------------------------------------------------------------------------------------------------

// The variable behind a guard points to the lock, and its enter function says by lock_returned
// *which* lock: that is how the analysis sees that the cleanup function, which gets the variable's
// address, gives back what enter took. The trailing empty arguments at the macros above stand for
// the optional ones, as C11 wants at least one argument for `...`.
#define LV_IMPL_DEFINE_GUARD(name, type, acquire, release, lock, unlock, marker, ...)              \
  typedef type* lockvet_##name##_guard;                                                            \
  __attribute__((unused, nonnull, returns_nonnull)) static inline type* marker                     \
  lockvet_##name##_enter(type* lockvet_lock) acquire(*lockvet_lock)                                \
      LV_RETURN_CAPABILITY(*lockvet_lock) {                                                        \
    (void)lock(lockvet_lock);                                                                      \
    return lockvet_lock;                                                                           \
  }                                                                                                \
  __attribute__((unused)) static inline void marker lockvet_##name##_leave(type** lockvet_var)     \
      release(**lockvet_var) {                                                                     \
    (void)unlock(*lockvet_var);                                                                    \
  }

// Here the variable points to anything, since the contract names the lock.
#define LV_IMPL_DEFINE_GLOBAL_GUARD(name, acquire, release, lock, unlock, marker, ...)             \
  typedef const char* lockvet_##name##_guard;                                                      \
  __attribute__((unused, returns_nonnull)) static inline const char* marker                        \
  lockvet_##name##_enter(void) acquire {                                                           \
    (void)lock();                                                                                  \
    return #name;                                                                                  \
  }                                                                                                \
  __attribute__((unused)) static inline void marker lockvet_##name##_leave(                        \
      const char** lockvet_var) release {                                                          \
    (void)lockvet_var;                                                                             \
    (void)unlock();                                                                                \
  }

// Named after the line and not by __COUNTER__, which would give an inline function in a header a
// different body in each unit that includes it.
#define LV_IMPL_GUARD(line, name, lock, ...)                                                       \
  LV_IMPL_GUARD_VARIABLE(name, LV_IMPL_CONCAT(lockvet_guard_, line)) = lockvet_##name##_enter(lock)

#define LV_IMPL_WITH_GUARD(line, name, lock, ...)                                                  \
  LV_IMPL_WITH_GUARD_NAMED(name, lock, LV_IMPL_CONCAT(lockvet_guard_, line),                       \
                           LV_IMPL_CONCAT(lockvet_once_, line))
#define LV_IMPL_WITH_GUARD_NAMED(name, lock, guard, once)                                          \
  for (LV_IMPL_GUARD_VARIABLE(name, guard) = lockvet_##name##_enter(lock), once = guard; once;     \
       once = LV_IMPL_NULL)

#define LV_IMPL_GUARD_VARIABLE(name, variable)                                                     \
  lockvet_##name##_guard variable __attribute__((cleanup(lockvet_##name##_leave), unused))

#define LV_IMPL_CONCAT(a, b) LV_IMPL_CONCAT_EXPANDED(a, b)
#define LV_IMPL_CONCAT_EXPANDED(a, b) a##b

#if defined(__cplusplus)
#define LV_IMPL_NULL nullptr
#else
#define LV_IMPL_NULL ((void*)0)
#endif

#endif // LOCKVET_GUARDS_H
