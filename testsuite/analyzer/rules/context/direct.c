// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Code for any thread calls code for the main loop by its name.

#include "../Inputs/threads.h"

static void grow(void) {
  LV_GLOBAL_STATE_CODE(); // lockvet-note{{grow() is marked main_loop here}}
  device_plug();
}

void request_done(void) {
  LV_IO_CODE(); // lockvet-note{{request_done() is marked io here}}
  notify();
  grow(); // lockvet-error{{context: request_done() is for any thread and calls grow(), which is}}
}

void unplug_in_request(void) {
  LV_IO_CODE();
  device_unplug(); // lockvet-error{{context: unplug_in_request() is for any thread and calls}}
}

// Twice in one body is one thing to mend.
void twice(void) {
  LV_IO_CODE();
  device_plug(); // lockvet-error{{context: twice() is for any thread and calls device_plug()}}
  device_plug();
}

void kick(void) { // silent: calls what is for any thread as well
  LV_IO_CODE();
  notify();
}

void submit(void) { // silent
  LV_IO_CODE();
  kick();
}

void reconfigure(void) { // silent: is in the main loop itself
  LV_GLOBAL_STATE_CODE();
  grow();
  device_unplug();
  kick();
}

void LV_MAIN_LOOP shut_down(void) { // silent: its callers know, and the compiler asks them
  device_unplug();
  reconfigure();
}

void unknown(void) { // silent: nobody says where this runs
  device_plug();
}

int main(void) { // silent: the main loop's thread starts here
  unknown();
  device_plug();
  reconfigure();
  return 0;
}
