// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A function that needs the graph lock goes into a pointer that does not say so.

#include "../Inputs/world.h"

struct Driver {
  int (*is_inserted)(void);
  int GRAPH_RDLOCK_PTR (*length)(void);
  int (*probe)(void);
};

static int GRAPH_RDLOCK raw_is_inserted(void) { return 1; }
static int GRAPH_RDLOCK raw_length(void) { return 512; }
static int raw_probe(void) { return 0; }

const struct Driver raw = {
    .is_inserted = raw_is_inserted, // lockvet-warning{{pointer-annotation: Driver::is_inserted}}
    .length = raw_length, // silent
    .probe = raw_probe, // silent
};
