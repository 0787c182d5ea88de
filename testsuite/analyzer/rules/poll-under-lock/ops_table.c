// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// The wait is behind a pointer, of which one of the functions waits.

#include "../Inputs/locks.h"

struct Driver {
  void (*flush)(void);
  void (*length)(void);
};

static void file_flush(void) { plain_read(); }
static void file_length(void) { plain_read(); }
static void net_flush(void) { drain_requests(); }
static void net_length(void) { plain_read(); }

const struct Driver file_driver = {file_flush, file_length};
const struct Driver net_driver = {net_flush, net_length};

void flush(const struct Driver *driver) {
  graph_rdlock();
  // lockvet-error@+1{{poll-under-lock: flush() holds graph_lock shared and calls net_flush()}}
  driver->flush();
  graph_rdunlock();
}

void length(const struct Driver *driver) { // silent: neither length waits
  graph_rdlock();
  driver->length();
  graph_rdunlock();
}

void flush_unlocked(const struct Driver *driver) { // silent
  driver->flush();
}
