// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// One include brings everything, and no bare name.

// expected-no-diagnostics

#include <lockvet/lockvet.h>

#if !defined(LV_LABEL) || !defined(LV_GUARDED_BY) || !defined(LV_COROUTINE_FN) ||                  \
    !defined(LV_GRAPH_RDLOCK) || !defined(LV_GLOBAL_STATE_CODE) || !defined(LV_GUARD)
#error "lockvet.h leaves something out"
#endif

#if defined(coroutine_fn) || defined(GRAPH_RDLOCK) || defined(TSA_REQUIRES)
#error "lockvet.h brings names without a prefix"
#endif

#if defined(__cplusplus)
struct Mutex {
  void lock();
  void unlock();
};
void guarded(Mutex& m) {
  lockvet::LockGuard guard(m);
}
#endif

// So that these words are the user's own.
int coroutine_fn, no_coroutine_fn;
