// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coroutines that read and write a file at an offset by their loop's ring, without system calls or
// threads of their own. The context is the coroutine's home. There is no cancellation; descriptor,
// pieces and memory stay until they return.

#ifndef LOCKVET_RUNTIME_AIO_CO_FILE_H
#define LOCKVET_RUNTIME_AIO_CO_FILE_H

#include "runtime/aio/aio_context.h"

#include <expected>
#include <span>
#include <sys/uio.h>

namespace lockvet::runtime {

// Bytes, which may be fewer than there is memory for: none at the end of the file. The error is
// function_not_supported if the loop has no ring, and a thread has to do it.
std::expected<size_t, std::error_code> LV_COROUTINE_FN
co_read_at(AioContext& context, int fd, std::span<const iovec> to, uint64_t offset,
           Coroutine::Place place = Coroutine::Place::current()) LV_REQUIRES_CONTEXT(context);

// The same, with RWF_* of pwritev2(2).
std::expected<size_t, std::error_code> LV_COROUTINE_FN
co_write_at(AioContext& context, int fd, std::span<const iovec> from, uint64_t offset, int flags,
            Coroutine::Place place = Coroutine::Place::current()) LV_REQUIRES_CONTEXT(context);

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_CO_FILE_H
