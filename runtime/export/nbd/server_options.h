// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How much a server does for its peers, and whom it tells of what is wrong with them. Values, set
// before it starts; needs no lock.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_SERVER_OPTIONS_H
#define LOCKVET_RUNTIME_EXPORT_NBD_SERVER_OPTIONS_H

#include "runtime/export/export_log.h"
#include "runtime/export/nbd/negotiation.h"
#include "runtime/export/nbd/transmission.h"
#include "runtime/export/tls/credentials.h"

#include <chrono>

namespace lockvet::runtime::nbd {

struct ServerOptions {
  // Of one connection.
  Negotiation::Limits negotiation = {};
  Transmission::Limits transmission = {};
  // From when it is accepted until its requests begin.
  std::chrono::milliseconds negotiation_time = std::chrono::seconds(30);
  // From when the server is to stop until peers that do not take their replies are cut off.
  std::chrono::milliseconds shutdown_time = std::chrono::seconds(10);
  // Beyond it one that negotiates still has to go, or else the new one.
  unsigned most_connections = 256;
  // What all connections keep together of their requests' data, beside what is each one's own, and
  // how long one may hold some of it and do nothing while others wait.
  uint64_t most_shared_bytes = 256 << 20;
  std::chrono::milliseconds patience = std::chrono::seconds(10);
  // Is told one line for a connection at most.
  ExportLog log = {};
  // Clients have to use TLS if there are any.
  std::shared_ptr<const TlsCredentials> tls = {};
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_SERVER_OPTIONS_H
