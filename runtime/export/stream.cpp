// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/stream.h"

#include "runtime/aio/co_socket.h"

#include <sys/socket.h>

namespace lockvet::runtime {

std::expected<size_t, std::error_code> Stream::co_receive(AioContext& context,
                                                          std::span<std::byte> to) {
  return runtime::co_receive(context, socket(), to);
}

std::error_code Stream::co_send(AioContext& context, std::span<iovec> pieces) {
  return runtime::co_send(context, socket(), pieces);
}

void Stream::shut_down_receiving() noexcept {
  shutdown(socket(), SHUT_RD);
}

void Stream::shut_down() noexcept {
  shutdown(socket(), SHUT_RDWR);
}

} // namespace lockvet::runtime
