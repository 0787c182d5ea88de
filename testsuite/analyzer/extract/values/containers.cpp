// What goes into a container comes out somewhere; that is not followed through the library's code,
// so calls of it are known by type only, and marked so.
// RUN: %rows_cpp %s call_edge unresolved_call | %verify

#include <functional>
#include <memory>
#include <vector>

int a(int x);
int never_taken(int x);
static std::vector<std::function<int(int)>> handlers;
// CHECK: [[#@LINE-1]]:45: (initializer) -> std::vector<std::function<int (int)>>::vector implicit

void fill() {
  handlers.push_back(a);
  // CHECK: [[#@LINE-1]]:12: fill -> std::vector<std::function<int (int)>>::push_back direct
  // CHECK: [[#@LINE-2]]:22: fill -> std::function<int (int)>::function implicit
  // CHECK: [[#@LINE-3]]:22: fill -> std::function<int (int)>::~function implicit
  handlers.emplace_back([](int x) { return x; });
  // CHECK: [[#@LINE-1]]:12: fill -> std::vector<std::function<int (int)>>::emplace_back direct
}

int run(int x) {
  const auto &handler = handlers.front();
  // CHECK: [[#@LINE-1]]:34: run -> std::vector<std::function<int (int)>>::front direct
  return handler(x);
  // CHECK: [[#@LINE-1]]: run calls the unknown: nothing flows into handler; 4 {{.*}}
  // CHECK: [[#@LINE-2]]:19: run -> Functor::operator() type via handler
  // CHECK: [[#@LINE-3]]:19: run -> Worker::work type via handler
  // CHECK: [[#@LINE-4]]:19: run -> a type via handler
  // CHECK: [[#@LINE-5]]:19: run -> fill::lambda:{{[0-9]+}} type via handler
  // CHECK: [[#@LINE-6]]:19: run -> std::function<int (int)>::operator() direct
}

// What a lambda captures is called by the lambda.
struct Timer {
  std::function<void()> expired;
  int count = 0;
};
void arm(Timer &timer) {
  timer.expired = [&timer] { ++timer.count; };
  // CHECK: [[#@LINE-1]]:17: arm -> std::function<void ()>::operator= direct
}
void fire(const Timer &timer) {
  timer.expired();
  // CHECK: [[#@LINE-1]]:17: fire -> arm::lambda:{{[0-9]+}} flow via Timer::expired
  // CHECK: [[#@LINE-2]]:17: fire -> std::function<void ()>::operator() direct
}

// A functor, and what std::bind makes.
struct Functor { int operator()(int x) const { return x; } };
struct Worker { int work(int x); };
int of_functor() {
  std::function<int(int)> function = Functor();
  // CHECK: [[#@LINE-1]]:38: of_functor -> std::function<int (int)>::function implicit
  return function(1);
  // CHECK: [[#@LINE-1]]:3: of_functor -> std::function<int (int)>::~function implicit
  // CHECK: [[#@LINE-2]]:20: of_functor -> Functor::operator() flow via function
  // CHECK: [[#@LINE-3]]:20: of_functor -> std::function<int (int)>::operator() direct
}
int of_bound(Worker &worker) {
  std::function<int(int)> function = std::bind(&Worker::work, &worker, std::placeholders::_1);
  // CHECK: [[#@LINE-1]]:38: of_bound -> std::bind direct
  // CHECK: [[#@LINE-2]]:38: of_bound -> std::function<int (int)>::function implicit
  return function(2);
  // CHECK: [[#@LINE-1]]:3: of_bound -> std::function<int (int)>::~function implicit
  // CHECK: [[#@LINE-2]]:20: of_bound -> Worker::work flow via function
  // CHECK: [[#@LINE-3]]:20: of_bound -> std::function<int (int)>::operator() direct
}
int of_reference() {
  std::function<int(int)> function = std::ref(a);
  // CHECK: [[#@LINE-1]]:38: of_reference -> std::function<int (int)>::function implicit
  // CHECK: [[#@LINE-2]]:38: of_reference -> std::ref direct
  return function(3);
  // CHECK: [[#@LINE-1]]:3: of_reference -> std::function<int (int)>::~function implicit
  // CHECK: [[#@LINE-2]]:20: of_reference -> a flow via function
  // CHECK: [[#@LINE-3]]:20: of_reference -> std::function<int (int)>::operator() direct
}
