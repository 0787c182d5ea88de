// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// A destructor that waits is called at the end of the scope, in a coroutine as elsewhere.

#include "../Inputs/world.h"

class Drained {
public:
  Drained();
  no_coroutine_fn ~Drained();
};

class Section {
public:
  Section();
  ~Section();
};

void coroutine_fn co_resize() {
  Drained drained;
  plain_read();
} // lockvet-error{{no-coroutine-call: calls no_coroutine_fn Drained::~Drained()}}

void coroutine_fn co_section() { // silent
  Section section;
  plain_read();
}

void no_coroutine_fn resize() { // silent
  Drained drained;
}
