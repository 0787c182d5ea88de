// Macros that leave nothing behind, and statement macros, are kept for a configuration that gives
// them a meaning; they are no labels by themselves.
// RUN: %rows_c %s macro_use label | %verify

#define coroutine_fn
#define OUT
#define GLOBAL_STATE_CODE() do { } while (0)
#define MAX_SIZE 4
#define ASSERT(x) ((void)(x))

int coroutine_fn marked(int x) { return x; }
// CHECK: [[#@LINE-1]]: marked uses coroutine_fn
coroutine_fn int in_front(int x);
// CHECK: [[#@LINE-1]]: in_front uses coroutine_fn
int behind(int x) coroutine_fn;
// CHECK: [[#@LINE-1]]: behind uses coroutine_fn
static int coroutine_fn internal(OUT int *x) { return *x; }
// CHECK: [[#@LINE-1]]: internal uses OUT
// CHECK: [[#@LINE-2]]: internal uses coroutine_fn

void global_state(void) {
  GLOBAL_STATE_CODE();
  // CHECK: [[#@LINE-1]]: global_state uses GLOBAL_STATE_CODE
  ASSERT(MAX_SIZE);
}

// The next function's marker is not the former's.
int before(int x);
int coroutine_fn after(int x);
// CHECK: [[#@LINE-1]]: after uses coroutine_fn

struct Ops { int coroutine_fn (*run)(int); int (*plain)(int); };

int unmarked(int x) {
  return marked(x) + in_front(x) + behind(x) + before(x) + after(x) + internal(&x);
}
