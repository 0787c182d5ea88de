// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where coroutines with their stacks wait for their next use. Each thread has a few to itself,
// which it takes and gives without a lock; the rest is shared, and changes hands in batches, so
// that many alive at once cost as much each as few. Memory goes back to the system by trim(), or
// beyond `most_pooled`.

#ifndef LOCKVET_RUNTIME_COROUTINE_COROUTINE_POOL_H
#define LOCKVET_RUNTIME_COROUTINE_COROUTINE_POOL_H

#include <cstddef>

namespace lockvet::runtime {

class Coroutine;

class CoroutinePool {
public:
  static constexpr size_t stack_size = size_t{256} * 1024;
  static constexpr size_t batch = 64;
  static constexpr size_t most_pooled = 16384;

  // One that is ready to start. Ends the program if there is no memory.
  static Coroutine& take() noexcept;
  // Gets back one that has ended.
  static void give(Coroutine& coroutine) noexcept;

  // Frees what is shared, until `keep` coroutines or fewer are left; it frees whole batches. What
  // threads have to themselves, at most two batches each, stays.
  static void trim(size_t keep);
  // How many are shared; it may have changed when the caller looks at it.
  static size_t pooled();

  // One thread's own: two batches, so that going back and forth at the edge of one is free.
  class ThreadCache;

private:
  static Coroutine& make() noexcept;
  static void destroy(Coroutine* first) noexcept;
  static Coroutine*& next(Coroutine& coroutine) noexcept;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_COROUTINE_POOL_H
