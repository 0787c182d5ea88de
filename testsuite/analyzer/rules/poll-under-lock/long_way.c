// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_c %s --config %S/../Inputs/locks.yaml --check-arg=--guesses | FileCheck %s
//
// A way of more than twelve calls is a guess; under a lock that is no graph's, of more than nine.

#include "../Inputs/locks.h"

static void call_12(void) { drain_requests(); }
static void call_11(void) { call_12(); }
static void call_10(void) { call_11(); }
static void call_9(void) { call_10(); }
static void call_8(void) { call_9(); }
static void call_7(void) { call_8(); }
static void call_6(void) { call_7(); }
static void call_5(void) { call_6(); }
static void call_4(void) { call_5(); }
static void call_3(void) { call_4(); }
static void call_2(void) { call_3(); }
static void call_1(void) { call_2(); }

void thirteen(void) { // silent without --guesses
  graph_rdlock();
  // CHECK: error: thirteen() holds graph_lock shared and calls call_1(), which reaches
  call_1();
  graph_rdunlock();
}

void twelve(void) {
  graph_rdlock();
  // CHECK: error: twelve() holds graph_lock shared and calls call_2(), which reaches
  call_2(); // lockvet-error{{poll-under-lock: twelve() holds graph_lock shared and calls call_2()}}
  graph_rdunlock();
}

static struct Mutex list_lock;

void ten(void) { // silent without --guesses
  mutex_lock(&list_lock);
  // CHECK: error: ten() holds list_lock exclusively and calls call_4(), which reaches
  call_4();
  mutex_unlock(&list_lock);
}

void nine(void) {
  mutex_lock(&list_lock);
  // CHECK: error: nine() holds list_lock exclusively and calls call_5(), which reaches
  call_5(); // lockvet-error{{poll-under-lock: nine() holds list_lock exclusively and calls}}
  mutex_unlock(&list_lock);
}
