// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --check-arg=--guesses
// RUN: %check_cpp %s --verify --check-arg=--guesses
//
// A general mechanism, of whose users one needs a lock: a guess, shown on request.

#include "../Inputs/world.h"

static void GRAPH_RDLOCK raw_commit(void) {}
static void one(void) {}
static void two(void) {}

struct Action {
  void (*commit)(void);
};

const struct Action actions[] = {
    {one},
    {two},
    {raw_commit}, // lockvet-warning{{pointer-annotation: raw_commit() requires graph_lock}}
};
