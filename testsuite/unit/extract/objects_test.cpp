// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// C++: methods and their objects, guards and temporaries at the ends of their scopes.

#include "fixture.h"

#include <gtest/gtest.h>

namespace lockvet::extract {

namespace {

const std::string kPrelude = R"(
bool in_coroutine();
void work(int x);
struct Mutex { void lock(); void unlock(); bool try_lock(); };
struct Guard { explicit Guard(Mutex &mutex); ~Guard(); explicit operator bool() const; };
struct State { Mutex mutex; State *parent; void helper(int x); Mutex &get(); };
extern Mutex global;
)";

std::string skeleton(const char* code, const char* function = "test") {
  return skeletonOf(kPrelude + code, Language::Cpp, function);
}

TEST(Objects, MethodsOfMembers) {
  EXPECT_EQ(skeleton(R"(
void test(State *state) { state->mutex.lock(); state->helper(3);
  state->parent->mutex.unlock(); })"),
            "0: call lock(this=$0->mutex); call helper(this=$0, 0=3); call "
            "unlock(this=$0->parent->mutex); -> end\n"
            "end: \n");
}

TEST(Objects, References) {
  EXPECT_EQ(skeleton(R"(
void test(State &state) { Mutex &mutex = state.mutex; mutex.lock();
  Mutex *pointer = &mutex; pointer->unlock(); })"),
            "0: call lock(this=$0->mutex); call unlock(this=$0->mutex); -> end\n"
            "end: \n");
}

TEST(Objects, Globals) {
  EXPECT_EQ(skeleton(R"(
namespace ns { extern Mutex scoped; }
void test() { global.lock(); ns::scoped.lock(); })"),
            "0: call lock(this=global); call lock(this=ns::scoped); -> end\n"
            "end: \n");
}

TEST(Objects, This) {
  EXPECT_EQ(skeleton(R"(
struct Test { Mutex mutex; Test *next; void test() { mutex.lock();
  next->mutex.lock(); this->mutex.unlock(); } };)"),
            "0: call lock(this=this->mutex); call lock(this=this->next->mutex); call "
            "unlock(this=this->mutex); -> end\n"
            "end: \n");
}

TEST(Objects, GuardAtEachExit) {
  EXPECT_EQ(skeleton(R"(
void test(State &state, int x) { Guard guard(state.mutex); if (x) return; work(1); })"),
            "0: call Guard(this=%guard, 0=$0->mutex); if x -> 1 else 2\n"
            "1: return; call ~Guard(this=%guard); -> end\n"
            "2: call work(0=1); call ~Guard(this=%guard); -> end\n"
            "end: \n");
}

TEST(Objects, GuardInCondition) {
  EXPECT_EQ(
      skeleton(R"(
void test(State &state) { if (Guard guard(state.mutex); guard) work(1); work(2); })"),
      "0: call Guard(this=%guard, 0=$0->mutex); call operator bool(this=%guard); if operator bool "
      "-> 1 else 2\n"
      "1: call work(0=1); -> 2\n"
      "2: call ~Guard(this=%guard); call work(0=2); -> end\n"
      "end: \n");
}

// A temporary dies at the end of its statement.
TEST(Objects, GuardAsTemporary) {
  EXPECT_EQ(skeleton(R"(void test(State &state) { Guard(state.mutex); work(1); })"),
            "0: call Guard(0=$0->mutex); call ~Guard(); call work(0=1); -> end\n"
            "end: \n");
}

TEST(Objects, TryLock) {
  EXPECT_EQ(skeleton(R"(
bool test(State &state) { if (!state.mutex.try_lock()) return false; work(1);
  return true; })"),
            "0: call try_lock(this=$0->mutex); if try_lock -> 2 else 1\n"
            "1: return 0; -> end\n"
            "2: call work(0=1); return 1; -> end\n"
            "end: \n");
}

TEST(Objects, SmartPointers) {
  EXPECT_EQ(skeleton(R"(
template <class T> struct Pointer { T *operator->() const; T &operator*()
  const; T *get() const; };
void test(Pointer<State> p) { p->mutex.lock(); (*p).mutex.lock();
  p.get()->mutex.lock(); })"),
            "0: call operator->(this=$0); call lock(this=$0->mutex); call operator*(this=$0); call "
            "lock(this=$0->mutex); call get(this=$0); call lock(this=$0->mutex); -> end\n"
            "end: \n");
}

TEST(Objects, ConstructorArguments) {
  EXPECT_EQ(skeleton(R"(
struct Named { Named(Mutex &mutex, int n, bool flag = true); };
void test(State &state) { Named named(state.mutex, 3);
  Named *other = new Named(global, 4, false); })"),
            "0: call Named(this=%named, 0=$0->mutex, 1=3); call Named(0=global, 1=4, 2=0); call "
            "operator new(); "
            "-> end\n"
            "end: \n");
}

// What a constructor keeps a reference of is that in the object, wherever it goes.
TEST(Objects, KeptReferences) {
  EXPECT_EQ(skeleton(R"(
struct Own { Mutex &mutex_; int n; explicit Own(Mutex &mutex) : mutex_(mutex), n(0) {} ~Own(); };
void pass(Own &own);
void test(State &state) { Own own(state.mutex); pass(own); own.mutex_.lock(); })"),
            "0: call Own(this=%own, this->mutex_=$0->mutex, 0=$0->mutex); call pass(0=%own, "
            "0->mutex_=$0->mutex); call lock(this=$0->mutex); call ~Own(this=%own, "
            "this->mutex_=$0->mutex); -> end\n"
            "end: \n");
}

TEST(Objects, ConstructorKnowsWhatItKeeps) {
  EXPECT_EQ(skeleton(R"(
struct Own { Mutex *mutex_; State state_; Own(Mutex &mutex, Mutex &other); };
Own::Own(Mutex &mutex, Mutex &other) : mutex_(&mutex) { mutex.lock(); mutex_->unlock();
  other.lock(); })",
                     "Own"),
            "0: call lock(this=this->mutex_); call unlock(this=this->mutex_); call lock(this=$1); "
            "-> end\n"
            "end: \n");
}

TEST(Objects, MembersAndBases) {
  EXPECT_EQ(skeleton(R"(
struct Base { Base(); ~Base(); };
struct Owner : Base { Guard guard; Owner(State &state); ~Owner(); };
Owner::Owner(State &state) : guard(state.mutex) {})",
                     "Owner"),
            "0: call Base(this=this); call Guard(this=this->guard, 0=$0->mutex); -> end\n"
            "end: \n");
  EXPECT_EQ(skeleton(R"(
struct Base { Base(); ~Base(); };
struct Owner : Base { Guard guard; Owner(State &state); ~Owner(); };
Owner::~Owner() { work(1); })",
                     "~Owner"),
            "0: call work(0=1); call ~Guard(this=this->guard); call ~Base(this=this); -> end\n"
            "end: \n");
}

TEST(Objects, Delete) {
  EXPECT_EQ(skeleton(R"(
struct Owned { ~Owned(); };
void test(Owned *owned) { delete owned; })"),
            "0: call ~Owned(this=$0); call operator delete(); -> end\n"
            "end: \n");
}

TEST(Objects, MethodsThatHandBackAMember) {
  EXPECT_EQ(skeleton(R"(
struct Table { int size; Mutex mutex_; Mutex &mutex() { return mutex_; } Mutex *pointer() { return &mutex_; } };
void test(Table &table) { table.mutex().lock(); table.pointer()->unlock(); })"),
            "0: call mutex(this=$0); call lock(this=$0->mutex_); call pointer(this=$0); "
            "call unlock(this=$0->mutex_); -> end\n"
            "end: \n");
}

TEST(Objects, ReferenceToAFlag) {
  EXPECT_EQ(skeleton(R"(
void set(bool &flag);
void test() { bool co = in_coroutine(); set(co); if (co) work(1); })"),
            "0: call in_coroutine(); call set(); if ? -> 1 else end\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Objects, LambdaThatChangesAFlag) {
  EXPECT_EQ(skeleton(R"(
void test() { bool co = in_coroutine(); auto change = [&] { co = true; };
  change(); if (co) work(1); })"),
            "0: call in_coroutine(); call operator()(this=%change); if ? -> 1 else end\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Objects, Throw) {
  EXPECT_EQ(skeleton(R"(void test(bool x) { if (x) throw 1; work(1); })"),
            "0: if x -> end else 1\n"
            "1: call work(0=1); -> end\n"
            "end: \n");
}

TEST(Objects, ReturnedInPlace) {
  EXPECT_EQ(skeleton(R"(
struct Lock { Lock(); Lock(const Lock &); ~Lock(); };
Lock test() { Lock lock; work(1); return lock; })"),
            "0: call Lock(this=%lock); call work(0=1); return; -> end\n"
            "end: \n");
}

} // namespace

} // namespace lockvet::extract
