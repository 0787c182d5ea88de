// A `cleanup` function runs when its variable leaves scope: an implicit edge at the variable,
// one however many exits there are.
// RUN: %rows_c %s call_edge | %verify

struct Mutex { int locked; };
void mutex_lock(struct Mutex *mutex);
void mutex_unlock(struct Mutex *mutex);
void work(int x);

static struct Mutex *guard_begin(struct Mutex *mutex) { mutex_lock(mutex); return mutex; }
// CHECK: [[#@LINE-1]]:57: guard_begin -> mutex_lock direct
static void guard_end(struct Mutex **mutex) { mutex_unlock(*mutex); }
// CHECK: [[#@LINE-1]]:47: guard_end -> mutex_unlock direct

#define autoptr(type, function) __attribute__((cleanup(function))) type
#define GLUE(a, b) a##b
#define NAME(line) GLUE(guard_, line)
#define LOCK_GUARD(m) autoptr(struct Mutex *, guard_end) NAME(__LINE__) = guard_begin(m)

struct Mutex m;

void plain(void) {
  struct Mutex *guard __attribute__((cleanup(guard_end))) = &m;
  // CHECK: [[#@LINE-1]]:17: plain -> guard_end implicit
  work(0);
  // CHECK: [[#@LINE-1]]:3: plain -> work direct
}

int early_return(int x) {
  LOCK_GUARD(&m);
  // CHECK: [[#@LINE-1]]:3: early_return -> guard_begin direct
  // CHECK: [[#@LINE-2]]:3: early_return -> guard_end implicit
  if (x)
    return 1;
  work(x);
  // CHECK: [[#@LINE-1]]:3: early_return -> work direct
  return 0;
}

int leaves_by_goto(int x) {
  {
    LOCK_GUARD(&m);
    // CHECK: [[#@LINE-1]]:5: leaves_by_goto -> guard_begin direct
    // CHECK: [[#@LINE-2]]:5: leaves_by_goto -> guard_end implicit
    if (x)
      goto out;
    work(x);
    // CHECK: [[#@LINE-1]]:5: leaves_by_goto -> work direct
  }
out:
  return 0;
}

void in_loop(int x) {
  for (int i = 0; i < x; ++i) {
    LOCK_GUARD(&m);
    // CHECK: [[#@LINE-1]]:5: in_loop -> guard_begin direct
    // CHECK: [[#@LINE-2]]:5: in_loop -> guard_end implicit
    if (i == 3)
      continue;
    if (i == 5)
      break;
    work(i);
    // CHECK: [[#@LINE-1]]:5: in_loop -> work direct
  }
}

// Two variables, two edges.
void two(void) {
  LOCK_GUARD(&m);
  // CHECK: [[#@LINE-1]]:3: two -> guard_begin direct
  // CHECK: [[#@LINE-2]]:3: two -> guard_end implicit
  LOCK_GUARD(&m);
  // CHECK: [[#@LINE-1]]:3: two -> guard_begin direct
  // CHECK: [[#@LINE-2]]:3: two -> guard_end implicit
}

// Looks like one, is none: the attribute is on nothing that leaves a scope.
void none(void) {
  struct Mutex *guard = guard_begin(&m);
  // CHECK: [[#@LINE-1]]:25: none -> guard_begin direct
  (void)guard;
}
