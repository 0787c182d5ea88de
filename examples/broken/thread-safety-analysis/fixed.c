// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The corrected twin of bug.c: one way out of the locked region, and the lock for reading too.

#include <lockvet/qemu_names.h>
#include <stdbool.h>

struct TSA_CAPABILITY("mutex") Mutex {
  int state;
};
void mutex_lock(struct Mutex *mutex) TSA_ACQUIRE(mutex);
void mutex_unlock(struct Mutex *mutex) TSA_RELEASE(mutex);
bool device_is_gone(void);

static struct Mutex queue_lock;
static int in_flight TSA_GUARDED_BY(queue_lock);

static int submit(int count) {
  int ret = -1;
  mutex_lock(&queue_lock);
  if (device_is_gone())
    goto out;
  in_flight += count;
  ret = 0;
out:
  mutex_unlock(&queue_lock);
  return ret;
}

static int statistics(void) {
  mutex_lock(&queue_lock);
  int count = in_flight;
  mutex_unlock(&queue_lock);
  return count;
}

int main(void) {
  return submit(2) + statistics();
}
