// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A graph of nodes under the graph lock, as an implementation would declare it.

#ifndef LOCKVET_TEST_GRAPH_H
#define LOCKVET_TEST_GRAPH_H

#include <lockvet/coroutine.h>
#include <lockvet/graph_lock.h>

void LV_COROUTINE_FN graph_co_rdlock(void) LV_ACQUIRE_SHARED(graph_lock);
void LV_COROUTINE_FN graph_co_rdunlock(void) LV_RELEASE_SHARED(graph_lock);
void LV_NO_COROUTINE_FN graph_wrlock(void) LV_ACQUIRE(graph_lock);
void LV_NO_COROUTINE_FN graph_wrunlock(void) LV_RELEASE(graph_lock);

struct Node;
struct Driver {
  int LV_COROUTINE_FN LV_GRAPH_RDLOCK_PTR (*co_flush)(struct Node* n);
  void LV_GRAPH_WRLOCK_PTR (*child_changed)(struct Node* n);
  void LV_GRAPH_UNLOCKED_PTR (*drained)(struct Node* n);
};
struct Node {
  const struct Driver* driver;
  struct Node* child LV_GUARDED_BY(graph_lock);
};

#endif // LOCKVET_TEST_GRAPH_H
