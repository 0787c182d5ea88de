// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Each way to initialise a table. The member says nothing, so that a call through it looks
// harmless.

#include "../Inputs/world.h"

struct Driver {
  const char *name;
  int (*read)(void); // lockvet-note 4 {{the pointer is declared here}}
  int (*probe)(void);
};

static int coroutine_fn a(void) { return co_read(); }
static int coroutine_fn b(void) { return co_read(); }
static int coroutine_fn c(void) { return co_read(); }
static int coroutine_fn d(void) { return co_read(); }
static int probe(void) { return plain_read(); }

// lockvet-warning@+1{{pointer-annotation: coroutine_fn a() goes to Driver::read}}
const struct Driver positional = {"a", a, probe};

const struct Driver designated = {
    .name = "b",
    .read = b, // lockvet-warning{{pointer-annotation: coroutine_fn b() goes to Driver::read}}
    .probe = probe,
};

const struct Driver array[] = {
    {"c", c, probe}, // lockvet-warning{{pointer-annotation: coroutine_fn c() goes to Driver::read}}
    {"d", &d, NULL}, // lockvet-warning{{pointer-annotation: coroutine_fn d() goes to Driver::read}}
};
