// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/machine_context.h"

#if defined(__x86_64__)

#include <cstdint>

namespace lockvet::runtime {

void NativeSwitch::make(Context& context, void* stack_top, size_t,
                        void LV_COROUTINE_FN (*entry)(void* data)) noexcept {
  // At its first instruction a function expects a return address at a multiple of 16, plus 8. It is
  // 0, which is where those who unwind the stack stop.
  char* const top = static_cast<char*>(stack_top) - reinterpret_cast<uintptr_t>(stack_top) % 16;
  auto* const return_address = reinterpret_cast<uintptr_t*>(top) - 1;
  *return_address = 0;
  context = {.stack_pointer = return_address,
             .frame_pointer = nullptr,
             .continue_at = reinterpret_cast<void*>(entry)};
}

} // namespace lockvet::runtime

#endif
