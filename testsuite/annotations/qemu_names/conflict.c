// RUN: not %clang -x c -std=c11 -I%annotations -fsyntax-only %s 2>&1 | FileCheck %s
// RUN: not %clang -x c -std=c11 -I%annotations -fsyntax-only -Dcoroutine_fn= %s 2>&1 | FileCheck %s

// Beside QEMU's own definitions the header says so, and not the compiler of each macro apart.

#define GRAPH_RDLOCK
// CHECK: error: "lockvet/qemu_names.h takes the place of QEMU's own definitions
#include <lockvet/qemu_names.h>
