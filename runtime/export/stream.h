// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an export and its client talk over: a socket, or TLS over one. The client's side of an
// export owns it and uses it in the thread of one context at a time, which it names in each call;
// one coroutine may receive while another sends.

#ifndef LOCKVET_RUNTIME_EXPORT_STREAM_H
#define LOCKVET_RUNTIME_EXPORT_STREAM_H

#include "runtime/aio/aio_context.h"
#include "runtime/aio/file_descriptor.h"

#include <expected>
#include <span>
#include <sys/uio.h>

namespace lockvet::runtime {

class Stream {
public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  // Both as co_receive() and co_send() of sockets.
  virtual std::expected<size_t, std::error_code> LV_COROUTINE_FN co_receive(AioContext& context,
                                                                            std::span<std::byte> to)
      LV_REQUIRES_CONTEXT(context) = 0;
  virtual std::error_code LV_COROUTINE_FN co_send(AioContext& context, std::span<iovec> pieces)
      LV_REQUIRES_CONTEXT(context) = 0;
  // Says farewell, if the stream has such a thing. When nobody receives or sends any more.
  virtual void LV_COROUTINE_FN co_finish(AioContext& context) LV_REQUIRES_CONTEXT(context) {
    (void)context;
  }

  // Nothing more is received, or nothing at all goes any more. Ends what waits for it.
  virtual void shut_down_receiving() noexcept = 0;
  virtual void shut_down() noexcept = 0;
};

class SocketStream final : public Stream {
public:
  explicit SocketStream(FileDescriptor socket) : socket_(std::move(socket)) {}

  std::expected<size_t, std::error_code> LV_COROUTINE_FN co_receive(AioContext& context,
                                                                    std::span<std::byte> to)
      LV_REQUIRES_CONTEXT(context) override;
  std::error_code LV_COROUTINE_FN co_send(AioContext& context, std::span<iovec> pieces)
      LV_REQUIRES_CONTEXT(context) override;
  void shut_down_receiving() noexcept override;
  void shut_down() noexcept override;

private:
  const FileDescriptor socket_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_STREAM_H
