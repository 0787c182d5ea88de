// Atomic operations store and load function values like others do, whatever they are called.
// RUN: %rows_c %s call_edge slot_value unresolved_call | %verify

int a(int x);
int b(int x);
int c(int x);

static int (*plain)(int);
static int (*_Atomic atomic)(int);
struct Ops { int (*run)(int); };

// As QEMU's qatomic_read() and qatomic_set() are made.
#define atomic_read(pointer) ({ __typeof__(*(pointer)) value_; \
    __atomic_load(pointer, &value_, __ATOMIC_RELAXED); value_; })
#define atomic_read_n(pointer) __atomic_load_n(pointer, __ATOMIC_RELAXED)
#define atomic_set(pointer, value) __atomic_store_n(pointer, value, __ATOMIC_RELAXED)

void sets(struct Ops *ops) {
  atomic_set(&plain, a);
  // CHECK: [[#@LINE-1]]: plain = a
  atomic_set(&ops->run, b);
  // CHECK: [[#@LINE-1]]: Ops::run = b
  __c11_atomic_store(&atomic, c, __ATOMIC_SEQ_CST);
  // CHECK: [[#@LINE-1]]: atomic = c
}

int reads(struct Ops *ops) {
  return atomic_read_n(&plain)(1) + atomic_read_n(&ops->run)(2) +
  // CHECK: [[#@LINE-1]]:10: reads -> a flow via plain
  // CHECK: [[#@LINE-2]]:37: reads -> b flow via Ops::run
         __c11_atomic_load(&atomic, __ATOMIC_SEQ_CST)(3);
         // CHECK: [[#@LINE-1]]:10: reads -> c flow via atomic
}

int reads_by_copy(void) {
  return atomic_read(&plain)(4);
  // CHECK: [[#@LINE-1]]:10: reads_by_copy -> a flow via value_
}

static int (*exchanged)(int);
int exchanges(void) {
  int (*old)(int) = __atomic_exchange_n(&exchanged, b, __ATOMIC_SEQ_CST);
  // CHECK: [[#@LINE-1]]: exchanged = b
  return old(5);
  // CHECK: [[#@LINE-1]]:10: exchanges -> b flow via old
}

static int (*swapped)(int);
int compares(int (*expected)(int)) {
  __atomic_compare_exchange_n(&swapped, &expected, c, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  // CHECK: [[#@LINE-1]]: swapped = c
  return swapped(6);
  // CHECK: [[#@LINE-1]]:10: compares -> c flow via swapped
}

// CHECK: old = b
// CHECK: value_ = a
