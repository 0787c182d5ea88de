// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/coroutine_pool.h"

#include "runtime/coroutine/coroutine.h"
#include "runtime/coroutine/home_queue.h"
#include "runtime/coroutine/thread_mutex.h"

#include <vector>

namespace lockvet::runtime {

namespace {

struct Batch {
  Coroutine* first = nullptr;
  size_t count = 0;
};

struct Shared {
  ThreadMutex mutex;
  std::vector<Batch> batches LV_GUARDED_BY(mutex);
  size_t count LV_GUARDED_BY(mutex) = 0;
};

// Never destroyed: threads end, and with them their coroutines, after main() too.
Shared& shared() {
  static Shared& pool = *new Shared;
  return pool;
}

} // namespace

class CoroutinePool::ThreadCache {
public:
  // What the thread takes from next.
  Batch active;
  // Either empty or a whole batch.
  Batch spare;

  void refill() {
    if (spare.count > 0) {
      active = std::exchange(spare, {});
      return;
    }
    Shared& pool = shared();
    ThreadLock lock(pool.mutex);
    if (pool.batches.empty())
      return;
    active = pool.batches.back();
    pool.batches.pop_back();
    pool.count -= active.count;
  }

  void make_room() {
    if (spare.count > 0)
      share(spare);
    spare = std::exchange(active, {});
  }

  static void share(Batch batch) {
    {
      Shared& pool = shared();
      ThreadLock lock(pool.mutex);
      if (pool.count + batch.count <= most_pooled) {
        pool.batches.push_back(batch);
        pool.count += batch.count;
        return;
      }
    }
    destroy(batch.first);
  }
};

namespace {

// Has no constructor and no destructor to look after, so that using it is one access to memory.
constinit thread_local CoroutinePool::ThreadCache thread_cache;

// Touched where the slow path is taken anyway.
struct GiveBackAtThreadEnd {
  ~GiveBackAtThreadEnd() {
    for (Batch* batch : {&thread_cache.active, &thread_cache.spare}) {
      if (batch->count > 0)
        CoroutinePool::ThreadCache::share(std::exchange(*batch, {}));
    }
  }
  bool armed = false;
};
thread_local GiveBackAtThreadEnd give_back_at_thread_end;

} // namespace

Coroutine& CoroutinePool::take() noexcept {
  ThreadCache& cache = thread_cache;
  if (cache.active.count == 0) [[unlikely]] {
    give_back_at_thread_end.armed = true;
    cache.refill();
    if (cache.active.count == 0)
      return make();
  }
  Coroutine& taken = *cache.active.first;
  cache.active.first = next(taken);
  --cache.active.count;
  // The next one will be taken soon, and the last that touched it may be long ago.
  HomeQueue::prefetch(cache.active.first);
  return taken;
}

void CoroutinePool::give(Coroutine& coroutine) noexcept {
  ThreadCache& cache = thread_cache;
  if (cache.active.count == batch) [[unlikely]] {
    give_back_at_thread_end.armed = true;
    cache.make_room();
  }
  next(coroutine) = cache.active.first;
  cache.active.first = &coroutine;
  ++cache.active.count;
}

void CoroutinePool::trim(size_t keep) {
  Shared& pool = shared();
  while (true) {
    Batch batch;
    {
      ThreadLock lock(pool.mutex);
      if (pool.count <= keep)
        return;
      batch = pool.batches.back();
      pool.batches.pop_back();
      pool.count -= batch.count;
    }
    destroy(batch.first);
  }
}

size_t CoroutinePool::pooled() {
  Shared& pool = shared();
  ThreadLock lock(pool.mutex);
  return pool.count;
}

Coroutine*& CoroutinePool::next(Coroutine& coroutine) noexcept {
  return coroutine.entered_by_;
}

Coroutine& CoroutinePool::make() noexcept {
  // Stacks begin at pages, so that without an offset the busy lines of all of them would compete
  // for the same few sets of the cache.
  static std::atomic<unsigned> made = 0;
  constexpr unsigned colours = 16;
  constexpr size_t colour_bytes = 128;
  Stack stack(stack_size);
  if (!stack.valid())
    misuse("there is no memory for the stack of another coroutine; is vm.max_map_count reached?");
  const size_t offset = made.fetch_add(1, std::memory_order_relaxed) % colours * colour_bytes;
  char* const top = static_cast<char*>(stack.top()) - offset;
  constexpr size_t own_bytes = (sizeof(Coroutine) + 63) / 64 * 64;
  return *new (top - own_bytes) Coroutine(std::move(stack));
}

void CoroutinePool::destroy(Coroutine* first) noexcept {
  while (first != nullptr) {
    Coroutine* const after = next(*first);
    // The coroutine lies on its own stack.
    const Stack stack = std::move(first->stack_);
    first->~Coroutine();
    first = after;
  }
}

} // namespace lockvet::runtime
