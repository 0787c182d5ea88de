// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The server's side of TLS over another stream, by GnuTLS. GnuTLS gets its bytes from memory and
// puts them there, so that it never waits; coroutines wait for the stream below. Owned and used as
// any stream is.

#ifndef LOCKVET_RUNTIME_EXPORT_TLS_TLS_STREAM_H
#define LOCKVET_RUNTIME_EXPORT_TLS_TLS_STREAM_H

#include "runtime/coroutine/co_mutex.h"
#include "runtime/export/stream.h"
#include "runtime/export/tls/credentials.h"

#include <vector>

namespace lockvet::runtime {

class TlsStream final : public Stream {
public:
  // Before anything else: the handshake over a stream, of which these bytes were received already.
  // Whoever ends the stream below, or this one, meanwhile, ends it. The error is a sentence.
  static std::expected<std::unique_ptr<TlsStream>, std::string> LV_COROUTINE_FN
  co_accept(AioContext& context, std::unique_ptr<Stream> below, std::span<const std::byte> received,
            std::shared_ptr<const TlsCredentials> credentials) LV_REQUIRES_CONTEXT(context);
  ~TlsStream() override;

  std::expected<size_t, std::error_code> LV_COROUTINE_FN co_receive(AioContext& context,
                                                                    std::span<std::byte> to)
      LV_REQUIRES_CONTEXT(context) override;
  std::error_code LV_COROUTINE_FN co_send(AioContext& context, std::span<iovec> pieces)
      LV_REQUIRES_CONTEXT(context) override;
  void LV_COROUTINE_FN co_finish(AioContext& context) LV_REQUIRES_CONTEXT(context) override;
  void shut_down_receiving() noexcept override { below_->shut_down_receiving(); }
  void shut_down() noexcept override { below_->shut_down(); }

private:
  TlsStream(std::unique_ptr<Stream> below, std::shared_ptr<const TlsCredentials> credentials)
      : below_(std::move(below)), credentials_(std::move(credentials)) {}

  std::string LV_COROUTINE_FN co_handshake(AioContext& context) LV_REQUIRES_CONTEXT(context);
  // More to decrypt, unless there is some, or the end of the stream below.
  std::error_code LV_COROUTINE_FN co_fill(AioContext& context) LV_REQUIRES_CONTEXT(context);
  // All that is encrypted goes out.
  std::error_code LV_COROUTINE_FN co_flush(AioContext& context) LV_REQUIRES_CONTEXT(context);

  static ssize_t pull(gnutls_transport_ptr_t self, void* to, size_t bytes);
  static ssize_t push(gnutls_transport_ptr_t self, const void* from, size_t bytes);

  const std::unique_ptr<Stream> below_;
  const std::shared_ptr<const TlsCredentials> credentials_;
  gnutls_session_t session_ = nullptr;
  // Received and not decrypted yet, from an offset on.
  std::vector<std::byte> encrypted_in_;
  size_t taken_ = 0;
  bool ended_ = false;
  // Encrypted and not sent yet.
  std::vector<std::byte> encrypted_out_;
  // Held while something is sent below: the receiver may have to answer a message of TLS itself.
  CoMutex sending_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_TLS_TLS_STREAM_H
