// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The predicate as what a switch is about.

#include "../Inputs/world.h"

int coroutine_mixed_fn switched(void) { // silent
  switch ((int)qemu_in_coroutine()) {
  case 0:
    return sync_read();
  default:
    return co_read();
  }
}

int coroutine_mixed_fn switched_wrongly(void) {
  switch ((int)qemu_in_coroutine()) {
  case 0:
    return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
  default:
    return 0;
  }
}

int coroutine_mixed_fn switched_on_true(void) { // silent
  switch (qemu_in_coroutine()) {
  case 1:
    return co_read();
  }
  return sync_read();
}

int coroutine_mixed_fn falling_through(void) {
  switch (qemu_in_coroutine()) {
  case 0:
    plain_read();
  default:
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  }
}

int coroutine_mixed_fn switched_on_more(int kind) {
  switch (qemu_in_coroutine() + kind) {
  case 0:
    return 0;
  default:
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  }
}

int coroutine_mixed_fn inside_another(int kind) { // silent
  switch (kind) {
  case 0:
    switch (qemu_in_coroutine()) {
    case 0:
      return sync_read();
    }
  case 1:
    if (qemu_in_coroutine())
      return co_read();
  }
  return 0;
}
