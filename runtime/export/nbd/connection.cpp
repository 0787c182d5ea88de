// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/connection.h"

#include "runtime/aio/co_socket.h"

#include <sys/socket.h>

namespace lockvet::runtime::nbd {

Connection::Connection(AioContext& context, FileDescriptor socket, const ExportList& exports,
                       const ServerOptions& options, Cancellation& stop)
    : context_(context), exports_(exports), socket_(std::move(socket)), options_(options),
      stop_(stop), stopping_(context, {[](void* argument) {
                                         auto& self = *static_cast<Connection*>(argument);
                                         self.context_.assert_home();
                                         self.shut_down();
                                       },
                                       this}),
      time_limit_({[](void* argument) {
                     auto& self = *static_cast<Connection*>(argument);
                     self.context_.assert_home();
                     self.cut_off();
                   },
                   this}),
      negotiation_(exports, options.negotiation) {}

void Connection::co_run() {
  Cancellation::Listener listener(
      [](void* argument) { (void)static_cast<BottomHalf*>(argument)->schedule(); }, &stopping_);
  if (!stop_.add(listener))
    return;
  context_.arm(time_limit_, Clock::now() + options_.negotiation_time);
  std::string problem = co_negotiate();
  if (!shutting_down_)
    context_.disarm(time_limit_);
  if (cut_off_ && !shutting_down_)
    problem = "the negotiation has taken too long";
  if (problem.empty() && negotiation_.state() == Negotiation::State::transmission) {
    transmission_.emplace(context_, socket_.get(), received_, negotiation_.session(),
                          options_.transmission);
    transmission_->assert_home();
    if (shutting_down_)
      transmission_->shut_down();
    problem = transmission_->co_run();
  }
  stop_.remove(listener);
  context_.disarm(time_limit_);
  // What a shutdown breaks off is not the client's fault.
  if (!problem.empty() && !shutting_down_)
    options_.log("connection closed: " + problem);
}

// Returns what was wrong, if anything was; its end may also be that the client has gone.
std::string Connection::co_negotiate() {
  Bytes out;
  Negotiation::greet(out);
  while (true) {
    if (!co_send_bytes(out))
      return {};
    if (negotiation_.state() == Negotiation::State::failed)
      return negotiation_.problem();
    if (negotiation_.state() != Negotiation::State::negotiating)
      return {};
    if (received_.available().empty()) {
      const auto bytes = co_receive(context_, socket_.get(), received_.space());
      if (!bytes || *bytes == 0)
        return {};
      received_.received(*bytes);
    }
    exports_.co_update_sizes();
    received_.skip(negotiation_.feed(received_.available(), out));
  }
}

// False if the client has gone.
bool Connection::co_send_bytes(Bytes& bytes) {
  iovec piece{bytes.data(), bytes.size()};
  const std::error_code failed = co_send(context_, socket_.get(), {&piece, 1});
  bytes.clear();
  return !failed;
}

// The client can't send any more; what it has sent is answered, for as long as it takes answers.
void Connection::shut_down() {
  shutting_down_ = true;
  negotiation_.shut_down();
  if (transmission_) {
    transmission_->assert_home();
    transmission_->shut_down();
  }
  shutdown(socket_.get(), SHUT_RD);
  context_.arm(time_limit_, Clock::now() + options_.shutdown_time);
}

void Connection::cut_off() {
  cut_off_ = true;
  shutdown(socket_.get(), SHUT_RDWR);
}

} // namespace lockvet::runtime::nbd
