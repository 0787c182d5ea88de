// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A reader that asks for the writer's lock waits for itself, at any depth.

#include "../Inputs/locks.h"

static void replace(void) {
  graph_wrlock(); // lockvet-note{{calls graph_wrlock(), which takes it exclusively}}
  attach_child();
  graph_wrunlock();
}

static void replace_all(int count) {
  for (int index = 0; index < count; ++index)
    replace();
}

void reads_and_writes(void) {
  graph_rdlock(); // lockvet-note{{takes graph_lock with graph_rdlock()}}
  int count = count_children();
  replace_all(count); // lockvet-error{{lock-excluded: reads_and_writes() holds graph_lock shared}}
  graph_rdunlock();
}

int GRAPH_RDLOCK is_marked(void) {
  replace(); // lockvet-error{{lock-excluded: is_marked() holds graph_lock shared and calls replac}}
  return count_children();
}

void writes_behind(void) { // silent
  graph_rdlock();
  int count = count_children();
  graph_rdunlock();
  replace_all(count);
}

static int count_locked(void) {
  graph_rdlock();
  int count = count_children();
  graph_rdunlock();
  return count;
}

int reads_twice(void) { // silent: readers may read
  graph_rdlock();
  int count = count_locked();
  graph_rdunlock();
  return count;
}

int not_held(void) { // silent
  replace_all(1);
  return count_locked();
}
