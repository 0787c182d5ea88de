// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// The guards are templates: over any lockable type, in classes and in other templates.

#include "../Inputs/mutex.hpp"

#include <lockvet/guards.hpp>

using lockvet::LockGuard;
using lockvet::SharedLockGuard;
using lockvet::UniqueLock;

class LV_CAPABILITY("spin lock") SpinLock {
public:
  void lock() LV_ACQUIRE();
  void unlock() LV_RELEASE();
};

// What libstdc++'s own mutexes look like.
class SaysNothing {
public:
  void lock();
  void unlock();
};

// A template is checked where it is instantiated, once for each of its types.
template <typename Mutex> struct Counter {
  Mutex mutex;
  int count LV_GUARDED_BY(mutex) = 0;

  void add() {
    LockGuard guard(mutex);
    count++;
  }
  int get() {
    return count; // expected-warning 2 {{reading variable 'count' requires holding}}
  }
};

template <typename Mutex> int locked_get(Counter<Mutex>& c) {
  UniqueLock<Mutex> lock(c.mutex);
  return c.count;
}

template <typename Mutex> int get_after(Counter<Mutex>& c) {
  {
    UniqueLock<Mutex> lock(c.mutex);
  }
  return c.count; // expected-warning {{reading variable 'count' requires holding}}
}

int instantiate(Counter<SharedMutex>& a, Counter<SpinLock>& b) {
  a.add();
  b.add();
  return a.get() + b.get() // expected-note 2 {{in instantiation of}}
         + locked_get(a) + locked_get(b) + get_after(b); // expected-note {{in instantiation of}}
}

class Cache {
public:
  int size() const {
    SharedLockGuard guard(mutex_);
    return size_;
  }
  void grow() {
    LockGuard guard(mutex_);
    grow_locked();
  }
  void grow_unlocked() {
    grow_locked();
    // expected-warning@-1 {{requires holding mutex 'mutex_' exclusively}}
  }

private:
  void grow_locked() LV_REQUIRES(mutex_) { size_++; }

  mutable SharedMutex mutex_;
  int size_ LV_GUARDED_BY(mutex_) = 0;
};

// Over a type that says nothing the guard still guards, as the guard itself says what it holds.
int over_a_type_that_says_nothing(SaysNothing& m) {
  LockGuard guard(m);
  return 0;
}

// In a lambda, which is a function of its own.
int in_a_lambda(Account& a) {
  auto add = [&a] {
    LockGuard guard(a.mutex);
    a.balance++;
  };
  add();
  auto forget = [&a] {
    a.balance++;
    // expected-warning@-1 {{requires holding mutex 'a.mutex' exclusively}}
  };
  forget();
  return 0;
}
