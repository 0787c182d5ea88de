// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --all-notes --arg=-Wthread-safety
//
// The witness says what the compiler's message does not: where the callee asks for the lock. What
// has nothing to add has no witness.

#include <lockvet/thread_safety.h>

class LV_CAPABILITY("mutex") Mutex {
public:
  void lock() LV_ACQUIRE();
  void unlock() LV_RELEASE();
};

Mutex a;
Mutex b;
int counter LV_GUARDED_BY(a);

void LV_REQUIRES(a) count(); // lockvet-note{{count() says here that the lock must be held}}
void LV_EXCLUDES(b) drain(); // lockvet-note{{drain() says here that the lock must not be held}}

class Queue {
public:
  Mutex mutex;
  // lockvet-note@+1{{Queue::push() says here that the lock must be held}}
  void push() LV_REQUIRES(mutex);
};

void forgets(Queue& queue) {
  count(); // lockvet-warning{{thread-safety-analysis: calling function 'count' requires}}
  queue.push(); // lockvet-warning{{thread-safety-analysis: calling function 'push' requires}}
  counter++; // lockvet-warning{{thread-safety-analysis: writing variable 'counter' requires}}
}

void holds_too_much() {
  b.lock();
  drain(); // lockvet-warning{{thread-safety-analysis: cannot call function 'drain' while}}
  b.unlock();
}
