// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// An unmarked function in an unmarked member runs where the member is called.

#include "../Inputs/world.h"

struct Driver {
  int (*open)(void);
  int (*refresh)(void);
};

static int raw_open(void) {
  return co_read(); // lockvet-error{{coroutine-call: raw_open()}}
}

static int raw_refresh(void) {
  return co_read(); // lockvet-warning{{coroutine-call: raw_refresh() calls coroutine_fn}}
}

static int file_open(void) { // silent
  return sync_read();
}

static const struct Driver raw = {.open = raw_open, .refresh = raw_refresh};
static const struct Driver file = {.open = file_open};

int no_coroutine_fn open_all(bool is_raw) {
  const struct Driver *driver = is_raw ? &raw : &file;
  return driver->open(); // lockvet-note{{calls raw_open() through Driver::open}}
}

int coroutine_fn co_refresh_all(const struct Driver *driver) {
  return driver->refresh(); // lockvet-note{{calls raw_refresh() through Driver::refresh}}
}
