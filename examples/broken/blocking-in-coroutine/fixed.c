// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The corrected twin of bug.c: a thread of the pool waits for the disk, and the coroutine suspends
// until the thread is done.

#define _POSIX_C_SOURCE 200809L

#include <lockvet/qemu_names.h>
#include <stdbool.h>
#include <unistd.h>

struct Coroutine;
typedef void coroutine_fn CoroutineEntry(void *opaque);
struct Coroutine *qemu_coroutine_create(CoroutineEntry *entry, void *opaque);
void qemu_coroutine_enter(struct Coroutine *co);
int coroutine_fn co_write_at(int fd, const void *data, unsigned length, long offset);
int coroutine_fn co_run_in_thread_pool(int (*work)(void *opaque), void *opaque);

struct Request {
  int fd;
  const void *data;
  unsigned length;
  long offset;
  bool force_unit_access;
};

static int flush_file(void *opaque) {
  return fdatasync(*(int *)opaque);
}

static void coroutine_fn co_serve(void *opaque) {
  struct Request *request = opaque;
  if (co_write_at(request->fd, request->data, request->length, request->offset) < 0)
    return;
  if (request->force_unit_access)
    co_run_in_thread_pool(flush_file, &request->fd);
}

int main(void) {
  struct Request request = {1, "x", 1, 0, true};
  qemu_coroutine_enter(qemu_coroutine_create(co_serve, &request));
  return 0;
}
