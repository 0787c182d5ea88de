// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The world that most tests of the rules live in: a disk that is read in coroutines and outside,
// the predicate that tells which, and a library that makes coroutines. Nothing here has a body, so
// nothing here is ever found.

#pragma once

#include <assert.h>
#include <lockvet/qemu_names.h>
#include <stdbool.h>
#include <stddef.h>

bool qemu_in_coroutine(void);

// For coroutines only, and for everybody else only.
int coroutine_fn co_read(void);
int coroutine_fn co_flush(void);
void coroutine_fn co_yield_once(void);
int no_coroutine_fn sync_read(void);
int no_coroutine_fn sync_flush(void);

// Says nothing, and works anywhere.
int plain_read(void);

// Starting coroutines.
typedef void coroutine_fn CoroutineEntry(void *opaque);
struct Coroutine;
struct Coroutine *qemu_coroutine_create(CoroutineEntry *entry, void *opaque);
void qemu_coroutine_enter(struct Coroutine *co);
void poll_event_loop(void);
