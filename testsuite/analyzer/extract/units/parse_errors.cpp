// Errors of every kind in C++, and what is left of the functions around them.
// RUN: %rows_cpp %s call_edge unit 2>/dev/null | %verify

struct Lock { Lock(); ~Lock(); void use(); };
void work(int x);

void whole() {
  Lock lock;
  // CHECK: [[#@LINE-1]]:8: whole -> Lock::Lock implicit
  work(1);
  // CHECK: [[#@LINE-1]]:3: whole -> work direct
}
// CHECK: [[#@LINE-1]]:1: whole -> Lock::~Lock implicit

void undeclared_variable() {
  Lock lock;
  // CHECK: [[#@LINE-1]]:8: undeclared_variable -> Lock::Lock implicit
  work(missing);
  work(2);
  // CHECK: [[#@LINE-1]]:3: undeclared_variable -> work direct
}
void unknown_type_used() {
  Unknown value;
  value.method();
  work(3);
  // CHECK: [[#@LINE-1]]:3: unknown_type_used -> work direct
}
void no_such_member(Lock &lock) {
  lock.missing();
  lock.use();
  // CHECK: [[#@LINE-1]]:8: no_such_member -> Lock::use direct
}
void wrong_arguments() {
  work(1, 2, 3);
  work(4);
  // CHECK: [[#@LINE-1]]:3: wrong_arguments -> work direct
}
struct Incomplete;
void incomplete() {
  Incomplete object;
  work(5);
  // CHECK: [[#@LINE-1]]:3: incomplete -> work direct
}
struct Bad : NoSuchBase {
// CHECK: [[#@LINE-1]]:8: Bad::~Bad -> Lock::~Lock implicit
  Lock lock;
  Bad() : lock(1), missing(2) { work(6); }
  // CHECK: [[#@LINE-1]]:33: Bad::Bad -> work direct
  void method() { Lock inner; work(7); }
  // CHECK: [[#@LINE-1]]:24: Bad::method -> Lock::Lock implicit
  // CHECK: [[#@LINE-2]]:31: Bad::method -> work direct
  // CHECK: [[#@LINE-3]]:40: Bad::method -> Lock::~Lock implicit
};
void uses_bad() {
  Bad bad;
  // CHECK: [[#@LINE-1]]:7: uses_bad -> Bad::Bad implicit
  bad.method();
  // CHECK: [[#@LINE-1]]:7: uses_bad -> Bad::method direct
  work(8);
  // CHECK: [[#@LINE-1]]:3: uses_bad -> work direct
}
// CHECK: [[#@LINE-1]]:1: uses_bad -> Bad::~Bad implicit
template <class T> void dependent(T value) { value.missing(); work(9); }
void instantiates() { dependent(1); }
// CHECK: [[#@LINE-1]]:23: instantiates -> dependent direct
auto lambda = [] { work(undeclared); work(10); };
// CHECK: [[#@LINE-1]]:38: lambda:{{[0-9]+}} -> work direct
void loops() {
  for (auto x : not_a_range)
    work(11);
  for (int i = 0; i < broken; ++i) {
    Lock lock;
    // CHECK: [[#@LINE-1]]:10: loops -> Lock::Lock implicit
    work(12);
    // CHECK: [[#@LINE-1]]:5: loops -> work direct
  }
}
constexpr int not_constant() { throw missing; }
void returns_nothing() { return nothing_there; }
void unfinished( {

// CHECK: parse_errors.cpp parse_errors: parse_errors.cpp:{{[0-9]+:[0-9]+}}: {{.*}} 'missing'
