// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/net/client_server.h"

#include "runtime/aio/co_wait.h"

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace lockvet::runtime::control {

namespace {

using namespace std::chrono_literals;

// How long to wait where the process or the machine has no descriptor left, until it may.
constexpr auto until_descriptors = 100ms;

} // namespace

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
    FileDescriptor socket = co_accept();
    if (socket.valid())
      admit(group, std::move(socket));
  }
  (void)group.wait();
}

// None if there is none, for this time.
FileDescriptor ClientServer::co_accept() {
  FileDescriptor accepted(accept4(socket_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
  if (accepted.valid())
    return accepted;
  const int error = errno;
  if (error == EAGAIN) {
    (void)co_wait_fd(home_, socket_.fd(), POLLIN, &stop_);
  } else {
    log_(Log::Level::warning, name_,
         "can't accept connections: " + std::generic_category().message(error));
    (void)co_sleep_until(home_, Clock::now() + until_descriptors, &stop_);
  }
  return {};
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
