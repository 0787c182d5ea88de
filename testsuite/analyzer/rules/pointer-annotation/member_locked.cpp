// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// A method that needs a lock of its own object has no name for it at a pointer; one that needs a
// global lock has.

#include <lockvet/thread_safety.h>

class LV_CAPABILITY("mutex") Mutex {
public:
  void lock() LV_ACQUIRE();
  void unlock() LV_RELEASE();
};

Mutex table_lock;

class Queue {
public:
  Mutex mutex;
  void push() LV_REQUIRES(mutex) {}
  static void rehash() LV_REQUIRES(table_lock) {}
  static void merge(Queue* other) LV_REQUIRES(other->mutex) { (void)other; }
};

struct Command {
  void (Queue::*method)();
  void (*function)();
  void (*locked)() LV_GUARDED_BY(table_lock);
  void (*on_queue)(Queue*);
};

void fill(Command& command) {
  command.method = &Queue::push; // silent
  command.function = &Queue::rehash; // lockvet-warning{{pointer-annotation: requires table_lock}}
  command.on_queue = &Queue::merge; // silent
}
