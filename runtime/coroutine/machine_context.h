// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The switch from one stack to another, and nothing else: no pool, no state, no checks. Coroutine
// is its only user. A Context is where a stack was left; it belongs to whoever holds it, and any
// thread may jump to it, once.
//
// There are two with one interface. NativeSwitch is for x86-64 and leaves the floating-point
// control words alone: a call preserves them anyway, and loading MXCSR costs ten times as much as
// the rest of a switch where the sticky flags of the two sides differ. BoostSwitch is
// Boost.Context's, which saves and loads them; it is for other machines.

#ifndef LOCKVET_RUNTIME_COROUTINE_MACHINE_CONTEXT_H
#define LOCKVET_RUNTIME_COROUTINE_MACHINE_CONTEXT_H

#include <cstddef>
#include <lockvet/coroutine.h>

namespace lockvet::runtime {

// The entry of a context is the first function on its stack, with what the first jump to it sends.
// It never returns: there is nothing to return to.

struct BoostSwitch {
  struct Context {
    void* place = nullptr;
  };
  // Makes `context` the top of a stack, which grows down; the first jump to it calls `entry`.
  static void make(Context& context, void* stack_top, size_t stack_size,
                   void LV_COROUTINE_FN (*entry)(void* data)) noexcept;
  // Leaves for `to`, and notes in `from` where. Returns what the one who jumps back sends.
  static void* jump(Context& from, Context& to, void* data) noexcept;
};

#if defined(__x86_64__)
struct NativeSwitch {
  struct Context {
    void* stack_pointer = nullptr;
    void* frame_pointer = nullptr;
    void* continue_at = nullptr;
  };
  static void make(Context& context, void* stack_top, size_t stack_size,
                   void LV_COROUTINE_FN (*entry)(void* data)) noexcept;
  [[gnu::always_inline]] static inline void* jump(Context& from, Context& to, void* data) noexcept;
};

// Inlined, and left by a jump, since processors predict returns from a stack of calls of their own,
// which a change of stacks puts out of step: each return that follows a switch is a miss.
//
// What the System V calling convention (psABI for x86-64, section 3.2) has a call preserve is named
// as clobbered, so that the compiler saves what it needs; only rbp must be saved here, as it may be
// the frame pointer. A fresh context finds its argument in rdi, as if it were called.
inline void* NativeSwitch::jump(Context& from, Context& to, void* data) noexcept {
  Context* leaving = &from;
  Context* entering = &to;
  asm volatile("leaq 1f(%%rip), %%rax\n\t"
               "movq %%rsp, (%%rsi)\n\t"
               "movq %%rbp, 8(%%rsi)\n\t"
               "movq %%rax, 16(%%rsi)\n\t"
               "movq (%%rdx), %%rsp\n\t"
               "movq 8(%%rdx), %%rbp\n\t"
               "jmpq *16(%%rdx)\n"
               "1:"
               : "+D"(data), "+S"(leaving), "+d"(entering)
               :
               : "rax", "rbx", "rcx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
                 "memory", "cc", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)",
                 "st(7)", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
                 "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"
#if defined(__AVX512F__)
                 ,
                 "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24",
                 "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "k1", "k2", "k3",
                 "k4", "k5", "k6", "k7"
#endif
  );
  return data;
}

using Switch = NativeSwitch;
#else
using Switch = BoostSwitch;
#endif

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_MACHINE_CONTEXT_H
