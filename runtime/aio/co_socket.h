// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coroutines that receive from a stream socket and send to it. The context is the coroutine's home,
// and one coroutine may receive while another sends. There is no cancellation: shutdown(2) of the
// socket, from anywhere, ends either; the descriptor stays open until both have returned, and is
// one that blocks: the kernel gives up at once at others.

#ifndef LOCKVET_RUNTIME_AIO_CO_SOCKET_H
#define LOCKVET_RUNTIME_AIO_CO_SOCKET_H

#include "runtime/aio/aio_context.h"

#include <expected>
#include <span>
#include <sys/uio.h>

namespace lockvet::runtime {

// Into memory that is not empty; none if the other side has ended its stream.
std::expected<size_t, std::error_code>
    LV_COROUTINE_FN co_receive(AioContext& context, int fd, std::span<std::byte> to,
                               Coroutine::Place place = Coroutine::Place::current())
        LV_REQUIRES_CONTEXT(context);

// All of it or an error. The list of pieces is used up.
std::error_code LV_COROUTINE_FN co_send(AioContext& context, int fd, std::span<iovec> pieces,
                                        Coroutine::Place place = Coroutine::Place::current())
    LV_REQUIRES_CONTEXT(context);

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_CO_SOCKET_H
