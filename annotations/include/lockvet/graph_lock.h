// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Says what a function expects of the graph lock: the one reader/writer lock over the shape of a
// graph of nodes whose readers are many (coroutines in any thread) and whose single writer is the
// main loop. Who implements the lock owns the variable; everybody who walks or changes the graph
// marks functions with these. No context is needed to use a marker.
//
// Works in C11 and C++17 and up; Clang checks each function, Lockvet the whole program.
//
// The functions that take the lock are the implementer's, and say so with <lockvet/thread_safety.h>
// and <lockvet/coroutine.h>:
//
//     void LV_COROUTINE_FN graph_co_rdlock(void) LV_ACQUIRE_SHARED(graph_lock);
//     void LV_COROUTINE_FN graph_co_rdunlock(void) LV_RELEASE_SHARED(graph_lock);
//     void LV_NO_COROUTINE_FN graph_wrlock(void) LV_ACQUIRE(graph_lock);
//     void LV_NO_COROUTINE_FN graph_wrunlock(void) LV_RELEASE(graph_lock);

#ifndef LOCKVET_GRAPH_LOCK_H
#define LOCKVET_GRAPH_LOCK_H

#include <lockvet/thread_safety.h>

#if defined(__cplusplus)
extern "C" {
#endif

// The name of the lock in contracts. It is never read or written, so that a program links without
// defining it; an implementation that wants state in it completes the type and defines it.
struct LV_CAPABILITY("graph lock") lockvet_graph_lock;
extern struct lockvet_graph_lock graph_lock;

#if defined(__cplusplus)
}
#endif

// LV_GRAPH_RDLOCK
//
// The caller holds the graph lock for reading at least: the graph stays as it is during the call.
//
//     int LV_COROUTINE_FN LV_GRAPH_RDLOCK co_flush_all(Node* root);
//     bool LV_GRAPH_RDLOCK node_is_root(const Node* n);
#define LV_GRAPH_RDLOCK LV_REQUIRES_SHARED(graph_lock)

// LV_GRAPH_WRLOCK
//
// The caller holds the graph lock for writing: the function changes edges or nodes.
//
//     void LV_GRAPH_WRLOCK node_attach(Node* parent, Node* child);
//     void LV_GRAPH_WRLOCK node_replace(Node* from, Node* to);
#define LV_GRAPH_WRLOCK LV_REQUIRES(graph_lock)

// LV_GRAPH_UNLOCKED
//
// The caller doesn't hold the graph lock in any mode: the function takes it, drains, or polls, and
// would wait for its own caller.
//
//     void LV_GRAPH_UNLOCKED drain_begin(Node* n);
//     void LV_GRAPH_UNLOCKED node_close(Node* n);
#define LV_GRAPH_UNLOCKED LV_EXCLUDES(graph_lock)

// LV_GRAPH_RDLOCK_PTR, LV_GRAPH_WRLOCK_PTR, LV_GRAPH_UNLOCKED_PTR
//
// The same for function pointer fields, whose types can't carry a contract in Clang 22. The first
// two guard the reading of the pointer, so that a call through it without the lock is found. What
// they can't say to Clang is the mode, since reading needs no more than the lock shared, and for
// the third nothing at all: these two are for Lockvet, which gets them as labels.
//
//     struct Driver {
//       int LV_COROUTINE_FN LV_GRAPH_RDLOCK_PTR (*co_flush)(Node* n);
//       void LV_GRAPH_WRLOCK_PTR (*child_changed)(Node* n);
//       void LV_GRAPH_UNLOCKED_PTR (*drained)(Node* n);
//     };
//
// The lock is a global, which C could always name: so not by LV_GUARDED_BY, which some leave out.
#define LV_GRAPH_RDLOCK_PTR LV_IMPL_TSA(guarded_by(graph_lock)) LV_LABEL("graph_rdlock_ptr")
#define LV_GRAPH_WRLOCK_PTR LV_IMPL_TSA(guarded_by(graph_lock)) LV_LABEL("graph_wrlock_ptr")
#define LV_GRAPH_UNLOCKED_PTR LV_LABEL("graph_unlocked_ptr")

#endif // LOCKVET_GRAPH_LOCK_H
