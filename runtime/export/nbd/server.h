// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Serves exports to NBD clients: accepts in one context, and gives each connection to one of
// several, in turn: for its requests to one of those that its export names, if that names any.
// Whoever made it owns it, and destroys it when nothing of it runs any more. There are locks
// for what connections share only: the list of exports, the number of connections, and memory.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_SERVER_H
#define LOCKVET_RUNTIME_EXPORT_NBD_SERVER_H

#include "runtime/aio/listening_socket.h"
#include "runtime/coroutine/co_group.h"
#include "runtime/export/admission.h"
#include "runtime/export/nbd/server_options.h"
#include "runtime/export/stream.h"

#include <atomic>

namespace lockvet::runtime::nbd {

class Server {
public:
  // The exports and the contexts, of which there is one at least, outlive it.
  Server(const ExportList& exports, std::vector<AioContext*> contexts, ServerOptions options = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves who connects to the socket, until the stop is requested: then it takes no more
  // connections, completes and answers what is in flight, refuses what comes after, and returns
  // when the last connection is closed. Once for each socket. The context is the caller's home.
  void LV_COROUTINE_FN co_serve(AioContext& context, ListeningSocket& socket, Cancellation& stop)
      LV_REQUIRES_CONTEXT(context);

  // Now, of all sockets.
  unsigned connections() const noexcept { return admission_.connections(); }

private:
  void admit(CoGroup& group, FileDescriptor socket, Cancellation& stop);
  void LV_COROUTINE_FN co_serve_client(AioContext& context, std::unique_ptr<Stream> stream,
                                       Cancellation& stop);

  const ExportList& exports_;
  const std::vector<AioContext*> contexts_;
  const ServerOptions options_;
  std::atomic<unsigned> next_context_ = 0;
  Admission admission_;
  MemoryBudget budget_;
  // Whether the last was refused or took another's place, so that a flood of them is told once.
  std::atomic<bool> refusing_ = false;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_SERVER_H
