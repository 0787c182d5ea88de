// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An event loop that is a context, and a queue that one loop owns.

#ifndef LOCKVET_TEST_LOOP_H
#define LOCKVET_TEST_LOOP_H

#include <lockvet/context.h>

struct LV_CONTEXT Loop {
  int fd;
};
void loop_enter(struct Loop* l) LV_ENTER_CONTEXT(l);
void loop_leave(struct Loop* l) LV_LEAVE_CONTEXT(l);
void loop_assert_home(struct Loop* l) LV_ASSERT_CONTEXT(l);

struct Queue {
  struct Loop* loop;
  int in_flight LV_OWNED_BY_CONTEXT(loop);
};

#endif // LOCKVET_TEST_LOOP_H
