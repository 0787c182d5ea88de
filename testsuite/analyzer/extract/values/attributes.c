// Calls that attributes make: `constructor` functions have no caller, an alias is its own name.
// RUN: %rows_c %s call_edge address_taken function | %verify

void work(void);
// CHECK: [[#@LINE-1]]: work external declared, work
__attribute__((constructor)) static void starts(void) {
// CHECK: [[#@LINE-1]]: starts internal, starts
  work();
  // CHECK: [[#@LINE-1]]:3: starts -> work direct
}
__attribute__((destructor(101))) static void stops(void) {
// CHECK: [[#@LINE-1]]: stops internal, stops
  work();
  // CHECK: [[#@LINE-1]]:3: stops -> work direct
}
void real_name(void) {}
// CHECK: [[#@LINE-1]]: real_name external, real_name
void other_name(void) __attribute__((weak, alias("real_name")));
// CHECK: [[#@LINE-1]]: other_name external, other_name
extern void weak_one(void) __attribute__((weak));
// CHECK: [[#@LINE-1]]: weak_one external declared, weak_one

void calls(void) {
// CHECK: [[#@LINE-1]]: calls external, calls
  other_name();
  // CHECK: [[#@LINE-1]]:3: calls -> other_name direct
  if (weak_one)
  // CHECK: [[#@LINE-1]]: calls mentions weak_one
    weak_one();
    // CHECK: [[#@LINE-1]]:5: calls -> weak_one direct
}

static int chosen(void) { return 1; }
// CHECK: [[#@LINE-1]]: chosen internal, chosen
static int (*resolve(void))(void) { return chosen; }
// CHECK: [[#@LINE-1]]: resolve mentions chosen
// CHECK: [[#@LINE-2]]: resolve internal, resolve
int dispatched(void) __attribute__((ifunc("resolve")));
// CHECK: [[#@LINE-1]]: dispatched external, dispatched
int uses_ifunc(void) {
// CHECK: [[#@LINE-1]]: uses_ifunc external, uses_ifunc
  return dispatched();
  // CHECK: [[#@LINE-1]]:10: uses_ifunc -> dispatched direct
}
