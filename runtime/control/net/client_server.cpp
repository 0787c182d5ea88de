// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/net/client_server.h"

#include "runtime/aio/co_accept.h"

namespace lockvet::runtime::control {

void ClientServer::start() {
  home_.assert_home();
  serving_ = Coroutine::spawn(home_, [this]() LV_COROUTINE_FN {
    home_.assert_home();
    co_serve();
    serving_ = false;
  });
}

void ClientServer::stop() {
  home_.assert_home();
  stop_.request();
  for (Client* const client : clients_)
    client->shut_down();
  MainLoop::wait_while([this] {
    home_.assert_home();
    return serving_;
  });
}

void ClientServer::co_serve() {
  CoGroup group;
  while (!stop_.requested()) {
    auto socket = co_accept(home_, socket_, stop_);
    if (socket)
      admit(group, std::move(*socket));
    else if (!stop_.requested())
      log_(Log::Level::warning, name_, "can't accept connections: " + socket.error().message());
  }
  (void)group.wait();
}

void ClientServer::admit(CoGroup& group, FileDescriptor socket) {
  if (clients_.size() >= most_clients_) {
    log_(Log::Level::warning, name_,
         "a connection is refused: there are " + std::to_string(most_clients_) + " already");
    return;
  }
  std::unique_ptr<Client> client = make_(std::move(socket));
  clients_.push_back(client.get());
  group.spawn(home_, [this, client = std::move(client)]() LV_COROUTINE_FN {
    client->co_run();
    home_.assert_home();
    std::erase(clients_, client.get());
    return std::error_code();
  });
}

} // namespace lockvet::runtime::control
