// REQUIRES: gcc
// RUN: %gcc -x c -std=c11 -I%annotations -Wall -Wextra -Werror -Wno-comment -O2 %S/runs.c -o %t.gcc
// RUN: %t.gcc | FileCheck %S/runs.c
// RUN: %gxx -x c++ -std=c++17 -I%annotations -Wall -Wextra -Werror -Wno-comment %S/runs.c -o %t.gxx
// RUN: %t.gxx | FileCheck %S/runs.c

// The same as runs.c, by GCC.
