// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Requests in flight are counted under a mutex, since several threads complete them. One error path
// of the submission returns without giving the mutex back, and the statistics command reads the
// counter without taking it at all. The compiler sees both by itself, where it is asked to.

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
  mutex_lock(&queue_lock);
  if (device_is_gone())
    return -1;
  in_flight += count;
  mutex_unlock(&queue_lock);
  return 0;
}

static int statistics(void) {
  return in_flight;
}

int main(void) {
  return submit(2) + statistics();
}
