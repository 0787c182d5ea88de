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
  explicit Stream(FileDescriptor socket) : socket_(std::move(socket)) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  // Both as co_receive() and co_send() of sockets.
  virtual std::expected<size_t, std::error_code> LV_COROUTINE_FN co_receive(AioContext& context,
                                                                            std::span<std::byte> to)
      LV_REQUIRES_CONTEXT(context);
  virtual std::error_code LV_COROUTINE_FN co_send(AioContext& context, std::span<iovec> pieces)
      LV_REQUIRES_CONTEXT(context);

  // Nothing more is received, or nothing at all goes any more. Ends what waits for it.
  void shut_down_receiving() noexcept;
  void shut_down() noexcept;

protected:
  int socket() const noexcept { return socket_.get(); }

private:
  const FileDescriptor socket_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_STREAM_H
