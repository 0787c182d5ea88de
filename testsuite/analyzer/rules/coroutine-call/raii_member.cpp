// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
// XFAIL: *
// Wrong today: a warning each that Session::Session() and Session::~Session() are not marked.
//
// A member's constructor and destructor run in its owner's, which the compiler writes: nobody can
// put a marker on those, so that only their callers can be wrong.

#include "../Inputs/world.h"

// lockvet-silent

struct CoLock {
  coroutine_fn CoLock();
  coroutine_fn ~CoLock();
};

struct Session {
  CoLock lock;
};

int coroutine_fn co_session() {
  Session session;
  return 0;
}
