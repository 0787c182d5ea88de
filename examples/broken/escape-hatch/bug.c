// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The statistics were written before the queue had a function that takes its lock, and the analysis
// of queue_statistics() was turned off to get the change in. The lock has long been taken properly;
// but the next one who forgets it on some way through the function will not be told.

#include <lockvet/qemu_names.h>

struct TSA_CAPABILITY("mutex") Mutex {
  int state;
};
void mutex_lock(struct Mutex *mutex) TSA_ACQUIRE(mutex);
void mutex_unlock(struct Mutex *mutex) TSA_RELEASE(mutex);

extern struct Mutex queue_lock;
int queue_length_locked(void) TSA_REQUIRES(&queue_lock);

static int queue_statistics(int verbose) TSA_NO_TSA;

static int queue_statistics(int verbose) {
  mutex_lock(&queue_lock);
  const int length = queue_length_locked();
  mutex_unlock(&queue_lock);
  return verbose ? length : length > 0;
}

int main(int count, char **arguments) {
  (void)arguments;
  return queue_statistics(count > 1);
}
