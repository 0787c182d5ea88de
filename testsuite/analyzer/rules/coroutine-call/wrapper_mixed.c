// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// What a generator of wrappers writes for a function that is to work in both contexts: directly in
// a coroutine, else in a coroutine made for it while the event loop is polled.

#include "../Inputs/world.h"

int coroutine_fn co_truncate(void *disk, long size, bool exact);

struct Truncate {
  void *disk;
  long size;
  bool exact;
  int ret;
  bool in_progress;
};

static void coroutine_fn truncate_entry(void *opaque) { // silent: an entry is a coroutine_fn
  struct Truncate *s = (struct Truncate *)opaque;
  s->ret = co_truncate(s->disk, s->size, s->exact);
  s->in_progress = false;
}

int coroutine_mixed_fn truncate_disk(void *disk, long size, bool exact) { // silent
  if (qemu_in_coroutine()) {
    return co_truncate(disk, size, exact);
  } else {
    struct Truncate s = {disk, size, exact, 0, true};
    qemu_coroutine_enter(qemu_coroutine_create(truncate_entry, &s));
    while (s.in_progress)
      poll_event_loop();
    return s.ret;
  }
}

int main(void) { // silent: so it may be called from anywhere
  return truncate_disk(NULL, 512, true);
}

int no_coroutine_fn forgot_the_wrapper(void) {
  return co_truncate(NULL, 512, true); // lockvet-error{{coroutine-call: no_coroutine_fn}}
}
