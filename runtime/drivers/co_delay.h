// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Has a request take time, in whatever context it is. For drivers that make others wait on purpose;
// they let go of the graph lock before.

#ifndef LOCKVET_RUNTIME_DRIVERS_CO_DELAY_H
#define LOCKVET_RUNTIME_DRIVERS_CO_DELAY_H

#include <chrono>
#include <lockvet/coroutine.h>
#include <system_error>

namespace lockvet::runtime {

// not_supported if the coroutine's home is no AioContext, which has the timers.
std::error_code LV_COROUTINE_FN co_delay(std::chrono::nanoseconds time);

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_CO_DELAY_H
