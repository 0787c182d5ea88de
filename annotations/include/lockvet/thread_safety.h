// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Says which lock guards which data, and what each function does to locks, so that Clang's Thread
// Safety Analysis checks it in one function at a time and Lockvet across the whole program.
// The owner of the lock or the data writes these on the declaration that others see. They need no
// lock and no context themselves, generate no code, and expand to nothing where Clang is absent.
//
// Works in C11 and C++17 and up; turn checks on with -Wthread-safety (-Wthread-safety-beta adds
// the order of locks).
//
// A* capability* is whatever a thread has to hold: a mutex, a reader/writer lock, a role such as
// "runs in the main loop". It is held* exclusively* (one holder, may write) or* shared* (many
// holders, may only read). Where a macro takes capabilities, it takes expressions that name them:
// a variable, a member, `obj->lock`, a parameter. Pointers and references to a capability stand
// for the capability itself.
//
// Where to write them:
//
//   - On a function, after the parameter list. In C this is the only place from which an
//     expression can name a parameter. Expressions made of globals may also stand before the name.
//   - On the declaration in the header. A compiler doesn't compare it with the definition, and
//     callers in other files see only the header.
//   - GCC builds see nothing, so that a definition may carry them too.

#ifndef LOCKVET_THREAD_SAFETY_H
#define LOCKVET_THREAD_SAFETY_H

#include <lockvet/label.h>

#if defined(__clang__)
#define LV_IMPL_TSA(...) __attribute__((__VA_ARGS__))
#else
#define LV_IMPL_TSA(...)
#endif

// Clang 21 brought this attribute, which so tells newer compilers from older ones, also where the
// version numbers are a vendor's own.
#if defined(__clang__) && defined(__has_attribute)
#if __has_attribute(reentrant_capability)
#define LV_IMPL_SINCE_CLANG_21
#endif
#endif

// What stands on data. In C, Clang takes a bare member name in guarded_by() for a variable of that
// name, which nobody can ever hold. `*&member` makes it "that member of any object of this struct",
// which can be held and is the nearest that C has; before Clang 21, C can't name members at all. In
// C++ the bare name means this object's member already.
#if defined(__cplusplus)
#define LV_IMPL_GUARD_DATA(attribute, x) LV_IMPL_TSA(attribute(x))
#define LV_IMPL_ORDER_DATA(attribute, ...) LV_IMPL_TSA(attribute(__VA_ARGS__))
#elif defined(LV_IMPL_SINCE_CLANG_21)
#define LV_IMPL_GUARD_DATA(attribute, x) LV_IMPL_TSA(attribute(*&x))
#define LV_IMPL_ORDER_DATA(attribute, ...) LV_IMPL_TSA(attribute(__VA_ARGS__))
#else
#define LV_IMPL_GUARD_DATA(attribute, x)
#define LV_IMPL_ORDER_DATA(attribute, ...)
#endif

// -------------------------------------------------------------------------------------------------
// Types
// -------------------------------------------------------------------------------------------------

// LV_CAPABILITY("mutex")
//
// The type is a capability. The word is how diagnostics call it: "mutex", "role", "graph lock".
//
//     struct LV_CAPABILITY("mutex") Mutex { int state; };
//     typedef struct { int state; } LV_CAPABILITY("mutex") SpinLock;
#define LV_CAPABILITY(name) LV_IMPL_TSA(capability(name))

// LV_SHARED_CAPABILITY("role")
//
// The same with the older spelling that Clang keeps for types that are mostly held shared. Clang 22
// treats both alike; new code has no need of it.
//
//     struct LV_SHARED_CAPABILITY("epoch") Epoch { unsigned long now; };
#define LV_SHARED_CAPABILITY(name) LV_IMPL_TSA(shared_capability(name))

// LV_REENTRANT_CAPABILITY
//
// One holder may acquire the capability again and must release it as often. Stands beside
// LV_CAPABILITY. Compilers before Clang 21 don't know it and would call each nested lock an error,
// which is what they did before the attribute existed.
//
//     struct LV_CAPABILITY("mutex") LV_REENTRANT_CAPABILITY RecMutex { int depth; };
#if defined(LV_IMPL_SINCE_CLANG_21)
#define LV_REENTRANT_CAPABILITY LV_IMPL_TSA(reentrant_capability)
#else
#define LV_REENTRANT_CAPABILITY
#endif

// LV_SCOPED_CAPABILITY
//
// The class is a guard: its constructor acquires what LV_ACQUIRE on it says, its destructor, marked
// LV_RELEASE(), gives back whatever is still held. C has no constructors: see <lockvet/guards.h>.
//
//     class LV_SCOPED_CAPABILITY Guard {
//       explicit Guard(Mutex& m) LV_ACQUIRE(m);
//       ~Guard() LV_RELEASE();
//     };
#define LV_SCOPED_CAPABILITY LV_IMPL_TSA(scoped_lockable)

// -------------------------------------------------------------------------------------------------
// Data
// -------------------------------------------------------------------------------------------------

// LV_GUARDED_BY(x)
//
// Reading the field or global variable needs x held, shared at least; writing needs it exclusively.
// Two of them on one variable need both. On a function pointer it guards the reading of the
// pointer, and so every call through it.
//
// `x` names the lock itself, never its address. In C, a lock beside it in the same struct must be
// declared above it (or -fexperimental-late-parse-attributes be given), and is matched by member
// and not by object: holding `b->lock` satisfies `a->value`. C++ tells the two apart. In C before
// Clang 21, it and the order of locks below say nothing.
//
//     struct Account { struct Mutex lock; long balance LV_GUARDED_BY(lock); };
#define LV_GUARDED_BY(x) LV_IMPL_GUARD_DATA(guarded_by, x)

// LV_PT_GUARDED_BY(x)
//
// The same for what the pointer points to; the pointer itself stays free.
//
//     struct Buffer* shared_buffer LV_PT_GUARDED_BY(buffer_lock);
#define LV_PT_GUARDED_BY(x) LV_IMPL_GUARD_DATA(pt_guarded_by, x)

// LV_ACQUIRED_BEFORE(...), LV_ACQUIRED_AFTER(...)
//
// The order in which this lock and others are taken when both are held. Saying it on one of the two
// is enough. Clang checks the order only with -Wthread-safety-beta; Lockvet infers it as well.
//
//     struct Mutex table_lock;
//     struct Mutex entry_lock LV_ACQUIRED_AFTER(table_lock);
#define LV_ACQUIRED_BEFORE(...) LV_IMPL_ORDER_DATA(acquired_before, __VA_ARGS__)
#define LV_ACQUIRED_AFTER(...) LV_IMPL_ORDER_DATA(acquired_after, __VA_ARGS__)

// -------------------------------------------------------------------------------------------------
// Functions: what the caller holds
// -------------------------------------------------------------------------------------------------

// LV_REQUIRES(...), LV_REQUIRES_SHARED(...)
//
// The caller holds these, exclusively or at least shared, on entry and still on return.
//
// LV_REQUIRES(!&mu) is the opposite: that the caller doesn't hold it is a requirement which, unlike
// LV_EXCLUDES, each caller has to make in its turn; -Wthread-safety-negative asks for it wherever
// the lock is taken.
//
//     void account_add(struct Account* a, long n) LV_REQUIRES(a->lock);
//     long account_read(struct Account* a) LV_REQUIRES_SHARED(a->lock);
#define LV_REQUIRES(...) LV_IMPL_TSA(requires_capability(__VA_ARGS__))
#define LV_REQUIRES_SHARED(...) LV_IMPL_TSA(requires_shared_capability(__VA_ARGS__))

// LV_EXCLUDES(...)
//
// The caller must not hold these: the function takes them itself, or waits for who holds them.
// Clang checks direct callers only, since an unmarked caller promises nothing to its own callers;
// Lockvet follows calls to any depth.
//
//     void account_audit(struct Account* a) LV_EXCLUDES(a->lock);
#define LV_EXCLUDES(...) LV_IMPL_TSA(locks_excluded(__VA_ARGS__))

// -------------------------------------------------------------------------------------------------
// Functions: what the function does to locks
// -------------------------------------------------------------------------------------------------

// LV_ACQUIRE(...), LV_ACQUIRE_SHARED(...)
//
// The caller doesn't hold these before and does after. Without arguments, on a method: the object.
//
//     void mutex_lock(struct Mutex* m) LV_ACQUIRE(*m);
//     void rwlock_rdlock(struct RwLock* l) LV_ACQUIRE_SHARED(*l);
#define LV_ACQUIRE(...) LV_IMPL_TSA(acquire_capability(__VA_ARGS__))
#define LV_ACQUIRE_SHARED(...) LV_IMPL_TSA(acquire_shared_capability(__VA_ARGS__))

// LV_RELEASE(...), LV_RELEASE_SHARED(...), LV_RELEASE_GENERIC(...)
//
// The caller holds these before and doesn't after. The generic one takes either mode: for locks
// with a single unlock function, and for a guard's destructor when both modes can end there.
//
//     void mutex_unlock(struct Mutex* m) LV_RELEASE(*m);
//     void rwlock_rdunlock(struct RwLock* l) LV_RELEASE_SHARED(*l);
//     void rwlock_unlock(struct RwLock* l) LV_RELEASE_GENERIC(*l);
#define LV_RELEASE(...) LV_IMPL_TSA(release_capability(__VA_ARGS__))
#define LV_RELEASE_SHARED(...) LV_IMPL_TSA(release_shared_capability(__VA_ARGS__))
#define LV_RELEASE_GENERIC(...) LV_IMPL_TSA(release_generic_capability(__VA_ARGS__))

// LV_TRY_ACQUIRE(success, ...), LV_TRY_ACQUIRE_SHARED(success, ...)
//
// The function may acquire these, and its result says whether it did: `success` is the value it
// returns then. The caller has to branch on the result for the analysis to follow.
//
//     bool mutex_trylock(struct Mutex* m) LV_TRY_ACQUIRE(true, *m);
//     int rwlock_tryrdlock(struct RwLock* l) LV_TRY_ACQUIRE_SHARED(0, *l);
#define LV_TRY_ACQUIRE(...) LV_IMPL_TSA(try_acquire_capability(__VA_ARGS__))
#define LV_TRY_ACQUIRE_SHARED(...) LV_IMPL_TSA(try_acquire_shared_capability(__VA_ARGS__))

// LV_ASSERT_CAPABILITY(...), LV_ASSERT_SHARED_CAPABILITY(...)
//
// The function checks while the program runs that these are held, and doesn't return if they
// aren't; after the call the analysis takes them as held. A function that checks nothing is a way
// around the analysis: Lockvet's `escape-hatch` rule lists it.
//
//     void mutex_assert_held(struct Mutex* m) LV_ASSERT_CAPABILITY(*m);
//     void rwlock_assert_reader(struct RwLock* l) LV_ASSERT_SHARED_CAPABILITY(*l);
#define LV_ASSERT_CAPABILITY(...) LV_IMPL_TSA(assert_capability(__VA_ARGS__))
#define LV_ASSERT_SHARED_CAPABILITY(...) LV_IMPL_TSA(assert_shared_capability(__VA_ARGS__))

// LV_RETURN_CAPABILITY(x)
//
// The function returns x, or a pointer or reference to it, without acquiring it, so that locking
// the result is locking x.
//
//     struct Mutex* account_lock(struct Account* a) LV_RETURN_CAPABILITY(a->lock);
#define LV_RETURN_CAPABILITY(x) LV_IMPL_TSA(lock_returned(x))

// -------------------------------------------------------------------------------------------------
// The way out
// -------------------------------------------------------------------------------------------------

// LV_NO_THREAD_SAFETY_ANALYSIS("reason")
//
// Turns Clang's analysis off in the function's body; its declaration still binds its callers. The
// reason is a string literal that tells a reviewer why the body is right although it can't be
// checked. The analyzer gets it as the label "no_thread_safety_analysis:reason"; its `escape-hatch`
// rule reports where there is none, and where the body could be checked after all.
//
//     void mutex_lock(struct Mutex* m) LV_ACQUIRE(*m)
//         LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with atomics");
#define LV_NO_THREAD_SAFETY_ANALYSIS(reason)                                                       \
  LV_IMPL_TSA(no_thread_safety_analysis) LV_IMPL_REASON("" reason)

// Outside the analyzer the reason goes into an attribute that takes a string and generates nothing,
// so that the compiler rejects what is not a string literal.
#if defined(__LOCKVET__)
#define LV_IMPL_REASON(reason) LV_LABEL("no_thread_safety_analysis:" reason)
#elif defined(__clang__) && defined(__has_attribute)
#if __has_attribute(suppress)
#define LV_IMPL_REASON(reason) LV_IMPL_TSA(suppress(reason))
#endif
#endif
#if !defined(LV_IMPL_REASON)
#define LV_IMPL_REASON(reason)
#endif

#endif // LOCKVET_THREAD_SAFETY_H
