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

struct Ops { int (*run)(int); unknown_type *field; };

int after(struct Ops *ops) {
  return helper(1) + ops->run(2);
  // CHECK: [[#@LINE-1]]:10: after -> helper direct
}

// CHECK: parse_errors.c parse_errors: parse_errors.c:12:17: {{.*}} 'undeclared'
