// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Conditions that are something else entirely: named like the predicate, made from it, near it.

#include "../Inputs/world.h"

bool in_coroutine_mode(void); // no predicate: a setting
int coroutine_count(void);

struct Request {
  bool in_coroutine;
};

int coroutine_mixed_fn another_function(void) {
  if (in_coroutine_mode())
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}

int coroutine_mixed_fn a_field(struct Request *req) {
  if (req->in_coroutine)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}

int coroutine_mixed_fn a_number(void) {
  if (coroutine_count() > 0)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}

int coroutine_mixed_fn the_address(void) {
  bool (*ask)(void) = qemu_in_coroutine;
  if (ask != NULL) // the function exists; it was not called
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}

int coroutine_mixed_fn answer_ignored(void) {
  (void)qemu_in_coroutine();
  return co_read(); // lockvet-error{{coroutine-call: without knowing}}
}

int coroutine_mixed_fn never_evaluated(void) {
  if (sizeof(qemu_in_coroutine()))
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}

int coroutine_mixed_fn both_asked(bool fast) { // silent: another condition beside the predicate
  if (fast)
    return plain_read();
  if (!qemu_in_coroutine())
    return sync_read();
  return co_read();
}
