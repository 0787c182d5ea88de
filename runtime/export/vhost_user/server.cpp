// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/vhost_user/server.h"

#include "runtime/aio/co_accept.h"

namespace lockvet::runtime::vhost_user {

Server::Server(ExportedDevice& device, ContextMapping mapping, ServerOptions options)
    : device_(device), mapping_(std::move(mapping)), options_(std::move(options)) {}

void Server::co_serve(AioContext& context, ListeningSocket& socket, Cancellation& stop) {
  while (!stop.requested()) {
    auto accepted = co_accept(context, socket, stop);
    if (accepted)
      co_serve_one(context, std::move(*accepted), stop);
  }
}

void Server::co_serve_one(AioContext& context, FileDescriptor socket, Cancellation& stop) {
  Session session(context, std::move(socket), device_, mapping_, options_);
  set_session(&session);
  session.assert_home();
  const std::string problem = session.co_run(stop);
  set_session(nullptr);
  session.co_end();
  if (!problem.empty())
    options_.log("front end cut off: " + problem);
}

void Server::set_session(Session* session) {
  ThreadLock lock(mutex_);
  session_ = session;
}

void Server::size_changed() {
  ThreadLock lock(mutex_);
  if (session_ != nullptr)
    session_->size_changed();
}

bool Server::connected() {
  ThreadLock lock(mutex_);
  return session_ != nullptr;
}

} // namespace lockvet::runtime::vhost_user
