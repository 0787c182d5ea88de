// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --arg=-Wthread-safety
//
// Attributes that say nothing, or something impossible.

#include <lockvet/thread_safety.h>

struct Plain {
  int x;
};

class LV_CAPABILITY("mutex") Mutex {
public:
  void lock() LV_ACQUIRE();
  void unlock() LV_RELEASE();
};

class Counter {
  Mutex mutex_;
  Plain plain_;
  int good_ LV_GUARDED_BY(mutex_); // silent
  int bad_ LV_GUARDED_BY(plain_); // lockvet-warning{{thread-safety-attributes: 'guarded_by'}}
};
