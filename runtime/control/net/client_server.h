// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accepts clients at a socket and serves each in a coroutine of its own, in the main loop's
// context: for protocols of few clients with little to do, such as QMP. Whoever made it owns it,
// starts it, and stops it before it goes. Nothing of it waits for a client but the client's
// coroutine.

#ifndef LOCKVET_RUNTIME_CONTROL_NET_CLIENT_SERVER_H
#define LOCKVET_RUNTIME_CONTROL_NET_CLIENT_SERVER_H

#include "runtime/aio/listening_socket.h"
#include "runtime/control/log.h"
#include "runtime/coroutine/co_group.h"
#include "runtime/graph/main_loop.h"

namespace lockvet::runtime::control {

class ClientServer {
public:
  // One client. All in the thread of the server's context.
  class Client {
  public:
    virtual ~Client() = default;
    // Until it has gone, or is to go.
    virtual void LV_COROUTINE_FN co_run() = 0;
    // It reads no more, answers what it has read, for a moment, and goes.
    virtual void shut_down() = 0;
  };
  using Make = std::function<std::unique_ptr<Client>(FileDescriptor socket)>;

  // The name is for the log. More clients than that are refused.
  ClientServer(AioContext& home, ListeningSocket socket, std::string name, unsigned most_clients,
               Log& log, Make make)
      : home_(home), socket_(std::move(socket)), name_(std::move(name)),
        most_clients_(most_clients), log_(log), make_(std::move(make)) {}
  ClientServer(const ClientServer&) = delete;
  ClientServer& operator=(const ClientServer&) = delete;
  ~ClientServer() = default;

  // Of a socket at a port.
  uint16_t port() const { return socket_.port(); }

  // In the context's thread.
  void start();
  // When the last client has gone.
  void LV_NO_COROUTINE_FN stop() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

private:
  void LV_COROUTINE_FN co_serve() LV_REQUIRES_CONTEXT(home_);
  void admit(CoGroup& group, FileDescriptor socket) LV_REQUIRES_CONTEXT(home_);

  AioContext& home_;
  const ListeningSocket socket_;
  const std::string name_;
  const unsigned most_clients_;
  Log& log_;
  const Make make_;
  Cancellation stop_;
  bool serving_ LV_OWNED_BY_CONTEXT(home_) = false;
  std::vector<Client*> clients_ LV_OWNED_BY_CONTEXT(home_);
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_NET_CLIENT_SERVER_H
