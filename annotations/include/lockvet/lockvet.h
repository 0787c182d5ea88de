// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All of Lockvet's annotations in one include, for code that uses several kinds of them. Each
// header stands alone too, and a public header of a library does well to include only what it uses.
// The opt-in bare names of <lockvet/qemu_names.h> are not here.
//
// Works in C11 and C++17 and up.

#ifndef LOCKVET_LOCKVET_H
#define LOCKVET_LOCKVET_H

#include <lockvet/context.h>
#include <lockvet/coroutine.h>
#include <lockvet/graph_lock.h>
#include <lockvet/guards.h>
#include <lockvet/label.h>
#include <lockvet/thread_safety.h>

#if defined(__cplusplus)
#include <lockvet/guards.hpp>
#endif

#endif // LOCKVET_LOCKVET_H
