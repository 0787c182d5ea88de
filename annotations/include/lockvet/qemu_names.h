// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bare names under which QEMU's tree knows these annotations, for code that is written in its
// style or moves between it and another tree. Opt-in, since it defines words without a prefix, in
// small letters too: only a program's own files include it, never a library's public header.
// Each name is explained at the macro that it stands for.
//
// Works in C11 and C++17 and up. Not together with QEMU's own definitions of the same names.

#ifndef LOCKVET_QEMU_NAMES_H
#define LOCKVET_QEMU_NAMES_H

#include <lockvet/context.h>
#include <lockvet/coroutine.h>
#include <lockvet/graph_lock.h>
#include <lockvet/thread_safety.h>

#if defined(coroutine_fn) || defined(TSA_REQUIRES) || defined(GRAPH_RDLOCK)
#error "lockvet/qemu_names.h takes the place of QEMU's own definitions; include one of the two"
#endif

// Coroutine markers: <lockvet/coroutine.h>
#define coroutine_fn LV_COROUTINE_FN
#define coroutine_mixed_fn LV_COROUTINE_MIXED_FN
#define no_coroutine_fn LV_NO_COROUTINE_FN

// Graph lock markers: <lockvet/graph_lock.h>
#define GRAPH_RDLOCK LV_GRAPH_RDLOCK
#define GRAPH_WRLOCK LV_GRAPH_WRLOCK
#define GRAPH_UNLOCKED LV_GRAPH_UNLOCKED
#define GRAPH_RDLOCK_PTR LV_GRAPH_RDLOCK_PTR
#define GRAPH_WRLOCK_PTR LV_GRAPH_WRLOCK_PTR
#define GRAPH_UNLOCKED_PTR LV_GRAPH_UNLOCKED_PTR

// Statements at the top of a body: <lockvet/context.h>. With QEMU's meaning of a main thread,
// define LV_CHECK_MAIN_LOOP() to be the assertion that its GLOBAL_STATE_CODE() makes.
#define GLOBAL_STATE_CODE() LV_GLOBAL_STATE_CODE()
#define IO_CODE() LV_IO_CODE()
#define IO_OR_GS_CODE() LV_IO_OR_GS_CODE()

// Thread safety analysis: <lockvet/thread_safety.h>
#define TSA(x) LV_IMPL_TSA(x)
#define TSA_CAPABILITY(x) LV_CAPABILITY(x)
#define TSA_GUARDED_BY(x) LV_GUARDED_BY(x)
#define TSA_PT_GUARDED_BY(x) LV_PT_GUARDED_BY(x)
#define TSA_REQUIRES(...) LV_REQUIRES(__VA_ARGS__)
#define TSA_REQUIRES_SHARED(...) LV_REQUIRES_SHARED(__VA_ARGS__)
#define TSA_EXCLUDES(...) LV_EXCLUDES(__VA_ARGS__)
#define TSA_ACQUIRE(...) LV_ACQUIRE(__VA_ARGS__)
#define TSA_ACQUIRE_SHARED(...) LV_ACQUIRE_SHARED(__VA_ARGS__)
#define TSA_RELEASE(...) LV_RELEASE(__VA_ARGS__)
#define TSA_RELEASE_SHARED(...) LV_RELEASE_SHARED(__VA_ARGS__)
#define TSA_ASSERT(...) LV_ASSERT_CAPABILITY(__VA_ARGS__)
#define TSA_ASSERT_SHARED(...) LV_ASSERT_SHARED_CAPABILITY(__VA_ARGS__)

// Has no place for a reason, so that the `escape-hatch` rule lists each use. New code says why, by
// LV_NO_THREAD_SAFETY_ANALYSIS.
#define TSA_NO_TSA LV_IMPL_TSA(no_thread_safety_analysis)

#endif // LOCKVET_QEMU_NAMES_H
