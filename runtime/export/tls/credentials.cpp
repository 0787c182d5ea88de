// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/tls/credentials.h"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace lockvet::runtime {

namespace {

// Nothing older than TLS 1.2, and nothing without forward secrecy but what a shared key asks for.
constexpr const char* certificate_priority = "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
constexpr const char* key_priority =
    "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-PSK:+DHE-PSK";

std::string in_directory(const std::string& directory, const char* name) {
  return (std::filesystem::path(directory) / name).string();
}

// What is wrong with a file that has to be there, or nothing.
std::string check_readable(const std::string& path) {
  if (access(path.c_str(), R_OK) == 0)
    return {};
  const int error = errno;
  return "'" + path + "' can't be read: " + std::generic_category().message(error) + ".";
}

std::unexpected<std::string> gnutls_error(const std::string& path, int error) {
  return std::unexpected("'" + path + "' can't be used: " + gnutls_strerror(error));
}

} // namespace

TlsCredentials::~TlsCredentials() {
  if (certificates_ != nullptr)
    gnutls_certificate_free_credentials(certificates_);
  if (keys_ != nullptr)
    gnutls_psk_free_server_credentials(keys_);
  if (priority_ != nullptr)
    gnutls_priority_deinit(priority_);
}

// What is wrong with it, or nothing.
std::string TlsCredentials::set_priority(const std::string& priority) {
  const char* wrong = nullptr;
  const int error = gnutls_priority_init(&priority_, priority.c_str(), &wrong);
  if (error == GNUTLS_E_SUCCESS)
    return {};
  priority_ = nullptr;
  return "the TLS priority '" + priority + "' is wrong at '" + (wrong != nullptr ? wrong : "") +
         "': " + gnutls_strerror(error);
}

TlsCredentials::Result TlsCredentials::x509(const X509Options& options) {
  auto made = std::shared_ptr<TlsCredentials>(new TlsCredentials);
  made->verify_peer_ = options.verify_peer;
  const std::string authority = in_directory(options.directory, "ca-cert.pem");
  const std::string certificate = in_directory(options.directory, "server-cert.pem");
  const std::string key = in_directory(options.directory, "server-key.pem");
  for (const std::string& path : {authority, certificate, key}) {
    if (std::string problem = check_readable(path); !problem.empty())
      return std::unexpected(std::move(problem));
  }
  if (const int error = gnutls_certificate_allocate_credentials(&made->certificates_); error < 0)
    return gnutls_error(options.directory, error);
  const int authorities = gnutls_certificate_set_x509_trust_file(
      made->certificates_, authority.c_str(), GNUTLS_X509_FMT_PEM);
  if (authorities < 0)
    return gnutls_error(authority, authorities);
  if (authorities == 0)
    return std::unexpected("'" + authority + "' has no certificate in it.");
  if (const int error = gnutls_certificate_set_x509_key_file(
          made->certificates_, certificate.c_str(), key.c_str(), GNUTLS_X509_FMT_PEM);
      error < 0)
    return gnutls_error(certificate, error);
  const std::string revoked = in_directory(options.directory, "ca-crl.pem");
  if (access(revoked.c_str(), F_OK) == 0) {
    const int error = gnutls_certificate_set_x509_crl_file(made->certificates_, revoked.c_str(),
                                                           GNUTLS_X509_FMT_PEM);
    if (error < 0)
      return gnutls_error(revoked, error);
  }
  std::string problem =
      made->set_priority(options.priority.empty() ? certificate_priority : options.priority);
  if (!problem.empty())
    return std::unexpected(std::move(problem));
  return made;
}

TlsCredentials::Result TlsCredentials::psk(const PskOptions& options) {
  auto made = std::shared_ptr<TlsCredentials>(new TlsCredentials);
  const std::string path = in_directory(options.directory, "keys.psk");
  if (std::string problem = check_readable(path); !problem.empty())
    return std::unexpected(std::move(problem));
  if (const int error = gnutls_psk_allocate_server_credentials(&made->keys_); error < 0)
    return gnutls_error(path, error);
  if (const int error = gnutls_psk_set_server_credentials_file(made->keys_, path.c_str());
      error < 0)
    return gnutls_error(path, error);
  std::string problem =
      made->set_priority(options.priority.empty() ? key_priority : options.priority);
  if (!problem.empty())
    return std::unexpected(std::move(problem));
  return made;
}

int TlsCredentials::apply(gnutls_session_t session) const noexcept {
  if (const int error = gnutls_priority_set(session, priority_); error < 0)
    return error;
  if (keys_ != nullptr)
    return gnutls_credentials_set(session, GNUTLS_CRD_PSK, keys_);
  if (verify_peer_) {
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
    gnutls_session_set_verify_cert(session, nullptr, 0);
  } else {
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_IGNORE);
  }
  return gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, certificates_);
}

} // namespace lockvet::runtime
