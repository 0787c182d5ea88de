// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A write with "force unit access" must be on the disk when it completes, so the coroutine that
// serves it ends with an fdatasync(). That call comes back when the disk is done: until then, no
// other request of this event loop makes any progress, and neither does the loop itself.

#define _POSIX_C_SOURCE 200809L

#include <lockvet/qemu_names.h>
#include <stdbool.h>
#include <unistd.h>

struct Coroutine;
typedef void coroutine_fn CoroutineEntry(void *opaque);
struct Coroutine *qemu_coroutine_create(CoroutineEntry *entry, void *opaque);
void qemu_coroutine_enter(struct Coroutine *co);
int coroutine_fn co_write_at(int fd, const void *data, unsigned length, long offset);

struct Request {
  int fd;
  const void *data;
  unsigned length;
  long offset;
  bool force_unit_access;
};

static int flush_file(int fd) {
  return fdatasync(fd);
}

static void coroutine_fn co_serve(void *opaque) {
  struct Request *request = opaque;
  if (co_write_at(request->fd, request->data, request->length, request->offset) < 0)
    return;
  if (request->force_unit_access)
    flush_file(request->fd);
}

int main(void) {
  struct Request request = {1, "x", 1, 0, true};
  qemu_coroutine_enter(qemu_coroutine_create(co_serve, &request));
  return 0;
}
