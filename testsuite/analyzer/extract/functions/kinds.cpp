// What C++ functions are: qualified names as a person types them, mangled names, linkage.
// RUN: %rows_cpp %s function | %verify

namespace space {
int free_function(int);
int free_function(int) { return 0; }
// CHECK: [[#@LINE-1]]: space::free_function external, _ZN5space13free_functionEi
int free_function(double) { return 1; }
// CHECK: [[#@LINE-1]]: space::free_function external, _ZN5space13free_functionEd
static int internal() { return 0; }
// CHECK: [[#@LINE-1]]: space::internal internal, _ZN5spaceL8internalEv
namespace { int anonymous() { return 0; } }
// CHECK: [[#@LINE-1]]: space::anonymous internal, _ZN5space12_GLOBAL__N_19anonymousEv
inline namespace v1 { int versioned() { return 0; } }
// CHECK: [[#@LINE-1]]: space::versioned external, _ZN5space2v19versionedEv

class Class {
public:
  Class() {}
  // CHECK: [[#@LINE-1]]: space::Class::Class external, _ZN5space5ClassC1Ev
  explicit Class(int) {}
  // CHECK: [[#@LINE-1]]: space::Class::Class external, _ZN5space5ClassC1Ei
  ~Class() {}
  // CHECK: [[#@LINE-1]]: space::Class::~Class external, _ZN5space5ClassD1Ev
  int method() const { return 0; }
  // CHECK: [[#@LINE-1]]: space::Class::method external, _ZNK5space5Class6methodEv
  static int shared() { return 1; }
  // CHECK: [[#@LINE-1]]: space::Class::shared external, _ZN5space5Class6sharedEv
  virtual void dispatched() {}
  // CHECK: [[#@LINE-1]]: space::Class::dispatched external, _ZN5space5Class10dispatchedEv
  Class &operator+=(int) { return *this; }
  // CHECK: [[#@LINE-1]]: space::Class::operator+= external, _ZN5space5ClasspLEi
  int operator()(int) { return 0; }
  // CHECK: [[#@LINE-1]]: space::Class::operator() external, _ZN5space5ClassclEi
  bool operator==(const Class &) const { return true; }
  // CHECK: [[#@LINE-1]]: space::Class::operator== external, _ZNK5space5ClasseqERKS0_
  operator int() const { return 0; }
  // CHECK: [[#@LINE-1]]: space::Class::operator int external, _ZNK5space5ClasscviEv
  struct Inner { void deep() {} };
  // CHECK: [[#@LINE-1]]: space::Class::Inner::deep external, _ZN5space5Class5Inner4deepEv
  friend int befriended(const Class &) { return 0; }
  // CHECK: [[#@LINE-1]]: space::befriended external, _ZN5space10befriendedERKNS_5ClassE
  int undefined();
  // CHECK: [[#@LINE-1]]: space::Class::undefined external declared, _ZN5space5Class9undefinedEv
};

template <class T> struct Box {
  T value;
  T get() { return value; }
  // CHECK: [[#@LINE-1]]: space::Box<int>::get external, _ZN5space3BoxIiE3getEv
  template <class U> U as() { return U(value); }
  // CHECK: [[#@LINE-1]]: space::Box<int>::as external, _ZN5space3BoxIiE2asIlEET_v
};
template <class T> T largest(T left, T right) { return left < right ? right : left; }
// CHECK: [[#@LINE-1]]: space::largest external, _ZN5space7largestIdEET_S1_S1_
template <> int largest(int left, int) { return left; }
// CHECK: [[#@LINE-1]]: space::largest external, _ZN5space7largestIiEET_S1_S1_
} // namespace space

extern "C" int c_name(int) { return 0; }
// CHECK: [[#@LINE-1]]: c_name external, c_name
extern "C" { static int c_internal() { return 0; } }
// CHECK: [[#@LINE-1]]: c_internal internal, _ZL10c_internalv

unsigned long operator""_kb(unsigned long long n) { return n * 1024; }
// CHECK: [[#@LINE-1]]: operator""_kb external, _Zli3_kby

int uses() {
// CHECK: [[#@LINE-1]]: uses external, _Z4usesv
  space::Box<int> box{1};
  auto lambda = [](int x) { return x; };
  // CHECK: [[#@LINE-1]]: uses::lambda:{{[0-9]+}} none, _ZZ4usesvENK3$_0clEi
  struct Local { int method() { return 0; } } local;
  // CHECK: [[#@LINE-1]]: uses::Local::Local none, _ZZ4usesvEN5LocalC1Ev
  // CHECK: [[#@LINE-2]]: uses::Local::method none, _ZZ4usesvEN5Local6methodEv
  space::Class object;
  return box.get() + (int)box.as<long>() + (int)space::largest(1.0, 2.0) + lambda(1) +
         local.method() + object.undefined() + space::internal() + space::anonymous() +
         c_internal();
}
int main() { return uses(); }
// CHECK: [[#@LINE-1]]: main external, main
