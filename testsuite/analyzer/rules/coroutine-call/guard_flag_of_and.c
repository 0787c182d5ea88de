// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A flag that is the predicate *and* something else: where it is true, both are.

#include "../Inputs/world.h"

int coroutine_mixed_fn both(bool ready) { // silent
  bool may_suspend = qemu_in_coroutine() && ready;
  if (may_suspend)
    return co_read();
  return 0;
}

int coroutine_mixed_fn both_the_other_way(bool ready) { // silent
  bool may_suspend = ready && qemu_in_coroutine();
  return may_suspend ? co_read() : plain_read();
}

int coroutine_mixed_fn either(bool ready) {
  bool may_suspend = qemu_in_coroutine() || ready;
  if (may_suspend)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}

int coroutine_mixed_fn neither(bool ready) { // silent
  bool outside = !qemu_in_coroutine() || !ready;
  if (!outside)
    return co_read();
  return 0;
}

int coroutine_mixed_fn half_wrong(bool ready) {
  bool may_suspend = qemu_in_coroutine() && ready;
  if (!may_suspend)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}

int coroutine_mixed_fn set_again(bool ready) {
  bool may_suspend = qemu_in_coroutine() && ready;
  may_suspend = may_suspend || ready;
  if (may_suspend)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}

int coroutine_mixed_fn handed_on(bool ready) { // silent
  bool is_inside = qemu_in_coroutine();
  bool may_suspend = is_inside && ready;
  is_inside = true;
  return may_suspend && is_inside ? co_read() : 0;
}

int coroutine_mixed_fn counted(bool ready) {
  int reasons = qemu_in_coroutine() + ready;
  if (reasons)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}
