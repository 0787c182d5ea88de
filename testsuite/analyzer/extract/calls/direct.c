// A call of a named function is a direct edge at the column of the callee's name, however the name
// is wrapped.
// RUN: %rows_c %s call_edge indirect_call unresolved_call | %verify

int helper(int x);
static int doubled(int x) { return 2 * x; }

int plain(int x) {
  return helper(x) + doubled(x);
  // CHECK: [[#@LINE-1]]:10: plain -> helper direct
  // CHECK: [[#@LINE-2]]:22: plain -> doubled direct
}

int wrapped(int x) {
  int a = (helper)(x);
  // CHECK: [[#@LINE-1]]:12: wrapped -> helper direct
  int b = (&helper)(x);
  // CHECK: [[#@LINE-1]]:12: wrapped -> helper direct
  int c = (*helper)(x);
  // CHECK: [[#@LINE-1]]:12: wrapped -> helper direct
  int d = (**&doubled)(x);
  // CHECK: [[#@LINE-1]]:12: wrapped -> doubled direct
  return a + b + c + d;
}

// Calls inside the arguments of calls are calls, too.
int nested(int x) {
  return helper(helper(doubled(x)));
  // CHECK: [[#@LINE-1]]:10: nested -> helper direct
  // CHECK: [[#@LINE-2]]:17: nested -> helper direct
  // CHECK: [[#@LINE-3]]:24: nested -> doubled direct
}

// Chosen from two: both.
int chosen(int x) {
  return (x ? helper : doubled)(x);
  // CHECK: [[#@LINE-1]]:11: chosen -> doubled direct
  // CHECK: [[#@LINE-2]]:11: chosen -> helper direct
}

// Of a known choice, the chosen one.
int generic(int x) {
  return _Generic(x, int: helper, default: doubled)(x);
  // CHECK: [[#@LINE-1]]:27: generic -> helper direct
}

int comma(int x) {
  return (0, helper)(x);
  // CHECK: [[#@LINE-1]]:11: comma -> helper direct
}

int statement_expression(int x) {
  return ({ int y = helper(x); doubled(y); });
  // CHECK: [[#@LINE-1]]:21: statement_expression -> helper direct
  // CHECK: [[#@LINE-2]]:32: statement_expression -> doubled direct
}

// A cast function is that function, though called with another type.
int cast(long x) {
  return ((int (*)(long))helper)(x);
  // CHECK: [[#@LINE-1]]:11: cast -> helper direct
}

void *memcpy(void *to, const void *from, unsigned long size);

// Compiler built-ins that stand for a library function are that function; pure intrinsics are none.
int builtins(char *to, const char *from, int x) {
  __builtin_memcpy(to, from, 4);
  // CHECK: [[#@LINE-1]]:3: builtins -> memcpy direct
  memcpy(to, from, 4);
  // CHECK: [[#@LINE-1]]:3: builtins -> memcpy direct
  return __builtin_expect(helper(x), 0) + __builtin_clz(x);
  // CHECK: [[#@LINE-1]]:27: builtins -> helper direct
}

// A loop's and a switch's parts.
void statements(int x) {
  for (int i = helper(0); i < helper(1); i += helper(2))
  // CHECK: [[#@LINE-1]]:16: statements -> helper direct
  // CHECK: [[#@LINE-2]]:31: statements -> helper direct
  // CHECK: [[#@LINE-3]]:47: statements -> helper direct
    helper(3);
    // CHECK: [[#@LINE-1]]:5: statements -> helper direct
  while (helper(4))
  // CHECK: [[#@LINE-1]]:10: statements -> helper direct
    ;
  do {
  } while (helper(5));
  // CHECK: [[#@LINE-1]]:12: statements -> helper direct
  switch (helper(6)) {
  // CHECK: [[#@LINE-1]]:11: statements -> helper direct
  case 0:
    helper(7);
    // CHECK: [[#@LINE-1]]:5: statements -> helper direct
    break;
  default:
    break;
  }
  if (helper(8))
  // CHECK: [[#@LINE-1]]:7: statements -> helper direct
    goto out;
out:
  return (void)helper(9);
  // CHECK: [[#@LINE-1]]:16: statements -> helper direct
}

// No body, no edges: a declaration and a call's look-alikes.
int (*pointer)(int);
int parenthesised(int helper) { return (helper); }
