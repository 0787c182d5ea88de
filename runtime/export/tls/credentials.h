// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a server proves to be who it is with, and what it lets clients in by: certificates, or keys
// that are shared with them. Read from files once; constant afterwards, and used from any thread.
// Connections keep it as long as they need it.

#ifndef LOCKVET_RUNTIME_EXPORT_TLS_CREDENTIALS_H
#define LOCKVET_RUNTIME_EXPORT_TLS_CREDENTIALS_H

#include <expected>
#include <gnutls/gnutls.h>
#include <memory>
#include <string>

namespace lockvet::runtime {

class TlsCredentials {
public:
  // The error is a sentence, which names the file.
  using Result = std::expected<std::shared_ptr<const TlsCredentials>, std::string>;

  struct X509Options {
    // With the names that QEMU uses there: ca-cert.pem, server-cert.pem, server-key.pem, and
    // ca-crl.pem if there is one.
    std::string directory;
    // Whether clients need a certificate of the same authority.
    bool verify_peer = true;
    // In GnuTLS' words for what may be negotiated; our own choice if it is empty.
    std::string priority = {};
  };
  static Result x509(const X509Options& options);

  struct PskOptions {
    // There lies keys.psk, with a line NAME:HEXADECIMAL_KEY for each client, as psktool writes it.
    std::string directory;
    std::string priority = {};
  };
  static Result psk(const PskOptions& options);

  TlsCredentials(const TlsCredentials&) = delete;
  TlsCredentials& operator=(const TlsCredentials&) = delete;
  ~TlsCredentials();

  // Sets up the server's side of a session. GnuTLS' error, or zero.
  int apply(gnutls_session_t session) const noexcept;

private:
  TlsCredentials() = default;

  std::string set_priority(const std::string& priority);

  gnutls_certificate_credentials_t certificates_ = nullptr;
  gnutls_psk_server_credentials_t keys_ = nullptr;
  gnutls_priority_t priority_ = nullptr;
  bool verify_peer_ = false;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_TLS_CREDENTIALS_H
