// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Wherever an expression can stand, a call in it is a call.

#include "../Inputs/world.h"

int sum(int a, int b);

void no_coroutine_fn as_argument(void) {
  sum(1, co_read()); // lockvet-error{{coroutine-call: as_argument()}}
}

void no_coroutine_fn as_initialiser(void) {
  int values[2] = {plain_read(), co_read()}; // lockvet-error{{coroutine-call: as_initialiser()}}
  (void)values;
}

void no_coroutine_fn as_loop_condition(void) {
  while (co_read() > 0) // lockvet-error{{coroutine-call: as_loop_condition()}}
    plain_read();
}

void no_coroutine_fn as_comma_operand(void) {
  (void)(plain_read(), co_read()); // lockvet-error{{coroutine-call: as_comma_operand()}}
}

int no_coroutine_fn in_statement_expression(void) {
  return __extension__({ co_read() + 1; }); // lockvet-error{{coroutine-call: in_statement}}
}

void coroutine_fn all_of_them(void) { // silent
  int values[2] = {sum(1, co_read()), co_flush()};
  while (co_read() > values[0])
    (void)(plain_read(), co_read());
}
