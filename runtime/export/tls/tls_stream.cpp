// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/tls/tls_stream.h"

#include <algorithm>
#include <cstring>

namespace lockvet::runtime {

namespace {

constexpr size_t receive_bytes = 64 * 1024;
// With so much encrypted it is sent before more is, so that a reply of any length costs no more.
constexpr size_t most_waiting_bytes = 256 * 1024;

std::error_code protocol_error() {
  return std::make_error_code(std::errc::protocol_error);
}

bool is_transient(ssize_t result) {
  return result == GNUTLS_E_INTERRUPTED || result == GNUTLS_E_WARNING_ALERT_RECEIVED;
}

// "the handshake of TLS has failed: ..."
std::string failed_handshake(int error) {
  return std::string("the handshake of TLS has failed: ") + gnutls_strerror(error);
}

} // namespace

std::expected<std::unique_ptr<TlsStream>, std::string>
TlsStream::co_accept(AioContext& context, std::unique_ptr<Stream> below,
                     std::span<const std::byte> received,
                     std::shared_ptr<const TlsCredentials> credentials) {
  std::unique_ptr<TlsStream> made(new TlsStream(std::move(below), std::move(credentials)));
  made->encrypted_in_.assign(received.begin(), received.end());
  int error = gnutls_init(&made->session_, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
  if (error == GNUTLS_E_SUCCESS)
    error = made->credentials_->apply(made->session_);
  if (error != GNUTLS_E_SUCCESS)
    return std::unexpected(failed_handshake(error));
  gnutls_transport_set_ptr(made->session_, made.get());
  gnutls_transport_set_pull_function(made->session_, pull);
  gnutls_transport_set_push_function(made->session_, push);
  if (std::string problem = made->co_handshake(context); !problem.empty())
    return std::unexpected(std::move(problem));
  return made;
}

TlsStream::~TlsStream() {
  if (session_ != nullptr)
    gnutls_deinit(session_);
}

std::string TlsStream::co_handshake(AioContext& context) {
  while (true) {
    const int error = gnutls_handshake(session_);
    if (error != GNUTLS_E_SUCCESS && error != GNUTLS_E_AGAIN && !is_transient(error)) {
      (void)gnutls_alert_send_appropriate(session_, error);
      (void)co_flush(context);
      return failed_handshake(error);
    }
    if (const std::error_code failed = co_flush(context))
      return "the handshake of TLS has ended: " + failed.message();
    if (error == GNUTLS_E_SUCCESS)
      return {};
    if (error != GNUTLS_E_AGAIN)
      continue;
    if (const std::error_code failed = co_fill(context))
      return "the handshake of TLS has ended: " + failed.message();
  }
}

std::expected<size_t, std::error_code> TlsStream::co_receive(AioContext& context,
                                                             std::span<std::byte> to) {
  size_t received = 0;
  while (received < to.size()) {
    const ssize_t result = gnutls_record_recv(session_, to.data() + received, to.size() - received);
    if (result > 0) {
      received += static_cast<size_t>(result);
      continue;
    }
    if (is_transient(result))
      continue;
    // What has come is taken first, and the end or an error is met again.
    if (received > 0)
      break;
    if (result == 0 || result == GNUTLS_E_PREMATURE_TERMINATION)
      return 0;
    if (result != GNUTLS_E_AGAIN)
      return std::unexpected(protocol_error());
    if (const std::error_code failed = co_fill(context))
      return std::unexpected(failed);
  }
  // It may have been a question of TLS itself, such as for new keys.
  if (!encrypted_out_.empty()) {
    if (const std::error_code failed = co_flush(context))
      return std::unexpected(failed);
  }
  return received;
}

std::error_code TlsStream::co_send(AioContext& context, std::span<iovec> pieces) {
  gnutls_record_cork(session_);
  for (const iovec& piece : pieces) {
    const auto* from = static_cast<const std::byte*>(piece.iov_base);
    size_t left = piece.iov_len;
    while (left > 0) {
      const size_t bytes = std::min(left, most_waiting_bytes);
      const ssize_t taken = gnutls_record_send(session_, from, bytes);
      if (taken <= 0)
        return protocol_error();
      from += taken;
      left -= static_cast<size_t>(taken);
      if (gnutls_record_check_corked(session_) < most_waiting_bytes)
        continue;
      if (gnutls_record_uncork(session_, 0) < 0)
        return protocol_error();
      if (const std::error_code failed = co_flush(context))
        return failed;
      gnutls_record_cork(session_);
    }
  }
  if (gnutls_record_uncork(session_, 0) < 0)
    return protocol_error();
  return co_flush(context);
}

void TlsStream::co_finish(AioContext& context) {
  if (gnutls_bye(session_, GNUTLS_SHUT_WR) == GNUTLS_E_SUCCESS)
    (void)co_flush(context);
}

std::error_code TlsStream::co_fill(AioContext& context) {
  // GnuTLS also wants to be called again after a message of its own, with more of ours to read.
  if (taken_ < encrypted_in_.size())
    return {};
  encrypted_in_.resize(receive_bytes);
  taken_ = receive_bytes;
  const auto received = below_->co_receive(context, encrypted_in_);
  encrypted_in_.resize(received.value_or(0));
  taken_ = 0;
  if (!received)
    return received.error();
  ended_ |= *received == 0;
  return {};
}

std::error_code TlsStream::co_flush(AioContext& context) {
  const CoLock lock(sending_);
  while (!encrypted_out_.empty()) {
    std::vector<std::byte> batch;
    batch.swap(encrypted_out_);
    iovec piece{batch.data(), batch.size()};
    if (const std::error_code failed = below_->co_send(context, {&piece, 1}))
      return failed;
    // Its memory serves again.
    if (encrypted_out_.empty()) {
      batch.clear();
      encrypted_out_.swap(batch);
    }
  }
  return {};
}

ssize_t TlsStream::pull(gnutls_transport_ptr_t self, void* to, size_t bytes) {
  auto& stream = *static_cast<TlsStream*>(self);
  const size_t given = std::min(bytes, stream.encrypted_in_.size() - stream.taken_);
  if (given == 0 && !stream.ended_) {
    gnutls_transport_set_errno(stream.session_, EAGAIN);
    return -1;
  }
  if (given > 0)
    std::memcpy(to, stream.encrypted_in_.data() + stream.taken_, given);
  stream.taken_ += given;
  return static_cast<ssize_t>(given);
}

ssize_t TlsStream::push(gnutls_transport_ptr_t self, const void* from, size_t bytes) {
  auto& stream = *static_cast<TlsStream*>(self);
  const auto* const begin = static_cast<const std::byte*>(from);
  stream.encrypted_out_.insert(stream.encrypted_out_.end(), begin, begin + bytes);
  return static_cast<ssize_t>(bytes);
}

} // namespace lockvet::runtime
