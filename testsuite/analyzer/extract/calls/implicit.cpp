// What the compiler calls without its being written: constructors, destructors at scope exit and of
// temporaries, members and bases, conversions, operator new and delete.
// RUN: %rows_cpp %s call_edge | %verify

struct Lock {
  Lock();
  Lock(const Lock &);
  explicit Lock(int);
  ~Lock();
  void use();
};

void work();

void scope() {
  Lock lock;
  // CHECK: [[#@LINE-1]]:8: scope -> Lock::Lock implicit
  work();
  // CHECK: [[#@LINE-1]]:3: scope -> work direct
}
// CHECK: [[#@LINE-1]]:1: scope -> Lock::~Lock implicit

int early_return(int x) {
  Lock lock;
  // CHECK: [[#@LINE-1]]:8: early_return -> Lock::Lock implicit
  if (x)
    return 1;
    // CHECK: [[#@LINE-1]]:5: early_return -> Lock::~Lock implicit
  work();
  // CHECK: [[#@LINE-1]]:3: early_return -> work direct
  return 0;
  // CHECK: [[#@LINE-1]]:3: early_return -> Lock::~Lock implicit
}

void by_goto(int x) {
  {
    Lock lock;
    // CHECK: [[#@LINE-1]]:10: by_goto -> Lock::Lock implicit
    if (x)
      goto out;
      // CHECK: [[#@LINE-1]]:7: by_goto -> Lock::~Lock implicit
    work();
    // CHECK: [[#@LINE-1]]:5: by_goto -> work direct
  }
  // CHECK: [[#@LINE-1]]:3: by_goto -> Lock::~Lock implicit
out:;
}

void loop(int x) {
  for (int i = 0; i < x; ++i) {
    Lock lock(i);
    // CHECK: [[#@LINE-1]]:10: loop -> Lock::Lock implicit
    if (i == 3)
      break;
      // CHECK: [[#@LINE-1]]:7: loop -> Lock::~Lock implicit
  }
  // CHECK: [[#@LINE-1]]:3: loop -> Lock::~Lock implicit
}

void temporary() {
  Lock().use();
  // CHECK: [[#@LINE-1]]:3: temporary -> Lock::Lock implicit
  // CHECK: [[#@LINE-2]]:8: temporary -> Lock::~Lock implicit
  // CHECK: [[#@LINE-3]]:10: temporary -> Lock::use direct
  Lock(1);
  // CHECK: [[#@LINE-1]]:3: temporary -> Lock::Lock implicit
  // CHECK: [[#@LINE-2]]:9: temporary -> Lock::~Lock implicit
}

void bound_to_reference() {
  const Lock &lock = Lock();
  // CHECK: [[#@LINE-1]]:22: bound_to_reference -> Lock::Lock implicit
  work();
  // CHECK: [[#@LINE-1]]:3: bound_to_reference -> work direct
}
// CHECK: [[#@LINE-1]]:1: bound_to_reference -> Lock::~Lock implicit

void by_value(Lock lock);
void copies(Lock &lock) {
  by_value(lock);
  // CHECK: [[#@LINE-1]]:3: copies -> by_value direct
  // CHECK: [[#@LINE-2]]:12: copies -> Lock::Lock implicit
  // CHECK: [[#@LINE-3]]:12: copies -> Lock::~Lock implicit
}

Lock returned() {
  Lock lock;
  // CHECK: [[#@LINE-1]]:8: returned -> Lock::Lock implicit
  return lock;
}

struct Base {
  Base(int);
  virtual ~Base();
};
struct Holder : Base {
  Lock first;
  Lock second{2};
  // CHECK: [[#@LINE-1]]:14: Holder::Holder -> Lock::Lock implicit
  Holder() : Base(1), first(3) { work(); }
  // CHECK: [[#@LINE-1]]:14: Holder::Holder -> Base::Base implicit
  // CHECK: [[#@LINE-2]]:23: Holder::Holder -> Lock::Lock implicit
  // CHECK: [[#@LINE-3]]:34: Holder::Holder -> work direct
  ~Holder() { work(); }
  // CHECK: [[#@LINE-1]]:3: Holder::~Holder -> Base::~Base implicit
  // CHECK: [[#@LINE-2]]:3: Holder::~Holder -> Lock::~Lock implicit
  // CHECK: [[#@LINE-3]]:15: Holder::~Holder -> work direct
};

// The compiler's own members call those of members and bases.
struct Implicit : Base {
// CHECK: [[#@LINE-1]]:8: Implicit::~Implicit -> Base::~Base implicit
// CHECK: [[#@LINE-2]]:8: Implicit::~Implicit -> Lock::~Lock implicit
  using Base::Base;
  // CHECK: [[#@LINE-1]]:15: Implicit::Base -> Base::Base implicit
  // CHECK: [[#@LINE-2]]:15: Implicit::Base -> Lock::Lock implicit
  Lock lock;
};
void make_implicit() {
  Implicit object(4);
  // CHECK: [[#@LINE-1]]:12: make_implicit -> Implicit::Base implicit
}
// CHECK: [[#@LINE-1]]:1: make_implicit -> Implicit::~Implicit implicit

void array() {
  Lock locks[2];
  // CHECK: [[#@LINE-1]]:8: array -> Lock::Lock implicit
}
// CHECK: [[#@LINE-1]]:1: array -> Lock::~Lock implicit

struct Handle {
  operator int() const;
  explicit operator bool() const;
  Handle(int);
};
int converts(Handle handle) {
  int x = handle;
  // CHECK: [[#@LINE-1]]:11: converts -> Handle::operator int implicit
  if (handle)
  // CHECK: [[#@LINE-1]]:7: converts -> Handle::operator bool implicit
    return x;
  return !handle;
  // CHECK: [[#@LINE-1]]:11: converts -> Handle::operator bool implicit
}
void take(Handle handle);
void converted() {
  take(5);
  // CHECK: [[#@LINE-1]]:3: converted -> take direct
  // CHECK: [[#@LINE-2]]:8: converted -> Handle::Handle implicit
}

void allocated() {
  Lock *lock = new Lock(6);
  // CHECK: [[#@LINE-1]]:16: allocated -> operator new implicit
  // CHECK: [[#@LINE-2]]:20: allocated -> Lock::Lock implicit
  delete lock;
  // CHECK: [[#@LINE-1]]:3: allocated -> Lock::~Lock implicit
  // CHECK: [[#@LINE-2]]:3: allocated -> operator delete implicit
  Lock *locks = new Lock[2];
  // CHECK: [[#@LINE-1]]:17: allocated -> operator new[] implicit
  // CHECK: [[#@LINE-2]]:21: allocated -> Lock::Lock implicit
  delete[] locks;
  // CHECK: [[#@LINE-1]]:3: allocated -> Lock::~Lock implicit
  // CHECK: [[#@LINE-2]]:3: allocated -> operator delete[] implicit
  int *number = new int;
  // CHECK: [[#@LINE-1]]:17: allocated -> operator new implicit
  delete number;
  // CHECK: [[#@LINE-1]]:3: allocated -> operator delete implicit
}

void *operator new(decltype(sizeof(0)), void *place) noexcept;
void placed(void *place) {
  Lock *lock = new (place) Lock;
  // CHECK: [[#@LINE-1]]:28: placed -> Lock::Lock implicit
  lock->~Lock();
  // CHECK: [[#@LINE-1]]:9: placed -> Lock::~Lock direct
}

struct Pool {
  static void *operator new(decltype(sizeof(0)));
  static void operator delete(void *);
  Pool();
};
void pooled() {
  delete new Pool;
  // CHECK: [[#@LINE-1]]:3: pooled -> Pool::operator delete implicit
  // CHECK: [[#@LINE-2]]:10: pooled -> Pool::operator new implicit
  // CHECK: [[#@LINE-3]]:14: pooled -> Pool::Pool implicit
}

// Nothing is called for what is trivial.
struct Plain { int x; };
int trivial() {
  Plain plain{1}, copy = plain;
  return copy.x;
}

Lock global;
// CHECK: [[#@LINE-1]]:6: (initializer) -> Lock::Lock implicit
static Lock local_to_file(7);
// CHECK: [[#@LINE-1]]:13: (initializer) -> Lock::Lock implicit
Lock &once() {
  static Lock lock;
  // CHECK: [[#@LINE-1]]:15: once -> Lock::Lock implicit
  return lock;
}

void throws() {
  throw Lock();
  // CHECK: [[#@LINE-1]]:9: throws -> Lock::Lock implicit
  // CHECK: [[#@LINE-2]]:14: throws -> Lock::~Lock implicit
}
void catches() {
  try {
    work();
    // CHECK: [[#@LINE-1]]:5: catches -> work direct
  } catch (Lock lock) {
  // CHECK: [[#@LINE-1]]:17: catches -> Lock::Lock implicit
    lock.use();
    // CHECK: [[#@LINE-1]]:10: catches -> Lock::use direct
  }
  // CHECK: [[#@LINE-1]]:3: catches -> Lock::~Lock implicit
}
