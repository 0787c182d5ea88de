// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// Functions of one name in two namespaces, an anonymous one among them, are two functions.

#include "../Inputs/world.h"

namespace fast {
int coroutine_fn refill() { return co_read(); }
} // namespace fast

namespace slow {
int refill() { return plain_read() + 1; }
} // namespace slow

namespace {
int refill() { return plain_read(); }
} // namespace

int main() {
  return refill() + slow::refill() +
         fast::refill(); // lockvet-error{{coroutine-call: calls coroutine_fn fast::refill()}}
}
