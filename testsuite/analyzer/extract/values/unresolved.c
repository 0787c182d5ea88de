// A call through a slot that nothing flows into is unresolved; by its type, and marked so, it may
// be any function of that type whose address is taken somewhere.
// RUN: %rows_c %s call_edge unresolved_call | %verify

int taken(int x);
int never_taken(int x);
long other_type(long x);
static int (*somewhere)(int) = taken;
static long (*some_other)(long) = other_type;

struct Plugin { int (*run)(int); double (*scale)(double); };

int by_type(struct Plugin *plugin) {
  return plugin->run(1);
  // CHECK: [[#@LINE-1]]: by_type calls the unknown: nothing flows into Plugin::run; 1 {{.*}}
  // CHECK: [[#@LINE-2]]:18: by_type -> taken type via Plugin::run
}

double of_no_type(struct Plugin *plugin) {
  return plugin->scale(1);
  // CHECK: [[#@LINE-1]]: of_no_type calls the unknown: nothing flows into Plugin::scale; no {{.*}}
}

// An address that is a number.
int absolute(void) {
  return ((int (*)(int))0x1000)(1);
  // CHECK: [[#@LINE-1]]: absolute calls the unknown: called through an expression; 1 {{.*}}
  // CHECK: [[#@LINE-2]]:11: absolute -> taken type via int (int)
}

// Something flows into it, so its type is not asked.
int known(void) {
  return somewhere(never_taken(1));
  // CHECK: [[#@LINE-1]]:10: known -> taken flow via somewhere
  // CHECK: [[#@LINE-2]]:20: known -> never_taken direct
}
