// The store and Clang's IR agree on who calls whom in C; what Clang folds away the store keeps.
// RUN: %oracle_c %s | FileCheck %s
// CHECK-NOT: missing
// CHECK: extra folded -> never
// CHECK-NOT: {{missing|extra}}
// CHECK: direct.c: 21 calls in the IR, recall 100.0%

typedef __builtin_va_list va_list;
int printf(const char *format, ...);
int vprintf(const char *format, va_list arguments);
void *malloc(unsigned long size);
void free(void *pointer);
void *memcpy(void *to, const void *from, unsigned long size);
_Noreturn void abort(void);

int one(int x);
int two(int x);
int never(int x);

#define ASSERT(x) ((x) ? (void)0 : fail(#x))
#define SQUARE(x) (one(x) * one(x))
#define autofree __attribute__((cleanup(release)))

static _Noreturn void fail(const char *text) {
  printf("%s\n", text);
  abort();
}
static void release(void *pointer) { free(*(void **)pointer); }
static inline int inlined(int x) { return two(x); }

int log_all(const char *format, ...) {
  va_list arguments;
  __builtin_va_start(arguments, format);
  int result = vprintf(format, arguments);
  __builtin_va_end(arguments);
  return result;
}

int everything(int x) {
  autofree char *buffer = malloc(one(x));
  ASSERT(buffer);
  memcpy(buffer, "text", 4);
  switch (two(x)) {
  case 0 ... 3:
    return SQUARE(x);
  case 4:
    goto out;
  }
  for (int i = inlined(0); i < x; ++i) {
    autofree void *inner = malloc(i);
    if (!inner)
      continue;
    log_all("%d %p", i, inner);
  }
out:
  return ({ int y = one(1); y; }) + (x ?: two(2)) + _Generic(x, int: one, default: two)(x);
}

int folded(int x) {
  if (0)
    never(x);
  return sizeof(never(x)) + one(x);
}

int lazily(int x) { return x && one(x) || two(x); }
int (*pointer)(int) = one;
int through_pointer(int x) { return pointer(x) + (*pointer)(x) + (one)(x); }
struct Pair { int (*first)(int), (*second)(int); };
int through_field(struct Pair *pair) { return pair->first(one(1)); }
int sized(int x) { int array[one(x)]; return sizeof(array) + sizeof(int[two(x)]); }
__attribute__((constructor)) static void starts(void) { one(0); }
