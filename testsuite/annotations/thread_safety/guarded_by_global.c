// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_GUARDED_BY on a global variable: shared is enough to read, exclusive is needed to write.

#include "../Inputs/mutex.h"

struct RwLock table_lock;
int entries LV_GUARDED_BY(table_lock);
int unguarded;

int read_without(void) {
  return entries;
  // expected-warning@-1 {{reading variable 'entries' requires holding rwlock 'table_lock'}}
}

void write_without(void) {
  entries = 1;
  // expected-warning@-1 {{requires holding rwlock 'table_lock' exclusively}}
}

void write_while_reader(void) {
  rw_rdlock(&table_lock);
  entries++;
  // expected-warning@-1 {{requires holding rwlock 'table_lock' exclusively}}
  rw_rdunlock(&table_lock);
}

int read_while_reader(void) {
  rw_rdlock(&table_lock);
  int seen = entries;
  rw_rdunlock(&table_lock);
  return seen;
}

void write_while_writer(void) {
  rw_wrlock(&table_lock);
  entries++;
  rw_wrunlock(&table_lock);
}

int unguarded_without(void) {
  return unguarded++;
}

unsigned long size_without(void) {
  return sizeof entries;
}
