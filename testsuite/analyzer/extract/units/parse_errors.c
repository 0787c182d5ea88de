// What could be understood of a unit with errors is kept, and the unit is marked with the first.
// RUN: %rows_c %s call_edge unit 2>/dev/null | %verify

int helper(int x);

int before(int x) {
  return helper(x);
  // CHECK: [[#@LINE-1]]:10: before -> helper direct
}

int broken(int x) {
  return helper(undeclared) + ;
}

// Where nothing is wrong, also what only control flow knows is kept.
void release(int *x);
int whole(int x) {
  __attribute__((cleanup(release))) int guard = x;
  // CHECK: [[#@LINE-1]]:41: whole -> release implicit
  return helper(guard);
  // CHECK: [[#@LINE-1]]:10: whole -> helper direct
}
int half(int x) {
  __attribute__((cleanup(release))) unknown_type guard = x;
  return helper(x);
  // CHECK: [[#@LINE-1]]:10: half -> helper direct
}

struct Ops { int (*run)(int); unknown_type *field; };

int after(struct Ops *ops) {
  return helper(1) + ops->run(2);
  // CHECK: [[#@LINE-1]]:10: after -> helper direct
}

// CHECK: parse_errors.c parse_errors: parse_errors.c:{{[0-9]+:[0-9]+}}: {{.*}} 'undeclared'
