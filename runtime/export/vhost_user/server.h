// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Serves a device as a vhost-user-blk back end: to one front end at a time, and to the next when
// that has gone; others may ask meanwhile what there is, and wait. Messages are taken in the
// context that accepts; each queue is served in the one that the mapping says. Whoever made it owns
// it, and destroys it when nothing of it runs any more.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_SERVER_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_SERVER_H

#include "runtime/aio/listening_socket.h"
#include "runtime/coroutine/co_group.h"
#include "runtime/export/admission.h"
#include "runtime/export/vhost_user/device_turn.h"
#include "runtime/export/vhost_user/session.h"

namespace lockvet::runtime::vhost_user {

class Server {
public:
  // The device and the contexts outlive it, and no context ends while a front end is served.
  Server(ExportedDevice& device, ContextMapping mapping, ServerOptions options = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves who connects to the socket, until the stop is requested: then it completes what is in
  // flight and returns. A front end that connects anew later goes on where it was. Once at a time.
  // The context is the caller's home.
  void LV_COROUTINE_FN co_serve(AioContext& context, ListeningSocket& socket, Cancellation& stop)
      LV_REQUIRES_CONTEXT(context);

  // The device has another size: the front end, if there is one, and its guest learn of it. From
  // any thread.
  void size_changed();

  // Whether a front end uses the device now.
  bool connected();

private:
  struct Visitor;

  void admit(CoGroup& group, AioContext& context, FileDescriptor socket, Cancellation& stop);
  void LV_COROUTINE_FN co_serve_one(AioContext& context, FileDescriptor socket, Visitor& visitor)
      LV_REQUIRES_CONTEXT(context);
  void set_session(Session* session);

  ExportedDevice& device_;
  const ContextMapping mapping_;
  const ServerOptions options_;
  Admission admission_;
  DeviceTurn turn_;
  // Whether the last took another's place, so that a flood of them is told once. Of the
  // serving context.
  bool evicting_ = false;
  ThreadMutex mutex_;
  Session* session_ LV_GUARDED_BY(mutex_) = nullptr;
};

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_SERVER_H
