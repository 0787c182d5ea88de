// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Calls that only another thread, another machine or a clock can end.

#include "../Inputs/world.h"
#include <poll.h>
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void coroutine_fn co_sleeps(void) {
  sleep(1); // lockvet-warning{{blocking-in-coroutine: coroutine_fn co_sleeps() calls sleep()}}
}

void coroutine_fn co_sleeps_exactly(const struct timespec *time) {
  nanosleep(time, NULL); // lockvet-warning{{blocking-in-coroutine: calls nanosleep()}}
}

void coroutine_fn co_joins(pthread_t thread) {
  pthread_join(thread, NULL); // lockvet-warning{{blocking-in-coroutine: calls pthread_join()}}
}

void coroutine_fn co_waits(pthread_cond_t *cond, pthread_mutex_t *mutex) {
  pthread_cond_wait(cond, mutex); // lockvet-warning{{blocking-in-coroutine: pthread_cond_wait()}}
}

void coroutine_fn co_waits_for_a_child(void) {
  waitpid(-1, NULL, 0); // lockvet-warning{{blocking-in-coroutine: calls waitpid()}}
}

void coroutine_fn co_polls(struct pollfd *fds) {
  poll(fds, 1, -1); // lockvet-warning{{blocking-in-coroutine: calls poll()}}
}

void coroutine_fn co_syncs(int fd) {
  fsync(fd); // lockvet-warning{{blocking-in-coroutine: calls fsync()}}
}

// Silent: these end by themselves, at once or on a non-blocking descriptor.
void coroutine_fn co_goes_on(int fd, pthread_mutex_t *mutex, pthread_cond_t *cond, char *buffer) {
  pthread_mutex_lock(mutex);
  pthread_cond_signal(cond);
  pthread_mutex_unlock(mutex);
  if (read(fd, buffer, 1) == 1 && write(fd, buffer, 1) == 1)
    close(fd);
}

int main(void) { // silent: the main thread may sleep
  sleep(1);
  return 0;
}

int no_coroutine_fn outside(int fd) { // silent
  return fsync(fd);
}

int says_nothing(int fd) { // silent: nobody is known to call it in a coroutine
  return fsync(fd);
}
