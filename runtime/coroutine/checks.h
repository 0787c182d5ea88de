// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How misuse of the runtime is reported: at once, by a sentence that names both sides, and the end
// of the program. LOCKVET_RUNTIME_CHECKS is 1 in debug builds and 0 in others; the build sets it
// for the runtime and all who link it, since it changes the layout of types. Needs no lock.

#ifndef LOCKVET_RUNTIME_COROUTINE_CHECKS_H
#define LOCKVET_RUNTIME_COROUTINE_CHECKS_H

#include <source_location>
#include <string>

#if !defined(LOCKVET_RUNTIME_CHECKS)
#error "Link lockvet_coroutine: it says whether LOCKVET_RUNTIME_CHECKS is 0 or 1."
#endif

namespace lockvet::runtime {

// Whether this build looks for misuse. Code behind `if constexpr (checks)` costs nothing otherwise.
inline constexpr bool checks = LOCKVET_RUNTIME_CHECKS != 0;

// A place in the source, as "file.cpp:12 in function".
std::string describe(const std::source_location& place);

// Prints "lockvet runtime: " and the message on standard error, and aborts.
[[noreturn]] void misuse(const std::string& message);

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_CHECKS_H
