// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// A member's constructor and destructor run in its owner's, which the compiler writes: nobody can
// put a marker on those, so that only their callers can be wrong.

#include "../Inputs/world.h"

struct CoLock {
  coroutine_fn CoLock();
  coroutine_fn ~CoLock();
};

struct Session {
  CoLock lock;
};

int coroutine_fn co_session() { // silent
  Session session;
  return 0;
}

struct Nested : Session {
  int number = 0;
};

int coroutine_fn co_nested() { // silent
  Nested nested;
  return 0;
}

int no_coroutine_fn sync_session() {
  Session session; // lockvet-error{{coroutine-call: calls coroutine_fn Session::Session()}}
  return 0;
}

int unknown_nested() {
  Nested nested; // lockvet-warning{{coroutine-call: calls coroutine_fn Nested::Nested()}}
  return 0;
}

// One that a person writes can be marked, also where the compiler fills it in.
struct Written {
  CoLock lock;
  Written() {} // lockvet-warning{{coroutine-call: Written::Written() calls coroutine_fn CoLock}}
  coroutine_fn ~Written() = default;
};

int coroutine_fn co_written() { // silent
  Written written;
  return 0;
}

// Constructors that say nothing are as before.
struct Plain {
  Plain();
  ~Plain();
};

struct PlainSession {
  Plain plain;
};

int no_coroutine_fn plain_session() { // silent
  PlainSession session;
  return 0;
}

struct SyncLock {
  no_coroutine_fn SyncLock();
};

struct SyncSession {
  SyncLock lock;
};

int coroutine_fn co_sync_session() {
  SyncSession session; // lockvet-error{{no-coroutine-call: no_coroutine_fn SyncSession}}
  return 0;
}

// What the initializers of members call runs in the constructor, too, and may ask first.
struct Initialized {
  int number = co_read();
};

int coroutine_fn co_initialized() { // silent
  return Initialized().number;
}

struct Asking {
  int number = qemu_in_coroutine() ? co_read() : sync_read();
};

int no_coroutine_fn asking() { // silent
  return Asking().number;
}

struct Wrong {
  int number = co_read(); // lockvet-error{{coroutine-call: Wrong::Wrong() calls coroutine_fn}}
};

int no_coroutine_fn runs_wrong() {
  return Wrong().number;
}
