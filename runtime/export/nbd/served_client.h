// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A client from the end of its negotiation until it goes. A coroutine of the server owns it and
// runs it, in a context that serves the export; it is destroyed there.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_SERVED_CLIENT_H
#define LOCKVET_RUNTIME_EXPORT_NBD_SERVED_CLIENT_H

#include "runtime/export/nbd/client_end.h"
#include "runtime/export/nbd/server_options.h"

namespace lockvet::runtime::nbd {

class ServedClient {
public:
  // All of it outlives the client.
  ServedClient(AioContext& context, Stream& stream, ReceiveBuffer& received, const Session& session,
               const ServerOptions& options, MemoryBudget& budget);
  ServedClient(const ServedClient&) = delete;
  ServedClient& operator=(const ServedClient&) = delete;
  ~ServedClient();

  // As that of Transmission.
  void assert_home() const LV_ASSERT_CONTEXT(context_) { context_.assert_home(); }

  // Until the client has gone, or is to go, because of the server or of its export. Says so if
  // something was wrong with it.
  void LV_COROUTINE_FN co_run(Cancellation& stop) LV_REQUIRES_CONTEXT(context_);

private:
  AioContext& context_;
  Stream& stream_;
  const std::shared_ptr<Export> served_;
  const ServerOptions& options_;
  ClientEnd end_;
  Transmission transmission_;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_SERVED_CLIENT_H
