// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// Silent: constructors and destructors aren't analysed, whatever they keep or touch.

// expected-no-diagnostics

#include "../Inputs/mutex.hpp"

class Keeper {
public:
  explicit Keeper(Account& a) : account_(a) {
    a.mutex.lock();
    a.balance++;
  }
  ~Keeper() { account_.balance++; }

private:
  Account& account_;
};

void use(Account& a) {
  Keeper keeper(a);
}
