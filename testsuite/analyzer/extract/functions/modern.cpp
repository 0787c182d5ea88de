// What newer C++ calls without saying so: coroutines, range-for, comparison operators, structured
// bindings, concepts, deducing this, consteval.
// RUN: %rows_cpp --arg=-std=c++23 %s call_edge unresolved_call | %verify

namespace std {
template <class Result, class...> struct coroutine_traits {
  using promise_type = typename Result::promise_type;
};
template <class = void> struct coroutine_handle {
  static coroutine_handle from_address(void *) noexcept;
  void *address() const noexcept;
  operator coroutine_handle<>() const noexcept;
};
template <> struct coroutine_handle<void> {
  static coroutine_handle from_address(void *) noexcept;
  void *address() const noexcept;
};
struct suspend_always {
  bool await_ready() const noexcept { return false; }
  void await_suspend(coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};
template <class T> struct tuple_size;
template <unsigned long, class T> struct tuple_element;
} // namespace std

void work(int x);

struct Task {
  struct promise_type {
    Task get_return_object();
    std::suspend_always initial_suspend() noexcept;
    std::suspend_always final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
  bool await_ready();
  template <class Handle> void await_suspend(Handle handle);
  int await_resume();
};

Task start(int x);

Task coroutine(Task other) {
// CHECK: [[#@LINE-1]]:6: coroutine -> Task::promise_type::final_suspend implicit
// CHECK: [[#@LINE-2]]:6: coroutine -> Task::promise_type::get_return_object implicit
// CHECK: [[#@LINE-3]]:6: coroutine -> Task::promise_type::initial_suspend implicit
// CHECK: [[#@LINE-4]]:6: coroutine -> Task::promise_type::return_void implicit
// CHECK: [[#@LINE-5]]:6: coroutine -> Task::promise_type::unhandled_exception implicit
// CHECK: [[#@LINE-6]]:6: coroutine -> operator delete implicit
// CHECK: [[#@LINE-7]]:6: coroutine -> operator new implicit
// CHECK: [[#@LINE-8]]:6: coroutine -> {{.*coroutine_handle.*}}::from_address implicit
// CHECK: [[#@LINE-9]]:6: coroutine -> {{.*coroutine_handle.*}}::operator coroutine_handle implicit
// CHECK: [[#@LINE-10]]:6: coroutine -> std::suspend_always::await_ready implicit
// CHECK: [[#@LINE-11]]:6: coroutine -> std::suspend_always::await_resume implicit
// CHECK: [[#@LINE-12]]:6: coroutine -> std::suspend_always::await_suspend implicit
  int value = co_await other;
  // CHECK: [[#@LINE-1]]:24: coroutine -> Task::await_ready implicit
  // CHECK: [[#@LINE-2]]:24: coroutine -> Task::await_resume implicit
  // CHECK: [[#@LINE-3]]:24: coroutine -> Task::await_suspend implicit
  // CHECK: [[#@LINE-4]]:24: coroutine -> {{.*coroutine_handle.*}}::from_address implicit
  work(value);
  // CHECK: [[#@LINE-1]]:3: coroutine -> work direct
  co_await start(2);
  // CHECK: [[#@LINE-1]]:12: coroutine -> Task::await_ready implicit
  // CHECK: [[#@LINE-2]]:12: coroutine -> Task::await_resume implicit
  // CHECK: [[#@LINE-3]]:12: coroutine -> Task::await_suspend implicit
  // CHECK: [[#@LINE-4]]:12: coroutine -> start direct
  // CHECK: [[#@LINE-5]]:12: coroutine -> {{.*coroutine_handle.*}}::from_address implicit
}

struct Iterator {
  bool operator!=(const Iterator &) const;
  Iterator &operator++();
  int operator*() const;
};
struct Range {
  Iterator begin() const;
  Iterator end() const;
};
void loops(const Range &range) {
  for (int x : range)
  // CHECK: [[#@LINE-1]]:14: loops -> Iterator::operator!= implicit
  // CHECK: [[#@LINE-2]]:14: loops -> Iterator::operator* implicit
  // CHECK: [[#@LINE-3]]:14: loops -> Iterator::operator++ implicit
  // CHECK: [[#@LINE-4]]:14: loops -> Range::begin implicit
  // CHECK: [[#@LINE-5]]:14: loops -> Range::end implicit
    work(x);
    // CHECK: [[#@LINE-1]]:5: loops -> work direct
}

struct Compared {
  int value;
  bool operator==(const Compared &) const;
  int operator<=>(const Compared &) const;
};
bool compares(const Compared &a, const Compared &b) {
  return a != b && a < b;
  // CHECK: [[#@LINE-1]]:12: compares -> Compared::operator== direct
  // CHECK: [[#@LINE-2]]:22: compares -> Compared::operator<=> direct
}

struct Pair {};
template <unsigned long I> int get(const Pair &);
template <> struct std::tuple_size<Pair> { static constexpr unsigned long value = 2; };
template <unsigned long I> struct std::tuple_element<I, Pair> { using type = int; };
int binds(const Pair &pair) {
  auto [first, second] = pair;
  // CHECK: [[#@LINE-1]]:9: binds -> get direct
  // CHECK: [[#@LINE-2]]:16: binds -> get direct
  return first + second;
}

// A concept is checked, never run; what it guards is.
template <class T> concept Runs = requires(T t) { t.run(); };
struct Runner { void run(); };
template <Runs T> void runs(T &runner) {
  runner.run();
  // CHECK: [[#@LINE-1]]:10: runs -> Runner::run direct
}
void use_concept(Runner &runner) { runs(runner); }
// CHECK: [[#@LINE-1]]:36: use_concept -> runs direct

// The derived class's method, called by its base at compile time.
template <class Derived> struct Crtp {
  void outer() { static_cast<Derived *>(this)->inner(); }
  // CHECK: [[#@LINE-1]]:48: Crtp<Concrete>::outer -> Concrete::inner direct
};
struct Concrete : Crtp<Concrete> { void inner(); };
void crtp(Concrete &object) { object.outer(); }
// CHECK: [[#@LINE-1]]:38: crtp -> Crtp<Concrete>::outer direct

struct Deducing {
  void self(this Deducing &) {}
};
void deduces(Deducing &object) { object.self(); }
// CHECK: [[#@LINE-1]]:41: deduces -> Deducing::self direct

int fallback();
void with_default(int x = fallback());
void defaults() {
  with_default();
  // CHECK: [[#@LINE-1]]:3: defaults -> fallback direct
  // CHECK: [[#@LINE-2]]:3: defaults -> with_default direct
  with_default(1);
  // CHECK: [[#@LINE-1]]:3: defaults -> with_default direct
}

// noexcept, decltype, requires and unevaluated typeid run nothing.
int unevaluated() {
  decltype(fallback()) x = 0;
  return noexcept(fallback()) + sizeof(decltype(fallback())) + requires { fallback(); } + x;
}

template <bool Yes> void chosen() {
  if constexpr (Yes)
    work(1);
    // CHECK: [[#@LINE-1]]:5: chosen -> work direct
  else
    fallback();
}
void chooses() { chosen<true>(); }
// CHECK: [[#@LINE-1]]:18: chooses -> chosen direct

template <class... Functions> void call_all(Functions... functions) { (functions(), ...); }
// CHECK: [[#@LINE-1]]:82: call_all -> folded::lambda:{{[0-9]+}} direct
// CHECK: [[#@LINE-2]]:82: call_all -> folded::lambda:{{[0-9]+}} direct
void folded() { call_all([] { work(1); }, [] { work(2); }); }
// CHECK: [[#@LINE-1]]:17: folded -> call_all direct
// CHECK: [[#@LINE-2]]:31: folded::lambda:{{[0-9]+}} -> work direct
// CHECK: [[#@LINE-3]]:48: folded::lambda:{{[0-9]+}} -> work direct
