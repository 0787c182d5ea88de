// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A table of commands of all kinds, of which one is for coroutines: something else tells them
// apart, and a marker on the member would be wrong for the others.

#include "../Inputs/world.h"

// lockvet-silent

struct Command {
  const char *name;
  bool in_coroutine;
  void (*run)(void);
};

static void quit(void) { plain_read(); }
static void status(void) { sync_read(); }
static void help(void) { plain_read(); }
static void coroutine_fn co_resize(void) { co_yield_once(); }

const struct Command commands[] = {
    {"quit", false, quit},
    {"status", false, status},
    {"help", false, help},
    {"resize", true, co_resize},
};
