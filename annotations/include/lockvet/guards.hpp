// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Guards for C++: objects whose lifetime is the time that a lock is held, or, for the reverse ones,
// let go. They own nothing but the duty to undo what they did, and need what the lock's own methods
// need: a guard over a coroutine lock lives in coroutines only, one over a thread lock must not
// live across a suspension.
//
// Works in C++17 and up. The standard library's guards do the same work, but libstdc++ says nothing
// about capabilities, so that the analysis can't see through them.
//
//     lockvet::LockGuard guard(account.lock);                  // held to the end of the scope
//     lockvet::SharedLockGuard guard(table.lock);              // the same, shared
//     lockvet::UniqueLock lock(account.lock);                  // can be released and taken again
//     lockvet::SharedLock lock(table.lock);                    // the same, shared
//     lockvet::ReverseGuard unlocked(account.lock);            // released to the end of the scope
//     lockvet::SharedReverseGuard unlocked(table.lock);        // the same, shared
//
// The lock can be of any type with lock() and unlock(), and for the shared guards lock_shared() and
// unlock_shared(). Mark the type with LV_CAPABILITY, and its methods, so that locking by hand and
// locking by guard are seen as the same thing.
//
// No guard moves or copies: the analysis knows a guard by its variable. To hand a held lock to
// another scope, hand over the lock and adopt it there.

#ifndef LOCKVET_GUARDS_HPP
#define LOCKVET_GUARDS_HPP

#include <lockvet/thread_safety.h>

namespace lockvet {

// How a guard begins, if not by locking. The same words as in the standard library, without its
// <mutex>.
struct AdoptLock {
  explicit AdoptLock() = default;
};
struct DeferLock {
  explicit DeferLock() = default;
};

// The caller holds the lock already, and the guard takes over giving it back.
inline constexpr AdoptLock adopt_lock{};

// The guard begins without the lock, and takes it when its lock() or try_lock() is called.
inline constexpr DeferLock defer_lock{};

// Holds `mutex` exclusively for its lifetime.
template <typename Mutex> class [[nodiscard]] LV_SCOPED_CAPABILITY LockGuard {
public:
  explicit LockGuard(Mutex& mutex) LV_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  LockGuard(Mutex& mutex, AdoptLock) LV_REQUIRES(mutex) : mutex_(mutex) {}
  ~LockGuard() LV_RELEASE() { mutex_.unlock(); }

  LockGuard(const LockGuard&) = delete;
  LockGuard& operator=(const LockGuard&) = delete;

private:
  Mutex& mutex_;
};

// Holds `mutex` shared for its lifetime.
template <typename Mutex> class [[nodiscard]] LV_SCOPED_CAPABILITY SharedLockGuard {
public:
  explicit SharedLockGuard(Mutex& mutex) LV_ACQUIRE_SHARED(mutex) : mutex_(mutex) {
    mutex_.lock_shared();
  }
  SharedLockGuard(Mutex& mutex, AdoptLock) LV_REQUIRES_SHARED(mutex) : mutex_(mutex) {}
  ~SharedLockGuard() LV_RELEASE() { mutex_.unlock_shared(); }

  SharedLockGuard(const SharedLockGuard&) = delete;
  SharedLockGuard& operator=(const SharedLockGuard&) = delete;

private:
  Mutex& mutex_;
};

// Holds `mutex` exclusively whenever it isn't told otherwise. A lock that is held on one path and
// released on another where they meet is taken as released by the analysis, and given back at the
// end if it is held. The result of try_lock() has to be branched on at once.
template <typename Mutex> class [[nodiscard]] LV_SCOPED_CAPABILITY UniqueLock {
public:
  explicit UniqueLock(Mutex& mutex) LV_ACQUIRE(mutex) : mutex_(mutex), owns_(true) {
    mutex_.lock();
  }
  UniqueLock(Mutex& mutex, AdoptLock) LV_REQUIRES(mutex) : mutex_(mutex), owns_(true) {}
  UniqueLock(Mutex& mutex, DeferLock) LV_EXCLUDES(mutex) : mutex_(mutex), owns_(false) {}
  ~UniqueLock() LV_RELEASE() {
    if (owns_)
      mutex_.unlock();
  }

  UniqueLock(const UniqueLock&) = delete;
  UniqueLock& operator=(const UniqueLock&) = delete;

  // Not while it is held.
  void lock() LV_ACQUIRE()
      LV_NO_THREAD_SAFETY_ANALYSIS("acts on the mutex in the name of the guard") {
    mutex_.lock();
    owns_ = true;
  }

  bool try_lock() LV_TRY_ACQUIRE(true)
      LV_NO_THREAD_SAFETY_ANALYSIS("acts on the mutex in the name of the guard") {
    return owns_ = mutex_.try_lock();
  }

  // Only while it is held.
  void unlock() LV_RELEASE()
      LV_NO_THREAD_SAFETY_ANALYSIS("acts on the mutex in the name of the guard") {
    owns_ = false;
    mutex_.unlock();
  }

  // For assertions: the analysis doesn't learn from the result.
  bool owns_lock() const noexcept { return owns_; }

private:
  Mutex& mutex_;
  bool owns_;
};

// Holds `mutex` shared whenever it isn't told otherwise; otherwise as UniqueLock.
template <typename Mutex> class [[nodiscard]] LV_SCOPED_CAPABILITY SharedLock {
public:
  explicit SharedLock(Mutex& mutex) LV_ACQUIRE_SHARED(mutex) : mutex_(mutex), owns_(true) {
    mutex_.lock_shared();
  }
  SharedLock(Mutex& mutex, AdoptLock) LV_REQUIRES_SHARED(mutex) : mutex_(mutex), owns_(true) {}
  SharedLock(Mutex& mutex, DeferLock) LV_EXCLUDES(mutex) : mutex_(mutex), owns_(false) {}
  ~SharedLock() LV_RELEASE() {
    if (owns_)
      mutex_.unlock_shared();
  }

  SharedLock(const SharedLock&) = delete;
  SharedLock& operator=(const SharedLock&) = delete;

  // Not while it is held.
  void lock() LV_ACQUIRE_SHARED()
      LV_NO_THREAD_SAFETY_ANALYSIS("acts on the mutex in the name of the guard") {
    mutex_.lock_shared();
    owns_ = true;
  }

  bool try_lock() LV_TRY_ACQUIRE_SHARED(true)
      LV_NO_THREAD_SAFETY_ANALYSIS("acts on the mutex in the name of the guard") {
    return owns_ = mutex_.try_lock_shared();
  }

  // Only while it is held.
  void unlock() LV_RELEASE()
      LV_NO_THREAD_SAFETY_ANALYSIS("acts on the mutex in the name of the guard") {
    owns_ = false;
    mutex_.unlock_shared();
  }

  // For assertions: the analysis doesn't learn from the result.
  bool owns_lock() const noexcept { return owns_; }

private:
  Mutex& mutex_;
  bool owns_;
};

// Lets go of `mutex`, which the caller holds exclusively, and takes it again at the end: for the
// stretch in which a callback runs or another thread is waited for. What was read before has to be
// read again after. It names the mutex, also where a guard holds it, and must end before that guard
// is used.
template <typename Mutex> class [[nodiscard]] LV_SCOPED_CAPABILITY ReverseGuard {
public:
  explicit ReverseGuard(Mutex& mutex) LV_RELEASE(mutex) : mutex_(mutex) { mutex_.unlock(); }
  // Here LV_RELEASE() ends what the constructor began: it gives back the release.
  ~ReverseGuard() LV_RELEASE() { mutex_.lock(); }

  ReverseGuard(const ReverseGuard&) = delete;
  ReverseGuard& operator=(const ReverseGuard&) = delete;

private:
  Mutex& mutex_;
};

// Not over a guard: the analysis doesn't see the mutex behind it being taken again.
template <typename Mutex> class ReverseGuard<UniqueLock<Mutex>>;

// The same for a mutex that the caller holds shared.
template <typename Mutex> class [[nodiscard]] LV_SCOPED_CAPABILITY SharedReverseGuard {
public:
  explicit SharedReverseGuard(Mutex& mutex) LV_RELEASE_SHARED(mutex) : mutex_(mutex) {
    mutex_.unlock_shared();
  }
  ~SharedReverseGuard() LV_RELEASE() { mutex_.lock_shared(); }

  SharedReverseGuard(const SharedReverseGuard&) = delete;
  SharedReverseGuard& operator=(const SharedReverseGuard&) = delete;

private:
  Mutex& mutex_;
};

template <typename Mutex> class SharedReverseGuard<SharedLock<Mutex>>;

} // namespace lockvet

#endif // LOCKVET_GUARDS_HPP
