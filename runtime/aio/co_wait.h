// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a coroutine of an AioContext waits for: time, a file descriptor, its turn at another
// context. All need the context as the coroutine's home. Waits end with operation_canceled when the
// cancellation is requested, from any thread; it may be null.

#ifndef LOCKVET_RUNTIME_AIO_CO_WAIT_H
#define LOCKVET_RUNTIME_AIO_CO_WAIT_H

#include "runtime/aio/aio_context.h"
#include "runtime/coroutine/cancellation.h"

#include <expected>

namespace lockvet::runtime {

// Until then, or longer if the loop is busy.
std::error_code LV_COROUTINE_FN co_sleep_until(AioContext& context, Clock::time_point deadline,
                                               Cancellation* cancellation,
                                               Coroutine::Place place = Coroutine::Place::current())
    LV_REQUIRES_CONTEXT(context);

// Until one of the events of poll(2), which it returns. Nobody else watches the descriptor there.
std::expected<unsigned, std::error_code> LV_COROUTINE_FN
co_wait_fd(AioContext& context, int fd, unsigned events, Cancellation* cancellation,
           Coroutine::Place place = Coroutine::Place::current()) LV_REQUIRES_CONTEXT(context);

// Continues at the other context. False, and at the first one still, if that has ended. The
// analysis knows nobody to be in either place afterwards: assert_home() of the right one tells it.
[[nodiscard]] bool LV_COROUTINE_FN co_move(AioContext& from, AioContext& to,
                                           Coroutine::Place place = Coroutine::Place::current())
    LV_LEAVE_CONTEXT(from);

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_CO_WAIT_H
