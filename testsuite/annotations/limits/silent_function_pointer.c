// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// Silent: a contract isn't a part of the type, so a pointer loses it. Lockvet: pointer-annotation
// and lock-required.

// expected-no-diagnostics

#include "../Inputs/mutex.h"

struct Mutex m;
void needs(void) LV_REQUIRES(m);
void waits(void) LV_EXCLUDES(m);

struct Ops {
  void (*run)(void);
};
const struct Ops* get_ops(void);
void later(void (*callback)(void));

void through_a_variable(void) {
  void (*run)(void) = needs;
  run();
}

void through_a_field(struct Ops* ops) {
  ops->run = needs;
  get_ops()->run();
}

void through_a_parameter(void) {
  mutex_lock(&m);
  later(waits);
  mutex_unlock(&m);
}
