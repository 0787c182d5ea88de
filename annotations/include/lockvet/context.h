// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Says where code runs and which thread owns data: a* context* is one event loop with one home
// thread, and being on that thread is a capability like a held lock, only that it costs nothing.
// The event loop's implementer owns the type and says who enters it; everybody else states what
// a function or a field needs.
//
// Works in C11 and C++17 and up; Clang checks each function, Lockvet's `context` rule the calls
// between them, through callbacks and other threads.

#ifndef LOCKVET_CONTEXT_H
#define LOCKVET_CONTEXT_H

#include <lockvet/thread_safety.h>

// -------------------------------------------------------------------------------------------------
// Contexts as capabilities
// -------------------------------------------------------------------------------------------------

// LV_CONTEXT
//
// The type is an event loop: holding it means to be on its home thread.
//
//     struct LV_CONTEXT AioContext { int epoll_fd; };
//     class LV_CONTEXT Reactor;
#define LV_CONTEXT LV_CAPABILITY("context")

// LV_REQUIRES_CONTEXT(...)
//
// Must run at the home thread of this context.
//
//     void queue_process(struct Queue* q) LV_REQUIRES_CONTEXT(q->ctx);
//     void timer_fire(struct AioContext* ctx) LV_REQUIRES_CONTEXT(ctx);
#define LV_REQUIRES_CONTEXT(...) LV_REQUIRES(__VA_ARGS__)

// LV_EXCLUDES_CONTEXT(...)
//
// Must not run at the home thread of this context, because it waits for something that is done
// there.
//
//     void wait_for_completion(struct Queue* q) LV_EXCLUDES_CONTEXT(q->ctx);
//     void worker_join(struct Worker* w) LV_EXCLUDES_CONTEXT(w->ctx);
#define LV_EXCLUDES_CONTEXT(...) LV_EXCLUDES(__VA_ARGS__)

// LV_ENTER_CONTEXT(...), LV_LEAVE_CONTEXT(...)
//
// After the first the caller is at this home thread, after the second it no longer is. For the loop
// itself, and, both on one function, for a coroutine that moves from one context to another.
//
//     void loop_begin(struct AioContext* ctx) LV_ENTER_CONTEXT(ctx);
//     void co_move(struct AioContext* from, struct AioContext* to)
//         LV_LEAVE_CONTEXT(from) LV_ENTER_CONTEXT(to);
#define LV_ENTER_CONTEXT(...) LV_ACQUIRE(__VA_ARGS__)
#define LV_LEAVE_CONTEXT(...) LV_RELEASE(__VA_ARGS__)

// LV_ASSERT_CONTEXT(...)
//
// Checks while the program runs that it is at this home thread, and doesn't return if it isn't.
// A callback that the loop calls through a plain pointer begins with such a call.
//
//     void assert_home(struct AioContext* ctx) LV_ASSERT_CONTEXT(ctx);
#define LV_ASSERT_CONTEXT(...) LV_ASSERT_CAPABILITY(__VA_ARGS__)

// LV_OWNED_BY_CONTEXT(x)
//
// The data belongs to the home thread of context x and is used there without any lock.
//
//     struct Queue { struct AioContext* ctx; int in_flight LV_OWNED_BY_CONTEXT(ctx); };
#define LV_OWNED_BY_CONTEXT(x) LV_GUARDED_BY(x)

// -------------------------------------------------------------------------------------------------
// The main loop
// -------------------------------------------------------------------------------------------------

#if defined(__cplusplus)
extern "C" {
#endif

// The role of the thread that may change global state. Like the graph lock it is a name in
// contracts, is never read or written, and needs no definition.
struct LV_CAPABILITY("role") lockvet_role;
extern struct lockvet_role lockvet_main_loop;

#if defined(__cplusplus)
}
#endif

// LV_MAIN_LOOP
//
// The function runs in the main loop, and its callers know it. Data of the main loop is
// LV_OWNED_BY_CONTEXT(lockvet_main_loop), and so are function pointers to such functions.
//
//     void LV_MAIN_LOOP device_plug(struct Device* d);
//     static int device_count LV_OWNED_BY_CONTEXT(lockvet_main_loop);
#define LV_MAIN_LOOP LV_REQUIRES(lockvet_main_loop)

// -------------------------------------------------------------------------------------------------
// Statements at the top of a body
// -------------------------------------------------------------------------------------------------

// What the statements below call. They are calls, and not attributes, because the claim is about
// the body from this line on. The functions are empty and always inlined: they leave no trace in
// a program, and for Lockvet a call is an event at a place in the control flow.
#if defined(__GNUC__)
#define LV_IMPL_MARKER static inline __attribute__((always_inline))
#else
#define LV_IMPL_MARKER static inline
#endif

LV_IMPL_MARKER void lockvet_global_state_code(void) LV_ASSERT_CAPABILITY(lockvet_main_loop) {}
LV_IMPL_MARKER void lockvet_io_code(void) {}
LV_IMPL_MARKER void lockvet_io_or_gs_code(void) {}

// LV_CHECK_MAIN_LOOP()
//
// An expression that LV_GLOBAL_STATE_CODE() evaluates, for a program that can tell at run time
// whether it is in its main loop. Define it before this header is included; it does nothing else.
//
//     #define LV_CHECK_MAIN_LOOP() assert(in_main_thread())
#if !defined(LV_CHECK_MAIN_LOOP)
#define LV_CHECK_MAIN_LOOP() ((void)0)
#endif

// LV_GLOBAL_STATE_CODE()
//
// From here on the body is in the main loop: Clang takes the role as held, Lockvet reports every
// path on which I/O code or another thread gets here.
//
//     void device_list_clear(void) { LV_GLOBAL_STATE_CODE(); device_count = 0; }
#define LV_GLOBAL_STATE_CODE()                                                                     \
  do {                                                                                             \
    LV_CHECK_MAIN_LOOP();                                                                          \
    lockvet_global_state_code();                                                                   \
  } while (0)

// LV_IO_CODE()
//
// The body runs in any thread, so it may not call what is bound to the main loop.
//
//     void queue_kick(struct Queue* q) { LV_IO_CODE(); notify(q); }
#define LV_IO_CODE() lockvet_io_code()

// LV_IO_OR_GS_CODE()
//
// The body runs in the main loop or in the home thread of the object's own context.
//
//     int disk_length(struct Disk* d) { LV_IO_OR_GS_CODE(); return d->length; }
#define LV_IO_OR_GS_CODE() lockvet_io_or_gs_code()

#endif // LOCKVET_CONTEXT_H
