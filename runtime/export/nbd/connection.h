// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One client from its greeting to its end. A coroutine of the server owns it and runs it, in the
// context that the connection was given; it is destroyed there. A request to stop may come from any
// thread.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_CONNECTION_H
#define LOCKVET_RUNTIME_EXPORT_NBD_CONNECTION_H

#include "runtime/aio/bottom_half.h"
#include "runtime/aio/file_descriptor.h"
#include "runtime/coroutine/cancellation.h"
#include "runtime/export/nbd/server_options.h"

#include <optional>

namespace lockvet::runtime::nbd {

class Connection {
public:
  // Everything but the socket outlives it.
  Connection(AioContext& context, FileDescriptor socket, const ExportList& exports,
             const ServerOptions& options, Cancellation& stop);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // As that of Transmission.
  void assert_home() const LV_ASSERT_CONTEXT(context_) { context_.assert_home(); }

  // Until the client has gone, or is to go. Says so if something was wrong with it.
  void LV_COROUTINE_FN co_run() LV_REQUIRES_CONTEXT(context_);

private:
  std::string LV_COROUTINE_FN co_negotiate() LV_REQUIRES_CONTEXT(context_);
  bool LV_COROUTINE_FN co_send_bytes(Bytes& bytes) LV_REQUIRES_CONTEXT(context_);
  void shut_down() LV_REQUIRES_CONTEXT(context_);
  void cut_off() LV_REQUIRES_CONTEXT(context_);

  AioContext& context_;
  const ExportList& exports_;
  const FileDescriptor socket_;
  const ServerOptions& options_;
  Cancellation& stop_;
  // To wake up at home when the stop is requested elsewhere.
  BottomHalf stopping_;
  // First for the negotiation, and then for the shutdown.
  Timer time_limit_;
  bool cut_off_ LV_OWNED_BY_CONTEXT(context_) = false;
  bool shutting_down_ LV_OWNED_BY_CONTEXT(context_) = false;
  ReceiveBuffer received_ LV_OWNED_BY_CONTEXT(context_);
  Negotiation negotiation_ LV_OWNED_BY_CONTEXT(context_);
  // From the end of the negotiation.
  std::optional<Transmission> transmission_ LV_OWNED_BY_CONTEXT(context_);
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_CONNECTION_H
