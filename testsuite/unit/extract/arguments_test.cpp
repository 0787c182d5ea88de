// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is handed to a call: constants, parameters, functions, and the objects that paths name.

#include "fixture.h"

#include <gtest/gtest.h>

namespace lockvet::extract {

namespace {

const std::string kPrelude = R"(
typedef _Bool bool;
struct Mutex { int locked; };
struct State { struct Mutex lock; struct State *parent; union { struct Mutex inner; int raw; };
               struct Mutex locks[4]; void *opaque; };
struct Mutex big;
enum Mode { READ, WRITE };
void lock(struct Mutex *mutex);
void takes(struct State *state, int number, bool flag, void (*callback)(int));
void work(int x);
)";

std::string skeleton(const char* code) {
  return skeletonOf(kPrelude + code, Language::C);
}

TEST(Arguments, Constants) {
  EXPECT_EQ(skeleton(R"(
void mode(enum Mode mode, char c, long n);
void test(void) { mode(WRITE, 'c', -5); mode(READ, 0, 1 + 1); })"),
            "0: call mode(0=1, 2=-5); call mode(0=0, 1=0); -> end\n"
            "end: \n");
}

// Integers are handed on as parameters; a changed one is another value.
TEST(Arguments, Parameters) {
  EXPECT_EQ(skeleton(R"(
void test(int n, bool flag, struct State *state) { takes(state, n, flag, 0);
  takes(state, n + 1, !flag, 0); })"),
            "0: call takes(0=$2, 1=$0, 2=$1, 3=0); call takes(0=$2, 3=0); -> end\n"
            "end: \n");
}

TEST(Arguments, NullPointers) {
  EXPECT_EQ(skeleton(R"(
void name(const char *name, void *opaque);
void test(void) { takes((void *)0, 1, 1, (void (*)(int))0); name("a", (void *)0); name(0, &big); })"),
            "0: call takes(0=0, 1=1, 2=1, 3=0); call name(1=0); call name(0=0, 1=big); -> end\n"
            "end: \n");
}

// What an inline function hands back is its argument or a part of it; a part that is all of its
// record is that record.
TEST(Arguments, HandedBack) {
  EXPECT_EQ(skeleton(R"(
struct Spin { union { struct Mutex whole; int raw; }; };
struct Disk { struct Spin spin; struct Mutex mutex; struct Mutex *other; };
static inline struct Mutex *check(struct Spin *spin) { return &spin->whole; }
static inline struct Mutex *mutex_of(struct Disk *disk) { return disk ? &disk->mutex : 0; }
static inline struct Mutex *other_of(struct Disk *disk) { return disk->other; }
static inline struct Mutex *the_big(void) { return &big; }
static inline struct Mutex *either(struct Disk *disk, int n) { return n ? &disk->mutex : &big; }
struct Mutex *unknown(struct Disk *disk);
void test(struct Disk *disk) { lock(check(&disk->spin)); lock(mutex_of(disk));
  lock(other_of(disk)); lock(((void)0, the_big())); lock(either(disk, 1)); lock(unknown(disk)); })"),
            "0: call check(0=$0->spin); call lock(0=$0->spin); call mutex_of(0=$0); "
            "call lock(0=$0->mutex); call other_of(0=$0); call lock(0=$0->other); call the_big(); "
            "call lock(0=big); call either(0=$0, 1=1); call lock(); call unknown(0=$0); "
            "call lock(); -> end\n"
            "end: \n");
}

// One of them happens.
TEST(Arguments, EitherCallee) {
  EXPECT_EQ(skeleton(R"(
void unlock(struct Mutex *mutex);
void test(struct State *state, bool flag) { (flag ? lock : unlock)(&state->lock); })"),
            "0: call lock(0=$0->lock); or call unlock(0=$0->lock); -> end\n"
            "end: \n");
}

TEST(Arguments, Functions) {
  EXPECT_EQ(skeleton(R"(
void test(struct State *state) { takes(state, 0, 1, work);
  takes(state, 0, 1, &work); })"),
            "0: call takes(0=$0, 1=0, 2=1, 3=&work); call takes(0=$0, 1=0, 2=1, 3=&work); -> end\n"
            "end: \n");
}

// Address-of and dereference leave no trace.
TEST(Arguments, Members) {
  EXPECT_EQ(skeleton(R"(
void test(struct State *state) { lock(&state->lock); lock(&(*state).parent->lock); })"),
            "0: call lock(0=$0->lock); call lock(0=$0->parent->lock); -> end\n"
            "end: \n");
}

TEST(Arguments, UnnamedMembers) {
  EXPECT_EQ(skeleton(R"(void test(struct State *state) { lock(&state->inner); })"),
            "0: call lock(0=$0->inner); -> end\n"
            "end: \n");
}

// Which element is not told apart.
TEST(Arguments, Elements) {
  EXPECT_EQ(skeleton(R"(
void test(struct State *state, int i) { lock(&state->locks[i]);
  lock(state->locks); })"),
            "0: call lock(0=$0->locks[]); call lock(0=$0->locks); -> end\n"
            "end: \n");
}

TEST(Arguments, Globals) {
  EXPECT_EQ(skeleton(R"(void test(void) { lock(&big); })"), "0: call lock(0=big); -> end\n"
                                                            "end: \n");
}

TEST(Arguments, Locals) {
  EXPECT_EQ(skeleton(R"(
void test(void) { struct State state; lock(&state.lock); })"),
            "0: call lock(0=%state->lock); -> end\n"
            "end: \n");
}

TEST(Arguments, AliasesStandForWhatTheyPointTo) {
  EXPECT_EQ(skeleton(R"(
void test(struct State *state) { struct State *parent = state->parent;
  struct Mutex *mutex = &parent->lock; lock(mutex); })"),
            "0: call lock(0=$0->parent->lock); -> end\n"
            "end: \n");
}

TEST(Arguments, AVariableThatChangesIsNoAlias) {
  EXPECT_EQ(skeleton(R"(
void test(struct State *state) { for (struct State *s = state; s;
  s = s->parent) lock(&s->lock); })"),
            "0: set s = ?; -> 1\n"
            "1: if s -> 2 else end\n"
            "2: call lock(0=%s->lock); -> 3\n"
            "3: set s = ?; -> 1\n"
            "end: \n");
}

TEST(Arguments, AParameterThatChangesIsNoParameter) {
  EXPECT_EQ(skeleton(R"(
void test(struct State *state, int n) { state = state->parent; n++;
  lock(&state->lock); takes(state, n, 0, 0); })"),
            "0: call lock(0=%state->lock); call takes(0=%state, 2=0, 3=0); -> end\n"
            "end: \n");
}

TEST(Arguments, AddressTaken) {
  EXPECT_EQ(skeleton(R"(
void change(struct State **where);
void test(struct State *state) { struct State *s = state; change(&s);
  lock(&s->lock); })"),
            "0: call change(0=%s); call lock(0=%s->lock); -> end\n"
            "end: \n");
}

TEST(Arguments, ThroughCasts) {
  EXPECT_EQ(skeleton(R"(
void test(struct State *state) { lock(&((struct State *)state->opaque)->lock); })"),
            "0: call lock(0=$0->opaque->lock); -> end\n"
            "end: \n");
}

const std::string kGuards = R"(
struct Lockable { void *object; void (*lock)(void *); };
void lock_mutex(void *mutex);
static inline struct Lockable *locked(struct Lockable *x) { x->lock(x->object); return x; }
static inline struct Lockable *made(void *x, struct Lockable *l) { return x ? l : 0; }
static inline struct Lockable *next(struct Lockable *x) { return x + 1; }
static inline void unlock(struct Lockable **x) { lock(0); }
#define LOCKABLE(x) (&(struct Lockable){.object = (x), .lock = lock_mutex})
)";

// A wrapper made on the spot stands for what it wraps, and so does what hands it back.
TEST(Arguments, Wrappers) {
  EXPECT_EQ(skeleton((kGuards + R"(
void test(struct State *state) { locked(LOCKABLE(&state->lock));
  locked(made(&state->lock, LOCKABLE(&state->lock))); })")
                         .c_str()),
            "0: call locked(0=lock_mutex:$0->lock); call made(0=$0->lock, "
            "1=lock_mutex:$0->lock); call locked(0=lock_mutex:$0->lock); -> end\n"
            "end: \n");
}

TEST(Arguments, CleanupGuardsNameTheirLock) {
  EXPECT_EQ(skeleton((kGuards + R"(
struct State *find(void);
void test(void) { struct State *state = find();
  __attribute__((cleanup(unlock))) struct Lockable *guard = locked(LOCKABLE(&state->lock)); })")
                         .c_str()),
            "0: call find(); call locked(0=lock_mutex:%state->lock); call unlock(0="
            "lock_mutex:%state->lock); -> end\n"
            "end: \n");
}

// Its address is taken, so whether it is null is not followed; which lock it guards is.
TEST(Arguments, AGuardThatIsResetIsTheSame) {
  EXPECT_EQ(skeleton((kGuards + R"(
void test(struct State *state) {
  for (__attribute__((cleanup(unlock))) struct Lockable *guard = locked(LOCKABLE(&state->lock));
       guard; unlock(&guard), guard = 0) work(1); })")
                         .c_str()),
            "0: call locked(0=lock_mutex:$0->lock); -> 1\n"
            "1: if ? -> 2 else 4\n"
            "2: call work(0=1); -> 3\n"
            "3: call unlock(0=lock_mutex:$0->lock); -> 1\n"
            "4: call unlock(0=lock_mutex:$0->lock); -> end\n"
            "end: \n");
}

TEST(Arguments, WhatIsNotHandedBackIsAnotherObject) {
  EXPECT_EQ(skeleton((kGuards + R"(
void test(struct Lockable *all) { struct Lockable *second = next(all); locked(second); })")
                         .c_str()),
            "0: call next(0=$0); call locked(0=%second); -> end\n"
            "end: \n");
}

// An object without a type, as far as it is handed on.
TEST(Arguments, Opaque) {
  EXPECT_EQ(skeleton(R"(
void keep(void *opaque);
void *make(void);
void test(void *opaque) { void *other = make(); keep(opaque); keep(other); })"),
            "0: call make(); call keep(0=$0); call keep(); -> end\n"
            "end: \n");
}

// A guard object stands for the lock that its constructor was given.
TEST(Arguments, ScopedGuards) {
  EXPECT_EQ(skeletonOf(R"(
namespace std { struct mutex { void lock(); void unlock(); };
template <class M> struct unique_lock { unique_lock(M &m); ~unique_lock(); void unlock(); }; }
struct Cache { std::mutex mutex; };
struct __attribute__((scoped_lockable)) Guard { Guard(std::mutex *m); ~Guard(); };
void test(Cache &cache) { std::unique_lock<std::mutex> guard(cache.mutex); guard.unlock();
  Guard other(&cache.mutex); })",
                       Language::Cpp),
            "0: call unique_lock(this=$0->mutex, 0=$0->mutex); call unlock(this=$0->mutex); "
            "call Guard(this=$0->mutex, 0=$0->mutex); call ~Guard(this=$0->mutex); "
            "call ~unique_lock(this=$0->mutex); -> end\n"
            "end: \n");
}

TEST(Arguments, Indirect) {
  EXPECT_EQ(skeleton(R"(void test(void (*callback)(int)) { callback(1); })"),
            "0: call *callback(0=1); -> end\n"
            "end: \n");
}

} // namespace

} // namespace lockvet::extract
