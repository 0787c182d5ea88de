// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/stream.h"

#include "runtime/aio/co_socket.h"

#include <sys/socket.h>

namespace lockvet::runtime {

std::expected<size_t, std::error_code> SocketStream::co_receive(AioContext& context,
                                                                std::span<std::byte> to) {
  return runtime::co_receive(context, socket_.get(), to);
}

std::error_code SocketStream::co_send(AioContext& context, std::span<iovec> pieces) {
  return runtime::co_send(context, socket_.get(), pieces);
}

void SocketStream::shut_down_receiving() noexcept {
  shutdown(socket_.get(), SHUT_RD);
}

void SocketStream::shut_down() noexcept {
  shutdown(socket_.get(), SHUT_RDWR);
}

} // namespace lockvet::runtime
