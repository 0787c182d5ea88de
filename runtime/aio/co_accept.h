// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A coroutine that waits for who connects to a socket. The context is its home, and it is the only
// one there that waits for that socket.

#ifndef LOCKVET_RUNTIME_AIO_CO_ACCEPT_H
#define LOCKVET_RUNTIME_AIO_CO_ACCEPT_H

#include "runtime/aio/aio_context.h"
#include "runtime/aio/listening_socket.h"
#include "runtime/coroutine/cancellation.h"

namespace lockvet::runtime {

// The next connection; operation_canceled when the stop is requested. What else is wrong, such as
// that the process has no descriptor left, is an error after a while, so that who tries again does
// not keep the loop busy.
std::expected<FileDescriptor, std::error_code> LV_COROUTINE_FN
co_accept(AioContext& context, const ListeningSocket& socket, Cancellation& stop,
          Coroutine::Place place = Coroutine::Place::current()) LV_REQUIRES_CONTEXT(context);

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_CO_ACCEPT_H
