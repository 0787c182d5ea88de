// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A lock of the program is handed over by a pointer to it, to what takes it again.

#include "../Inputs/locks.h"

static struct Mutex list_lock;
static struct Mutex free_lock;

static void touch(struct Mutex *m) {
  mutex_lock(m);
  mutex_unlock(m);
}

void held(void) {
  mutex_lock(&list_lock);
  touch(&list_lock); // lockvet-error{{lock-excluded: held() holds list_lock exclusively}}
  mutex_unlock(&list_lock);
}

void another(void) { // silent
  mutex_lock(&list_lock);
  touch(&free_lock);
  mutex_unlock(&list_lock);
}

void given_back(void) { // silent
  mutex_lock(&list_lock);
  mutex_unlock(&list_lock);
  touch(&list_lock);
}
