// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/vhost_user/server.h"

#include "runtime/aio/co_accept.h"
#include "runtime/export/vhost_user/session_end.h"

namespace lockvet::runtime::vhost_user {

// A front end from when it is let in.
struct Server::Visitor {
  Visitor(AioContext& context, Cancellation& stop, Admission& admission)
      : end(context, stop),
        waiting(admission, {[](void* end) { static_cast<SessionEnd*>(end)->evict(); }, &end}) {}

  SessionEnd end;
  Admission::Negotiating waiting;
};

Server::Server(ExportedDevice& device, ContextMapping mapping, ServerOptions options)
    : device_(device), mapping_(std::move(mapping)), options_(std::move(options)),
      admission_(std::max(options_.most_front_ends, 2U)) {}

void Server::co_serve(AioContext& context, ListeningSocket& socket, Cancellation& stop) {
  CoGroup group;
  while (!stop.requested()) {
    auto accepted = co_accept(context, socket, stop);
    if (accepted)
      admit(group, context, std::move(*accepted), stop);
  }
  (void)group.wait();
}

void Server::admit(CoGroup& group, AioContext& context, FileDescriptor socket, Cancellation& stop) {
  // It is never full: all but one of those who are here can be sent away, from when they are let
  // in.
  const bool instead = admission_.enter() == Admission::Answer::instead;
  if (instead && !evicting_)
    options_.log("a front end that waits is cut off for another: there are " +
                 std::to_string(admission_.most()) + " already");
  evicting_ = instead;
  auto visitor = std::make_unique<Visitor>(context, stop, admission_);
  group.spawn(context, [this, &context, visitor = std::move(visitor), socket = std::move(socket)]()
                           LV_COROUTINE_FN mutable {
                             context.assert_home();
                             co_serve_one(context, std::move(socket), *visitor);
                             visitor.reset();
                             admission_.leave();
                             return std::error_code();
                           });
}

void Server::co_serve_one(AioContext& context, FileDescriptor socket, Visitor& visitor) {
  SessionEnd& end = visitor.end;
  end.assert_home();
  Session session(context, std::move(socket), device_, mapping_, options_);
  session.assert_home();
  end.limit(Clock::now() + options_.introduction_time);
  std::string problem = session.co_introduce(end.cancellation());
  end.unlimited();
  if (end.too_late())
    problem = "it has not introduced itself in time";
  if (problem.empty() && session.is_introduced() && turn_.co_take(end.cancellation())) {
    if (visitor.waiting.finish()) {
      set_session(&session);
      problem = session.co_run(end.cancellation());
      set_session(nullptr);
      session.co_end();
    }
    turn_.give_back();
  }
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
