// In C++ capabilities can be the object's own members, and the object itself.
// RUN: %rows_cpp --arg=-Wthread-safety %s label slot_label | %verify

#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))

class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() ACQUIRE();
  // CHECK: [[#@LINE-1]]: Mutex::lock is acquires:this capability
  void unlock() RELEASE();
  // CHECK: [[#@LINE-1]]: Mutex::unlock is releases:this capability
  bool try_lock() __attribute__((try_acquire_capability(true)));
  // CHECK: [[#@LINE-1]]: Mutex::try_lock is try_acquires:this capability
  const Mutex &operator!() const { return *this; }
};

class __attribute__((scoped_lockable)) Guard {
public:
  explicit Guard(Mutex &mutex) ACQUIRE(mutex);
  // CHECK: [[#@LINE-1]]: Guard::Guard is acquires:$0 capability
  ~Guard() RELEASE();
  // CHECK: [[#@LINE-1]]: Guard::~Guard is releases:this capability
};

namespace space { extern Mutex graph; Mutex &all(); }

class Account {
  Mutex mu;
  int balance __attribute__((guarded_by(mu)));
  int *history __attribute__((pt_guarded_by(mu)));
  void deposit(int amount) REQUIRES(mu);
  // CHECK: [[#@LINE-1]]: Account::deposit is requires:this->mu capability
  void transfer(Account &to) REQUIRES(this->mu, to.mu);
  // CHECK: [[#@LINE-1]]: Account::transfer is requires:$0->mu capability
  // CHECK: [[#@LINE-2]]: Account::transfer is requires:this->mu capability
  void walk() REQUIRES(space::graph);
  // CHECK: [[#@LINE-1]]: Account::walk is requires:space::graph capability
  Mutex &mutexOf();
  void handed_out() REQUIRES(mutexOf(), space::all());
  // CHECK: [[#@LINE-1]]: Account::handed_out is requires:space::all() capability
  // CHECK: [[#@LINE-2]]: Account::handed_out is requires:this->mutexOf() capability
  void fresh() __attribute__((locks_excluded(mu)));
  // CHECK: [[#@LINE-1]]: Account::fresh is excludes:this->mu capability
  Mutex *mutex() __attribute__((lock_returned(mu)));
  // CHECK: [[#@LINE-1]]: Account::mutex is returns_lock:this->mu capability
};

template <class T> struct Locked {
  Mutex mu;
  void set(T value) REQUIRES(mu) {}
  // CHECK: [[#@LINE-1]]: Locked<int>::set is requires:this->mu capability
};
void use(Locked<int> &locked) __attribute__((no_thread_safety_analysis)) { locked.set(1); }
// CHECK: [[#@LINE-1]]: use is no_analysis capability

// On a lambda.
auto lambda = []() REQUIRES(space::graph) {};
// CHECK: [[#@LINE-1]]: lambda:{{[0-9]+}} is requires:space::graph capability

// CHECK: Account::balance is guarded_by:this->mu
// CHECK: Account::history is pt_guarded_by:this->mu
