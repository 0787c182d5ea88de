// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A guard that the compiler can't follow says that it asserts the lock. So the compiler believes
// that the lock is held from there to the end of the function. It is held to the end of the block.

#include <lockvet/qemu_names.h>
#include <stddef.h>

void graph_rdlock(void) TSA_ACQUIRE_SHARED(graph_lock);
void graph_rdunlock(void) TSA_RELEASE_SHARED(graph_lock);

struct Task {
  long offset;
  long bytes;
};

struct GraphGuard {
  int unused;
};

static inline struct GraphGuard *guard_begin(struct GraphGuard *guard)
    TSA_ASSERT_SHARED(graph_lock)
        LV_NO_THREAD_SAFETY_ANALYSIS("what it takes, the end of a scope gives back") {
  graph_rdlock();
  return guard;
}

static inline void guard_end(struct GraphGuard **guard)
    LV_NO_THREAD_SAFETY_ANALYSIS("gives back what guard_begin() took") {
  (void)guard;
  graph_rdunlock();
}

#define GRAPH_RDLOCK_GUARD()                                                                       \
  struct GraphGuard *guard __attribute__((cleanup(guard_end), unused)) =                           \
      guard_begin(&(struct GraphGuard){0})

static int GRAPH_RDLOCK copy(struct Task *task) {
  return task->bytes > 4096;
}

static int GRAPH_RDLOCK discard(struct Task *task) {
  return task->offset < 0;
}

static int run_task(struct Task *task) {
  int result;
  {
    GRAPH_RDLOCK_GUARD();
    result = copy(task);
  }
  if (result == 0)
    result = discard(task);
  return result;
}

int main(void) {
  struct Task task = {0, 512};
  return run_task(&task);
}
