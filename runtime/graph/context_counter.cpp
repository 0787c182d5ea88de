// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/context_counter.h"

#include "runtime/coroutine/thread_mutex.h"

namespace lockvet::runtime {

namespace {

constexpr unsigned none = ~0U;

// One register or segment access: it is in programs, and in libraries that are loaded with them.
[[gnu::tls_model("initial-exec")]] constinit thread_local unsigned index_of_thread = none;

// What an ended thread has left in its cells stays there, and the next user of the index counts on
// from it. That it sees them is the mutex's doing.
struct FreeIndices {
  ThreadMutex mutex;
  std::array<bool, ContextIndex::shared> taken LV_GUARDED_BY(mutex) = {};
};

FreeIndices& free_indices() {
  static FreeIndices* const indices = new FreeIndices; // threads may end after static destructors
  return *indices;
}

// Gives the index back when the thread ends.
struct GiveBack {
  unsigned index;
  explicit GiveBack(unsigned index) : index(index) {}
  GiveBack(const GiveBack&) = delete;
  GiveBack& operator=(const GiveBack&) = delete;
  ~GiveBack() {
    index_of_thread = ContextIndex::shared;
    if (index == ContextIndex::shared)
      return;
    FreeIndices& indices = free_indices();
    ThreadLock lock(indices.mutex);
    indices.taken[index] = false;
  }
};

} // namespace

unsigned ContextIndex::here() noexcept {
  asm volatile("" ::: "memory");
  const unsigned index = index_of_thread;
  return index != none ? index : take();
}

unsigned ContextIndex::take() noexcept {
  unsigned index = 0;
  {
    FreeIndices& indices = free_indices();
    ThreadLock lock(indices.mutex);
    while (index < shared && indices.taken[index])
      ++index;
    if (index < shared)
      indices.taken[index] = true;
  }
  index_of_thread = index;
  thread_local const GiveBack give_back(index);
  return index;
}

int64_t ContextCounter::sum() const noexcept {
  int64_t sum = 0;
  for (const Cell& cell : cells_)
    sum += cell.value.load(std::memory_order_acquire);
  return sum;
}

} // namespace lockvet::runtime
