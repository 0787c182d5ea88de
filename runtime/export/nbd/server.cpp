// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/server.h"

#include "runtime/aio/co_accept.h"
#include "runtime/export/nbd/negotiating_client.h"
#include "runtime/export/nbd/served_client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace lockvet::runtime::nbd {

namespace {

// Replies are sent when there is nothing to send along with them. Sockets at paths have no such
// option, and need none.
void send_at_once(int socket) {
  const int yes = 1;
  (void)setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

} // namespace

Server::Server(const ExportList& exports, std::vector<AioContext*> contexts, ServerOptions options)
    : exports_(exports), contexts_(std::move(contexts)), options_(std::move(options)),
      admission_(options_.most_connections),
      budget_(options_.most_shared_bytes, options_.patience) {}

void Server::co_serve(AioContext& context, ListeningSocket& socket, Cancellation& stop) {
  CoGroup group;
  while (!stop.requested()) {
    auto accepted = co_accept(context, socket, stop);
    if (accepted)
      admit(group, std::move(*accepted), stop);
    else if (!stop.requested() && !refusing_.exchange(true))
      options_.log("can't accept connections: " + accepted.error().message());
  }
  (void)group.wait();
}

void Server::admit(CoGroup& group, FileDescriptor socket, Cancellation& stop) {
  const Admission::Answer answer = admission_.enter();
  if (answer != Admission::Answer::welcome) {
    const char* const who = answer == Admission::Answer::full
                                ? "a connection is refused: there are "
                                : "a client that negotiates is cut off for another: there are ";
    if (!refusing_.exchange(true))
      options_.log(who + std::to_string(admission_.most()) + " already");
    if (answer == Admission::Answer::full)
      return;
  } else {
    refusing_.store(false);
  }
  send_at_once(socket.get());
  AioContext& context = *contexts_[next_context_.fetch_add(1) % contexts_.size()];
  group.spawn(context,
              [this, &context, &stop, socket = std::move(socket)]() LV_COROUTINE_FN mutable {
                co_serve_client(context, std::make_unique<SocketStream>(std::move(socket)), stop);
                admission_.leave();
                return std::error_code();
              });
}

void Server::co_serve_client(AioContext& context, std::unique_ptr<Stream> stream,
                             Cancellation& stop) {
  const auto received = std::make_unique<ReceiveBuffer>();
  Session session;
  {
    NegotiatingClient client(context, stream, *received, exports_, options_, admission_);
    client.assert_home();
    session = client.co_run(stop);
  }
  if (session.served == nullptr)
    return;
  AioContext* const wanted = session.served->next_context();
  AioContext& serving = wanted != nullptr ? *wanted : context;
  if (&serving != &context) {
    context.assert_home();
    if (!co_move(context, serving))
      return;
  }
  ServedClient client(serving, *stream, *received, session, options_, budget_);
  client.assert_home();
  client.co_run(stop);
}

} // namespace lockvet::runtime::nbd
