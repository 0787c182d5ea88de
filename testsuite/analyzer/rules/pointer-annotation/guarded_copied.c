// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A guarded pointer that is copied into another member takes the lock's name with it, or loses it.

#include "../Inputs/mutex.h"

extern struct Mutex disk_lock;

struct Driver {
  void (*flush)(void) TSA_GUARDED_BY(disk_lock); // lockvet-note{{Driver::flush is guarded by}}
  void (*probe)(void);
};

struct Request {
  void (*cb)(void);
  void (*locked_cb)(void) TSA_GUARDED_BY(disk_lock);
  void (*other)(void);
};

void submit(struct Request *req, const struct Driver *driver) TSA_REQUIRES(&disk_lock);
void submit(struct Request *req, const struct Driver *driver) {
  req->cb = driver->flush; // lockvet-warning{{pointer-annotation: Driver::flush is guarded by}}
  req->locked_cb = driver->flush; // silent
  req->other = driver->probe; // silent
}

void calls(const struct Driver *driver) TSA_REQUIRES(&disk_lock);
void calls(const struct Driver *driver) {
  void (*local)(void) = driver->flush; // silent: a local variable can't be guarded
  local();
}
