// Values move from slot to slot: by assignment, as arguments, as results, through records that are
// copied, through pointers to them.
// RUN: %rows_c %s call_edge unresolved_call | %verify

int a(int x);
int b(int x);

// Handed down several levels.
static int level3(int (*callback)(int), int x) {
  return callback(x);
  // CHECK: [[#@LINE-1]]:10: level3 -> a flow via callback
}
static int level2(int (*callback)(int), int x) { return level3(callback, x); }
// CHECK: [[#@LINE-1]]:57: level2 -> level3 direct
static int level1(int (*callback)(int), int x) { return level2(callback, x); }
// CHECK: [[#@LINE-1]]:57: level1 -> level2 direct
int down(int x) { return level1(a, x); }
// CHECK: [[#@LINE-1]]:26: down -> level1 direct

// Returned.
static int (*pick(int x))(int) { return x ? a : b; }
int picked(int x) {
  return pick(x)(x);
  // CHECK: [[#@LINE-1]]:10: picked -> a flow via pick()
  // CHECK: [[#@LINE-2]]:10: picked -> b flow via pick()
  // CHECK: [[#@LINE-3]]:10: picked -> pick direct
}
static int (*pick_again(int x))(int) {
  int (*result)(int) = pick(x);
  // CHECK: [[#@LINE-1]]:24: pick_again -> pick direct
  return result;
}
int picked_again(int x) {
  return pick_again(x)(x);
  // CHECK: [[#@LINE-1]]:10: picked_again -> a flow via pick_again()
  // CHECK: [[#@LINE-2]]:10: picked_again -> b flow via pick_again()
  // CHECK: [[#@LINE-3]]:10: picked_again -> pick_again direct
}

// Kept in a field and called by another function.
struct Timer { int (*expired)(int); struct Timer *next; };
void timer_init(struct Timer *timer, int (*expired)(int)) { timer->expired = expired; }
int timer_fire(struct Timer *timer) {
  return timer->next->expired(0);
  // CHECK: [[#@LINE-1]]:23: timer_fire -> b flow via Timer::expired
}
void timer_use(struct Timer *timer) { timer_init(timer, b); }
// CHECK: [[#@LINE-1]]:39: timer_use -> timer_init direct

// Records are copied with their fields: fields are shared by all objects of the record.
int copied(struct Timer *timer) {
  struct Timer copy = *timer;
  return copy.expired(1);
  // CHECK: [[#@LINE-1]]:15: copied -> b flow via Timer::expired
}

// A pointer to a function pointer names the slot that it points to.
static int (*hook)(int);
static void set(int (**where)(int)) { *where = a; }
void set_hook(void) { set(&hook); }
// CHECK: [[#@LINE-1]]:23: set_hook -> set direct
int call_hook(void) {
  return hook(2);
  // CHECK: [[#@LINE-1]]:10: call_hook -> a flow via hook
}

// Tables.
static int (*const table[])(int) = { a, b };
int indexed(int x) {
  return table[x](x) + (*table[0])(x) + (*(table + 1))(x);
  // CHECK: [[#@LINE-1]]:10: indexed -> a flow via table
  // CHECK: [[#@LINE-2]]:10: indexed -> b flow via table
  // CHECK: [[#@LINE-3]]:25: indexed -> a flow via table
  // CHECK: [[#@LINE-4]]:25: indexed -> b flow via table
  // CHECK: [[#@LINE-5]]:42: indexed -> a flow via table
  // CHECK: [[#@LINE-6]]:42: indexed -> b flow via table
}
int walked(void) {
  int sum = 0;
  for (int (*const *entry)(int) = table; entry < table + 2; ++entry)
    sum += (*entry)(1);
    // CHECK: [[#@LINE-1]]:13: walked -> a flow via entry
    // CHECK: [[#@LINE-2]]:13: walked -> b flow via entry
  return sum;
}

// Called through a parameter of a function that is itself only called through a pointer.
struct Visitor { void (*visit)(int (*callback)(int)); };
static void visit_one(int (*callback)(int)) {
  callback(1);
  // CHECK: [[#@LINE-1]]:3: visit_one -> b flow via callback
}
static struct Visitor visitor = { visit_one };
void visit_all(struct Visitor *v) {
  v->visit(b);
  // CHECK: [[#@LINE-1]]:6: visit_all -> visit_one flow via Visitor::visit
}

// What a function that is called through a pointer returns.
struct Factory { int (*(*make)(void))(int); };
static int (*make_a(void))(int) { return a; }
static struct Factory factory = { make_a };
int made(struct Factory *f) {
  return f->make()(3);
  // CHECK: [[#@LINE-1]]:10: made -> a flow via Factory::make()
  // CHECK: [[#@LINE-2]]:13: made -> make_a flow via Factory::make
}

// Arguments of a variadic function.
int variadic(int count, ...);
int passed_on(void) { return variadic(1, a); }
// CHECK: [[#@LINE-1]]:30: passed_on -> variadic direct
