// Slots have the names that people say, and one each.
// RUN: %rows_c %s slot indirect_call | %verify

struct Ops { int (*run)(int); };
// CHECK: [[#@LINE-1]]: Ops::run field
typedef struct { int (*run)(int); } Plain;
// CHECK: [[#@LINE-1]]: Plain::run field
struct Outer {
  struct { int (*run)(int); } inner;
  // CHECK: [[#@LINE-1]]: Outer::inner::run field
  union { int (*left)(int); int (*right)(void); };
  // CHECK: [[#@LINE-1]]: Outer::left field
  // CHECK: [[#@LINE-2]]: Outer::right field
  struct Ops *ops[4];
};

int (*global)(int);
// CHECK: [[#@LINE-1]]: global global
static int (*internal)(int);
// CHECK: [[#@LINE-1]]: internal global
extern int (*elsewhere)(int);
// CHECK: [[#@LINE-1]]: elsewhere global

int call(struct Ops *ops, Plain *plain, struct Outer *outer, int (*parameter)(int)) {
// CHECK: [[#@LINE-1]]: parameter parameter
  int (*local)(int) = parameter;
  // CHECK: [[#@LINE-1]]: local local
  static int (*kept)(int);
  // CHECK: [[#@LINE-1]]: kept local
  return ops->run(1) + plain->run(2) + outer->inner.run(3) + outer->left(4) + outer->right() +
  // CHECK: [[#@LINE-1]]:15: call calls through Ops::run
  // CHECK: [[#@LINE-2]]:31: call calls through Plain::run
  // CHECK: [[#@LINE-3]]:53: call calls through Outer::inner::run
  // CHECK: [[#@LINE-4]]:69: call calls through Outer::left
  // CHECK: [[#@LINE-5]]:86: call calls through Outer::right
         outer->ops[1]->run(5) + (*outer->ops)->run(6) + global(7) + internal(8) + elsewhere(9) +
         // CHECK: [[#@LINE-1]]:25: call calls through Ops::run
         // CHECK: [[#@LINE-2]]:49: call calls through Ops::run
         // CHECK: [[#@LINE-3]]:58: call calls through global
         // CHECK: [[#@LINE-4]]:70: call calls through internal
         // CHECK: [[#@LINE-5]]:84: call calls through elsewhere
         parameter(10) + local(11) + kept(12);
         // CHECK: [[#@LINE-1]]:10: call calls through parameter
         // CHECK: [[#@LINE-2]]:26: call calls through local
         // CHECK: [[#@LINE-3]]:38: call calls through kept
}

// Two locals of one name are two.
int blocks(int x) {
  if (x) {
    int (*callback)(int) = global;
    // CHECK: [[#@LINE-1]]: callback local
    return callback(1);
    // CHECK: [[#@LINE-1]]:12: blocks calls through callback
  } else {
    int (*callback)(int) = internal;
    // CHECK: [[#@LINE-1]]: callback local
    return callback(2);
    // CHECK: [[#@LINE-1]]:12: blocks calls through callback
  }
}

int (*returned(void))(int);
// CHECK: [[#@LINE-1]]: returned() return
int of_result(void) {
  return returned()(1);
  // CHECK: [[#@LINE-1]]:10: of_result calls through returned()
}
int of_method_result(struct Ops *(*find)(void)) { return find()->run(1); }
// CHECK: [[#@LINE-1]]: find parameter
// CHECK: [[#@LINE-2]]:58: of_method_result calls through find
// CHECK: [[#@LINE-3]]:66: of_method_result calls through Ops::run
