// What C functions are: linkage, definition, name for the linker.
// RUN: %rows_c %s function | %verify

int external(void) { return 0; }
// CHECK: [[#@LINE-1]]: external external, external
static int internal(void) { return 0; }
// CHECK: [[#@LINE-1]]: internal internal, internal
inline int inline_only(void) { return 0; }
// CHECK: [[#@LINE-1]]: inline_only external, inline_only
static inline int inline_internal(void) { return 0; }
// CHECK: [[#@LINE-1]]: inline_internal internal, inline_internal
extern inline int inline_external(void) { return 0; }
// CHECK: [[#@LINE-1]]: inline_external external, inline_external

// A declaration that someone uses; one that nobody does is none of the tree's business.
int used(void);
// CHECK: [[#@LINE-1]]: used external declared, used
int unused(void);

// Declared before and after: the place is the definition's.
int declared_first(void);
int declared_first(void) { return used(); }
// CHECK: [[#@LINE-1]]: declared_first external, declared_first
int declared_first(void);

// Another name for the linker.
int renamed(void) __asm__("other_name");
// CHECK: [[#@LINE-1]]: renamed external declared, other_name
int uses_renamed(void) { return renamed(); }
// CHECK: [[#@LINE-1]]: uses_renamed external, uses_renamed

// Weak ones and aliases.
__attribute__((weak)) int weak(void) { return 0; }
// CHECK: [[#@LINE-1]]: weak external, weak
int alias(void) __attribute__((alias("external")));
// CHECK: [[#@LINE-1]]: alias external, alias
int uses_alias(void) { return alias(); }
// CHECK: [[#@LINE-1]]: uses_alias external, uses_alias

// Runs before main.
__attribute__((constructor)) static void starts(void) { used(); }
// CHECK: [[#@LINE-1]]: starts internal, starts

// Clang's overloading in C.
__attribute__((overloadable)) int over(int x) { return x; }
// CHECK: [[#@LINE-1]]: over external, _Z4overi
__attribute__((overloadable)) int over(double x) { return (int)x; }
// CHECK: [[#@LINE-1]]: over external, _Z4overd

_Noreturn void stops(void) { for (;;); }
// CHECK: [[#@LINE-1]]: stops external, stops

// Tentative in a scope, defined never.
int block_scope(void) {
// CHECK: [[#@LINE-1]]: block_scope external, block_scope
  int hidden(void);
  return hidden();
}

// CHECK: hidden external declared, hidden
