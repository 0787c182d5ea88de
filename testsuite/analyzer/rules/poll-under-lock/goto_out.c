// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Labels at the end of a function.

#include "../Inputs/locks.h"

int leaves_locked_to_out(bool is_bad) {
  int result = 0;
  graph_rdlock();
  if (is_bad) {
    result = -1;
    goto out;
  }
  result = count_children();
out:
  drain_requests(); // lockvet-error{{poll-under-lock: leaves_locked_to_out() holds graph_lock}}
  graph_rdunlock();
  return result;
}

int unlocks_at_out(bool is_bad) { // silent
  int result = 0;
  graph_rdlock();
  if (is_bad) {
    result = -1;
    goto out;
  }
  result = count_children();
out:
  graph_rdunlock();
  drain_requests();
  return result;
}

int two_labels(bool is_bad) { // silent: who has not locked does not unlock
  int result = 0;
  if (is_bad)
    goto out;
  graph_rdlock();
  if (plain_read())
    goto out_unlock;
  result = count_children();
out_unlock:
  graph_rdunlock();
out:
  drain_requests();
  return result;
}
