// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The world of tests about threads: code for the main loop, and code that works anywhere.

#pragma once

#include <assert.h>
#include <lockvet/context.h>
#include <stdbool.h>
#include <stddef.h>

// For the main loop only. What requires the role by an attribute is the compiler's own to check.
static inline void device_plug(void) {
  LV_GLOBAL_STATE_CODE();
}
static inline void device_unplug(void) {
  LV_GLOBAL_STATE_CODE();
}

// Says nothing, and works anywhere.
void notify(void);
bool is_busy(void);
