// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The corrected twin of bug.c: the compiler looks at queue_statistics() again. What it really can't
// follow is written beside the function that needs it.

#include <lockvet/qemu_names.h>

struct TSA_CAPABILITY("mutex") Mutex {
  int state;
};
void mutex_lock(struct Mutex *mutex) TSA_ACQUIRE(mutex);
void mutex_unlock(struct Mutex *mutex) TSA_RELEASE(mutex);

extern struct Mutex queue_lock;
int queue_length_locked(void) TSA_REQUIRES(&queue_lock);

static int queue_statistics(int verbose) {
  mutex_lock(&queue_lock);
  const int length = queue_length_locked();
  mutex_unlock(&queue_lock);
  return verbose ? length : length > 0;
}

// A callback of the monitor, which takes the lock around all of them.
static int queue_command(void) TSA_NO_TSA;

static int queue_command(void) {
  return queue_length_locked();
}

int main(int count, char **arguments) {
  (void)arguments;
  return queue_statistics(count > 1) + queue_command();
}
