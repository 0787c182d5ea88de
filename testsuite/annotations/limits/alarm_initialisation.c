// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// Alarm: an object that no other thread knows yet needs no lock, but the analysis has no notion of
// that. Write an initialising function that says why it isn't analysed, or fill the object in by
// one initialiser.

#include "../Inputs/mutex.h"

struct Account {
  struct Mutex lock;
  long balance LV_GUARDED_BY(lock);
};

void by_hand(struct Account* a) {
  a->balance = 0; // c-warning {{requires holding mutex '&Account::lock' exclusively}}
                  // cxx-warning@-1 {{requires holding mutex 'a->lock' exclusively}}
}

void LV_NO_THREAD_SAFETY_ANALYSIS("nobody else has it yet") account_init(struct Account* a);
void account_init(struct Account* a) {
  a->balance = 0;
}

long by_an_initialiser(void) {
  struct Account a = {{0}, 0};
  return sizeof a;
}
