// C as it was and as few still write it: K&R definitions, implicit declarations of old headers,
// calls without a prototype, functions with inline assembly.
// RUN: %rows_c --arg=-std=gnu89 %s call_edge slot_value function unresolved_call | %verify

int knr(a, callback)
// CHECK: [[#@LINE-1]]: knr external, knr
  int a;
  int (*callback)();
{
  return callback(a);
  // CHECK: [[#@LINE-1]]:10: knr -> target flow via callback
}

int target(int x) { return x; }
// CHECK: [[#@LINE-1]]: target external, target
int unprototyped();
// CHECK: [[#@LINE-1]]: unprototyped external declared, unprototyped

int use(void) {
// CHECK: [[#@LINE-1]]: use external, use
  return knr(1, target) + unprototyped(2, target);
  // CHECK: [[#@LINE-1]]: callback = target
  // CHECK: [[#@LINE-2]]: unprototyped::$1 = target
  // CHECK: [[#@LINE-3]]:10: use -> knr direct
  // CHECK: [[#@LINE-4]]:27: use -> unprototyped direct
}

int assembly(int x) {
// CHECK: [[#@LINE-1]]: assembly external, assembly
  int y;
  __asm__ volatile("call target" : "=a"(y) : "D"(x));
  return y + target(x);
  // CHECK: [[#@LINE-1]]:14: assembly -> target direct
}
