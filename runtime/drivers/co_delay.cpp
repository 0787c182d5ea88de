// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/co_delay.h"

#include "runtime/aio/co_wait.h"

namespace lockvet::runtime {

std::error_code co_delay(std::chrono::nanoseconds time) {
  auto* const context = dynamic_cast<AioContext*>(Coroutine::current()->home());
  if (context == nullptr)
    return std::make_error_code(std::errc::not_supported);
  context->assert_home();
  return co_sleep_until(*context, Clock::now() + time, nullptr);
}

} // namespace lockvet::runtime
