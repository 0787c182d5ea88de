// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --rule unneeded-annotation
// RUN: %check_cpp %s --verify --rule unneeded-annotation
//
// A lock that nothing in the function needs: no callee, and no name that it guards.

#include "../Inputs/mutex.h"
#include "../Inputs/world.h"

extern struct Mutex disk_lock;
extern struct Mutex log_lock;

struct Disk {
  int blocks;
  int pending TSA_GUARDED_BY(disk_lock);
};

void flush_locked(struct Disk *disk) TSA_REQUIRES(&disk_lock);
void log_locked(void) TSA_REQUIRES(&log_lock);

// lockvet-warning@+1{{unneeded-annotation: sizes() requires disk_lock without need: it calls}}
int sizes(const struct Disk *disk) TSA_REQUIRES(&disk_lock);
int sizes(const struct Disk *disk) { return disk->blocks; }

// lockvet-warning@+1{{unneeded-annotation: reads() requires disk_lock without need: it calls}}
int reads(void) TSA_REQUIRES(&disk_lock);
int reads(void) { return plain_read(); }

// Each is needed by something.
void flushes(struct Disk *disk) TSA_REQUIRES(&disk_lock); // silent
void flushes(struct Disk *disk) { flush_locked(disk); }

int counts(const struct Disk *disk) TSA_REQUIRES(&disk_lock); // silent
int counts(const struct Disk *disk) { return disk->pending; }

static void deeper(struct Disk *disk) {
  mutex_unlock(&disk_lock);
  plain_read();
  mutex_lock(&disk_lock);
  (void)disk;
}
void waits(struct Disk *disk) TSA_REQUIRES(&disk_lock); // silent
void waits(struct Disk *disk) { deeper(disk); }

// Nothing says what this lock guards.
int logs(void) TSA_REQUIRES(&log_lock); // silent
int logs(void) { return plain_read(); }

// A table's functions are called alike.
struct Driver {
  int (*probe)(void);
};
static int probes(void) TSA_REQUIRES(&disk_lock); // silent
static int probes(void) { return plain_read(); }
const struct Driver driver = {probes};
