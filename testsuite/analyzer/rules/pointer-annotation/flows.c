// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A function's address goes by assignment, argument, return value, through casts, ?: and arrays.

#include "../Inputs/world.h"

typedef int PlainFunc(void);
static int coroutine_fn read_it(void) { return co_read(); }

struct Request {
  PlainFunc *by_assignment;
  PlainFunc *by_cast;
  PlainFunc *by_choice;
  PlainFunc *in_array[2];
};
PlainFunc *global;
void take(PlainFunc *fn);

void assigns(struct Request *req, bool which) {
  req->by_assignment = read_it; // lockvet-warning{{pointer-annotation: Request::by_assignment}}
  req->by_cast = (PlainFunc *)read_it; // lockvet-warning{{pointer-annotation: Request::by_cast}}
  req->by_choice = which ? read_it : NULL; // lockvet-warning{{pointer-annotation: by_choice}}
  req->in_array[1] = read_it; // lockvet-warning{{pointer-annotation: Request::in_array}}
  global = read_it; // lockvet-warning{{pointer-annotation: goes to global}}
}

void passes(void) {
  take(read_it); // lockvet-warning{{pointer-annotation: goes to parameter fn of take()}}
}

PlainFunc *returns(void) {
  return read_it; // lockvet-warning{{pointer-annotation: goes to what returns() returns}}
}

int keeps(void) {
  PlainFunc *local = read_it; // lockvet-warning{{pointer-annotation: goes to}}
  return local != NULL;
}

void compares(const struct Request *req) { // silent: nothing goes anywhere
  if (req->by_assignment == read_it)
    plain_read();
}
