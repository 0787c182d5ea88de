// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Through tables of functions: what code for any thread calls there runs in any thread. Where the
// main loop calls through the same pointer, which function is for which is up to the objects.

#include "../Inputs/threads.h"

struct Driver {
  void (*read)(void);
  void (*open)(void);
  void (*close)(void);
};

static void disk_read(void) {
  device_plug(); // lockvet-error{{context: disk_read() can run outside the main loop and calls}}
}

static void null_read(void) { // silent
  notify();
}

static void disk_open(void) { // silent: only the main loop opens
  device_plug();
}

static void disk_close(void) { // silent: both call a close(), and nobody knows which
  device_unplug();
}

static void null_close(void) { // silent
  notify();
}

static const struct Driver disk = {disk_read, disk_open, disk_close};
static const struct Driver null = {null_read, null_read, null_close};
static const struct Driver *const drivers[] = {&disk, &null};

static void finish(int index) { // said nothing of, called by both
  drivers[index]->close();
}

void request(int index) {
  LV_IO_CODE();
  drivers[index]->read();
  finish(index);
}

void LV_MAIN_LOOP start(int index) {
  drivers[index]->open();
  finish(index);
}

static void plug_all(void) {
  LV_GLOBAL_STATE_CODE();
  device_plug();
}

static void (*reset)(void) = plug_all;
static void (*restart)(void) = null_read;

void reset_in_request(void) {
  LV_IO_CODE();
  reset(); // lockvet-error{{context: reset_in_request() is for any thread and calls plug_all()}}
  restart(); // silent
}
