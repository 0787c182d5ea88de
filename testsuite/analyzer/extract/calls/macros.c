// Calls that macros write are where the user wrote the macro; calls in a macro's arguments are
// where they are written.
// RUN: %rows_c %s call_edge | %verify

int lock(int *m);
int unlock(int *m);
int work(int x);
int trace(const char *text, int x);

#define WITH_LOCK(m, body) do { lock(m); body; unlock(m); } while (0)
#define TRACED(x) trace(#x, (x))
#define TWICE(x) (TRACED(x) + TRACED(x))
#define DEFINE_GETTER(name) int get_##name(void) { return work(0); }
#define CALL(function, ...) function(__VA_ARGS__)

int m;

void locked(void) {
  WITH_LOCK(&m, work(1));
  // CHECK: [[#@LINE-1]]:3: locked -> lock direct
  // CHECK: [[#@LINE-2]]:3: locked -> unlock direct
  // CHECK: [[#@LINE-3]]:17: locked -> work direct
}

int traced(void) {
  return TRACED(work(2));
  // CHECK: [[#@LINE-1]]:10: traced -> trace direct
  // CHECK: [[#@LINE-2]]:17: traced -> work direct
}

int twice(void) {
  return TWICE(3);
  // CHECK: [[#@LINE-1]]:10: twice -> trace direct
  // CHECK: [[#@LINE-2]]:10: twice -> trace direct
}

DEFINE_GETTER(size)
// CHECK: [[#@LINE-1]]:1: get_size -> work direct

int called_by_name(void) {
  return CALL(work, 4) + CALL(get_size);
  // CHECK: [[#@LINE-1]]:15: called_by_name -> work direct
  // CHECK: [[#@LINE-2]]:31: called_by_name -> get_size direct
}

// sizeof in a macro is as silent as outside.
#define COUNT(x) (sizeof(work(x)))
unsigned long count(void) { return COUNT(5); }
