// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A client from its greeting until it and the server have agreed on what follows. A coroutine of
// the server owns it and runs it, in the context that the connection was accepted for; it is
// destroyed there.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_NEGOTIATING_CLIENT_H
#define LOCKVET_RUNTIME_EXPORT_NBD_NEGOTIATING_CLIENT_H

#include "runtime/export/admission.h"
#include "runtime/export/nbd/client_end.h"
#include "runtime/export/nbd/server_options.h"

namespace lockvet::runtime::nbd {

class NegotiatingClient {
public:
  // All of it outlives the client. The stream is replaced by one of TLS if that is agreed on; what
  // comes after the negotiation is left in `received`.
  NegotiatingClient(AioContext& context, std::unique_ptr<Stream>& stream, ReceiveBuffer& received,
                    const ExportList& exports, const ServerOptions& options, Admission& admission);
  NegotiatingClient(const NegotiatingClient&) = delete;
  NegotiatingClient& operator=(const NegotiatingClient&) = delete;

  // As that of Transmission.
  void assert_home() const LV_ASSERT_CONTEXT(context_) { context_.assert_home(); }

  // Until all is agreed, or the client has gone, or is to go. Says so if something was wrong with
  // it. The session names no export if there will be none.
  Session LV_COROUTINE_FN co_run(Cancellation& stop) LV_REQUIRES_CONTEXT(context_);

private:
  std::string LV_COROUTINE_FN co_negotiate() LV_REQUIRES_CONTEXT(context_);
  std::string LV_COROUTINE_FN co_start_tls() LV_REQUIRES_CONTEXT(context_);
  bool LV_COROUTINE_FN co_send_bytes(Bytes& bytes) LV_REQUIRES_CONTEXT(context_);

  AioContext& context_;
  std::unique_ptr<Stream>& stream_;
  const ServerOptions& options_;
  Admission& admission_;
  ReceiveBuffer& received_ LV_OWNED_BY_CONTEXT(context_);
  Negotiation negotiation_ LV_OWNED_BY_CONTEXT(context_);
  ClientEnd end_;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_NEGOTIATING_CLIENT_H
