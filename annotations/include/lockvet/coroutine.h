// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Says of each function whether it runs in a coroutine, outside of one, or in either. Who owns the
// function writes the marker on its declaration, its definition and every function pointer that can
// hold it; the marker needs no lock, and is itself the statement of a context.
//
// Works in C11 and C++17 and up. Compilers see nothing here (see LV_LABEL): Lockvet checks it, by
// the rules `coroutine-call`, `no-coroutine-call`, `mixed-in-coroutine` and `pointer-annotation`.
//
// A coroutine here is a stackful one, that can suspend in the middle of a plain function call. So a
// function that may suspend looks like any other, and only its marker tells.
//
// Markers stand before the declared name, among `static` and the return type:
//
//     static int LV_COROUTINE_FN disk_read(Disk* d);         // function
//     int LV_COROUTINE_FN (*read)(Disk* d);                  // function pointer field
//     typedef void LV_COROUTINE_FN CoroutineEntry(void* p);  // function type
//     void each(Disk* d, int LV_COROUTINE_FN (*fn)(Disk*));  // parameter
//
// In C++ also on methods and, after the parameter list, on lambdas. A marker is not a part of the
// type: an unmarked pointer to a marked function compiles, and is what `pointer-annotation` finds.

#ifndef LOCKVET_COROUTINE_H
#define LOCKVET_COROUTINE_H

#include <lockvet/label.h>

// LV_COROUTINE_FN
//
// Runs only in a coroutine, and may suspend it. Only other such functions may call it, or code that
// has just found itself to be in a coroutine.
//
//     int LV_COROUTINE_FN co_pread(Disk* d, void* buf, size_t len);
//     void LV_COROUTINE_FN co_sleep_ns(int64_t ns);
#define LV_COROUTINE_FN LV_LABEL("coroutine_fn")

// LV_COROUTINE_MIXED_FN
//
// Works in a coroutine, where it may suspend, and outside, where it waits in another way.
//
//     int LV_COROUTINE_MIXED_FN channel_write(Channel* c, const void* buf, size_t len);
//     void LV_COROUTINE_MIXED_FN reply(Request* r);
#define LV_COROUTINE_MIXED_FN LV_LABEL("coroutine_mixed_fn")

// LV_NO_COROUTINE_FN
//
// Must not be called from a coroutine: it blocks the thread, or runs the event loop until something
// is done, and there is a function for coroutines to call instead. Together with
// LV_COROUTINE_MIXED_FN it says: works in both, but who knows to be in a coroutine calls the twin.
//
//     int LV_NO_COROUTINE_FN pread_sync(Disk* d, void* buf, size_t len);
//     int LV_NO_COROUTINE_FN LV_COROUTINE_MIXED_FN disk_flush(Disk* d);  // twin: co_disk_flush
#define LV_NO_COROUTINE_FN LV_LABEL("no_coroutine_fn")

#endif // LOCKVET_COROUTINE_H
