// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/co_file.h"

#include "runtime/aio/transfer_completion.h"

#include <cerrno>

namespace lockvet::runtime {

namespace {

std::expected<size_t, std::error_code> outcome(int result) {
  if (result < 0)
    return std::unexpected(std::error_code(-result, std::generic_category()));
  return static_cast<size_t>(result);
}

} // namespace

std::expected<size_t, std::error_code> co_read_at(AioContext& context, int fd,
                                                  std::span<const iovec> to, uint64_t offset,
                                                  Coroutine::Place place) {
  int result = 0;
  do {
    TransferCompletion completion(place);
    if (!context.read_at(completion.transfer(), fd, to, offset))
      return outcome(-ENOSYS);
    result = completion.wait();
  } while (result == -EINTR);
  return outcome(result);
}

std::expected<size_t, std::error_code> co_write_at(AioContext& context, int fd,
                                                   std::span<const iovec> from, uint64_t offset,
                                                   int flags, Coroutine::Place place) {
  int result = 0;
  do {
    TransferCompletion completion(place);
    if (!context.write_at(completion.transfer(), fd, from, offset, flags))
      return outcome(-ENOSYS);
    result = completion.wait();
  } while (result == -EINTR);
  return outcome(result);
}

} // namespace lockvet::runtime
