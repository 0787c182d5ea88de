// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// Two guards of one type end at one brace, or begin in one macro: each gives back its own lock.

#include <mutex>

std::mutex config_mutex;
std::mutex list_mutex;

#define WITH_BOTH(one, other)                                                                      \
  std::lock_guard<std::mutex> first(one);                                                          \
  std::lock_guard<std::mutex> second(other)

void both() {
  std::lock_guard<std::mutex> config(config_mutex);
  std::lock_guard<std::mutex> list(list_mutex);
}

void both_by_macro() {
  WITH_BOTH(config_mutex, list_mutex);
}

void one_after_the_other() { // silent
  both();
  both();
  both_by_macro();
  both_by_macro();
}

void under_the_first() {
  std::lock_guard<std::mutex> config(config_mutex);
  both(); // lockvet-error{{lock-excluded: holds config_mutex exclusively and calls both()}}
}

void under_the_first_by_macro() {
  std::lock_guard<std::mutex> config(config_mutex);
  // lockvet-error@+1{{lock-excluded: holds config_mutex exclusively and calls both_by_macro()}}
  both_by_macro();
}
