// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Through functions that say nothing. What reaches the main loop's code in any case is bound to the
// main loop itself, and the finding is where other threads come in; several are one finding.

#include "../Inputs/threads.h"

static void update_devices(void) {
  notify();
  device_plug();
}

static void resize(void) {
  update_devices();
}

void truncate_done(void) {
  LV_IO_CODE();
  resize(); // lockvet-error{{context: truncate_done() is for any thread and calls resize(), which}}
}

// What only may reach it is not bound, and the finding is at its call.
static void complete(bool last) {
  if (last)
    device_unplug(); // lockvet-error{{context: complete() can run outside the main loop and calls}}
}

static void finish(bool last) {
  complete(last);
}

void read_done(void) {
  LV_IO_CODE();
  finish(is_busy());
}

void write_done(void) {
  LV_IO_CODE();
  finish(is_busy());
}

static void replace_device(void) {
  device_plug(); // lockvet-error{{context: replace_device() can run outside the main loop and}}
}

void first_caller(void) {
  LV_IO_CODE();
  replace_device();
}

void second_caller(void) {
  LV_IO_CODE();
  replace_device();
}

// A constant that keeps away from it.
void flush_done(void) { // silent
  LV_IO_CODE();
  complete(false);
}

// The same shapes in the main loop.
static void remove_device(void) { // silent
  device_unplug();
}

static void collect(bool all) { // silent
  if (all)
    remove_device();
}

void LV_MAIN_LOOP tick(void) { // silent
  collect(is_busy());
  remove_device();
}
