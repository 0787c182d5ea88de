// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/machine_context.h"

#if defined(__x86_64__)

#include <cstdint>

namespace lockvet::runtime {

void NativeSwitch::make(Context& context, void* stack_top, size_t, ContextEntry entry) noexcept {
  // At its first instruction a function expects a return address at a multiple of 16, plus 8. It is
  // 0, which is where those who unwind the stack stop.
  const uintptr_t top = reinterpret_cast<uintptr_t>(stack_top) & ~uintptr_t{15};
  auto* const return_address = reinterpret_cast<uintptr_t*>(top - sizeof(uintptr_t));
  *return_address = 0;
  context = {.stack_pointer = return_address,
             .frame_pointer = nullptr,
             .continue_at = reinterpret_cast<void*>(entry)};
}

} // namespace lockvet::runtime

#endif
