// C++ ways to hold a function: references, std::function-like callables, lambdas, pointers to
// members, template parameters.
// RUN: %rows_cpp %s call_edge slot_value unresolved_call | %verify

namespace std {
template <class> class function;
template <class R, class... A> class function<R(A...)> {
public:
  function() noexcept;
  template <class F> function(F callable) {}
  template <class F> function &operator=(F callable) { return *this; }
  R operator()(A...) const;
  explicit operator bool() const noexcept;
};
template <class T> T &&move(T &value) noexcept;
} // namespace std

int a(int x);
int b(int x);

int by_reference(int (&callback)(int)) {
  return callback(1);
  // CHECK: [[#@LINE-1]]:10: by_reference -> a flow via callback
}
int referenced() { return by_reference(a); }
// CHECK: [[#@LINE-1]]: callback = a
// CHECK: [[#@LINE-2]]:27: referenced -> by_reference direct

struct Job {
  std::function<int(int)> work;
  int (*plain)(int) = b;
  // CHECK: [[#@LINE-1]]: Job::plain = b
  std::function<int(int)> with_default = a;
  // CHECK: [[#@LINE-1]]: Job::with_default = a
  // CHECK: [[#@LINE-2]]: callable = a
  // CHECK: [[#@LINE-3]]:42: Job::Job -> std::function<int (int)>::function implicit
  Job() = default;
  explicit Job(std::function<int(int)> w) : work(std::move(w)) {}
  // CHECK: [[#@LINE-1]]:50: Job::Job -> std::move direct
  int run() {
    return work(2) + plain(3) + with_default(4);
    // CHECK: [[#@LINE-1]]:18: Job::run -> a flow via Job::work
    // CHECK: [[#@LINE-2]]:18: Job::run -> b flow via Job::work
    // CHECK: [[#@LINE-3]]:18: Job::run -> filled::lambda:{{[0-9]+}} flow via Job::work
    // CHECK: [[#@LINE-4]]:18: Job::run -> std::function<int (int)>::operator() direct
    // CHECK: [[#@LINE-5]]:22: Job::run -> b flow via Job::plain
    // CHECK: [[#@LINE-6]]:47: Job::run -> a flow via Job::with_default
    // CHECK: [[#@LINE-7]]:47: Job::run -> std::function<int (int)>::operator() direct
  }
};

void filled() {
  Job job(b);
  // CHECK: [[#@LINE-1]]: callable = b
  // CHECK: [[#@LINE-2]]: w = b
  // CHECK: [[#@LINE-3]]:7: filled -> Job::Job implicit
  // CHECK: [[#@LINE-4]]:11: filled -> std::function<int (int)>::function implicit
  job.work = [](int x) { return a(x); };
  // CHECK: [[#@LINE-1]]: Job::work = filled::lambda:{{[0-9]+}}
  // CHECK: [[#@LINE-2]]:12: filled -> std::function<int (int)>::operator= direct
  // CHECK: [[#@LINE-3]]:33: filled::lambda:{{[0-9]+}} -> a direct
  job.work = a;
  // CHECK: [[#@LINE-1]]: Job::work = a
  // CHECK: [[#@LINE-2]]: callable = a
  // CHECK: [[#@LINE-3]]:12: filled -> std::function<int (int)>::operator= direct
}

int at_once() {
  auto doubled = [](int x) { return b(x); };
  // CHECK: [[#@LINE-1]]:37: at_once::lambda:{{[0-9]+}} -> b direct
  return doubled(5);
  // CHECK: [[#@LINE-1]]:19: at_once -> at_once::lambda:{{[0-9]+}} direct
}

int (*from_lambda)(int) = [](int x) { return x; };
// CHECK: [[#@LINE-1]]: from_lambda = lambda:{{[0-9]+}}
// CHECK: [[#@LINE-2]]: operator int (*)(int)() = lambda:{{[0-9]+}}
// CHECK: [[#@LINE-3]]:27: (initializer) -> lambda:{{[0-9]+}}::operator pointer implicit
int call_from_lambda() {
  return from_lambda(6);
  // CHECK: [[#@LINE-1]]:10: call_from_lambda -> lambda:{{[0-9]+}} flow via from_lambda
}

std::function<int(int)> global_callable = [](int x) { return a(x); };
// CHECK: [[#@LINE-1]]: global_callable = lambda:{{[0-9]+}}
// CHECK: [[#@LINE-2]]:43: (initializer) -> std::function<int (int)>::function implicit
// CHECK: [[#@LINE-3]]:62: lambda:{{[0-9]+}} -> a direct
int call_global() {
  return global_callable(7);
  // CHECK: [[#@LINE-1]]:27: call_global -> lambda:{{[0-9]+}} flow via global_callable
  // CHECK: [[#@LINE-2]]:27: call_global -> std::function<int (int)>::operator() direct
}

// Pointers to member functions.
struct Worker {
  int start(int x);
  int stop(int x) const;
  static int shared(int x);
  int (Worker::*next)(int);
  int go() {
    return (this->*next)(8);
    // CHECK: [[#@LINE-1]]:13: Worker::go -> Worker::start flow via Worker::next
  }
};
void prepare(Worker &worker) { worker.next = &Worker::start; }
// CHECK: [[#@LINE-1]]: Worker::next = Worker::start
int by_member(const Worker &worker, int (Worker::*const method)(int) const = &Worker::stop) {
  return (worker.*method)(9);
  // CHECK: [[#@LINE-1]]:11: by_member -> Worker::stop flow via method
}
int use_default(const Worker &worker) { return by_member(worker); }
// CHECK: [[#@LINE-1]]: method = Worker::stop
// CHECK: [[#@LINE-2]]:48: use_default -> by_member direct
int (*shared)(int) = &Worker::shared;
// CHECK: [[#@LINE-1]]: shared = Worker::shared
int call_shared() {
  return shared(10);
  // CHECK: [[#@LINE-1]]:10: call_shared -> Worker::shared flow via shared
}

// A function as a template's argument is a direct call in the instance.
template <int (*F)(int)> int apply(int x) {
  return F(x);
  // CHECK: [[#@LINE-1]]:10: apply -> a direct
  // CHECK: [[#@LINE-2]]:10: apply -> b direct
}
int applied() { return apply<a>(1) + apply<b>(2); }
// CHECK: [[#@LINE-1]]:24: applied -> apply direct
// CHECK: [[#@LINE-2]]:38: applied -> apply direct

// And as the argument of a function template.
template <class F> int call(F function) {
  return function(11);
  // CHECK: [[#@LINE-1]]:10: call -> a flow via function
  // CHECK: [[#@LINE-2]]:10: call -> b flow via function
  // CHECK: [[#@LINE-3]]:21: call -> called::lambda:{{[0-9]+}} direct
}
int called() { return call(a) + call([](int x) { return b(x); }) + call(&b); }
// CHECK: [[#@LINE-1]]: function = a
// CHECK: [[#@LINE-2]]: function = b
// CHECK: [[#@LINE-3]]:23: called -> call direct
// CHECK: [[#@LINE-4]]:33: called -> call direct
// CHECK: [[#@LINE-5]]:57: called::lambda:{{[0-9]+}} -> b direct
// CHECK: [[#@LINE-6]]:68: called -> call direct

// A generic lambda.
int generic() {
  auto twice = [](auto f, int x) { return f(f(x)); };
  // CHECK: [[#@LINE-1]]:43: generic::lambda:{{[0-9]+}} -> a flow via f
  // CHECK: [[#@LINE-2]]:45: generic::lambda:{{[0-9]+}} -> a flow via f
  return twice(a, 12);
  // CHECK: [[#@LINE-1]]: f = a
  // CHECK: [[#@LINE-2]]:21: generic -> generic::lambda:{{[0-9]+}} direct
}

// CHECK: Job::work = b
// CHECK: function::$0 = b
// CHECK: value = b
