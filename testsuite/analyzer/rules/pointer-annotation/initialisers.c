// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Each way to initialise a table. The member says nothing, so that a call through it looks
// harmless.

#include "../Inputs/world.h"

struct Positional {
  const char *name;
  int (*read)(void); // lockvet-note{{the pointer is declared here}}
  int (*probe)(void);
};
struct Designated {
  const char *name;
  int (*read)(void);
  int (*probe)(void);
};
struct Element {
  int (*read)(void);
  int (*probe)(void);
};
struct Inner {
  int (*read)(void);
};
struct Outer {
  struct Inner inner;
  int (*probe)(void);
};

static int coroutine_fn a(void) { return co_read(); }
static int probe(void) { return plain_read(); }

// lockvet-warning@+1{{pointer-annotation: coroutine_fn a() goes to Positional::read}}
const struct Positional positional = {"a", a, probe};

const struct Designated designated = {
    .name = "a",
    .read = a, // lockvet-warning{{pointer-annotation: coroutine_fn a() goes to Designated::read}}
    .probe = probe,
};

const struct Element array[] = {
    {NULL, probe},
    {&a, NULL}, // lockvet-warning{{pointer-annotation: coroutine_fn a() goes to Element::read}}
};

// lockvet-warning@+1{{pointer-annotation: coroutine_fn a() goes to Inner::read}}
const struct Outer outer = {{a}, probe};
