// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A label is a word that a declaration says about itself and that only Lockvet reads.
// The declaration's owner puts it there; it needs no lock and no context, and it costs nothing:
// outside the analyzer it expands to nothing at all.
//
// Works in C11 and C++17 and up. The other headers of this library build on it.

#ifndef LOCKVET_LABEL_H
#define LOCKVET_LABEL_H

// LV_LABEL("name")
//
// Gives the declaration a label that rules, queries and `.lockvet.yaml` can name. It stands where
// `static` or a return type stands, or after a parameter list, on a function, a function pointer
// field, a typedef, a parameter or a variable.
//
// Example:
//
//     int LV_LABEL("blocking") read_config(const char* path);
//     typedef void LV_LABEL("atomic") IrqHandler(void* opaque);
//
// Only under `__LOCKVET__`, which the analyzer (a Clang) defines, because compilers lower the
// `annotate` attribute into their intermediate code, where it can stop an optimisation: a marker
// must never change the program it describes. The cost is that tools other than Lockvet don't see
// labels.
#if defined(__LOCKVET__) && defined(__clang__)
#define LV_LABEL(name) __attribute__((annotate(name)))
#else
#define LV_LABEL(name)
#endif

#endif // LOCKVET_LABEL_H
