// A header that is missing is an error like others: what comes after is kept.
// RUN: %rows_c %s call_edge unit 2>/dev/null | %verify

#include "no/such/header.h"

int helper(int x);
int caller(int x) { return helper(x); }
// CHECK: [[#@LINE-1]]:28: caller -> helper direct

// CHECK: missing_header.c parse_errors: missing_header.c:4:10: 'no/such/header.h' file not found
