// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/client_end.h"

namespace lockvet::runtime::nbd {

ClientEnd::ClientEnd(AioContext& context, Stream& stream, std::chrono::milliseconds shutdown_time,
                     Callback stopping)
    : context_(context), stream_(stream), shutdown_time_(shutdown_time), stopping_(stopping),
      told_(context, {[](void* argument) {
                        auto& self = *static_cast<ClientEnd*>(argument);
                        self.context_.assert_home();
                        self.stop();
                      },
                      this}),
      evicted_(context, {[](void* argument) {
                           auto& self = *static_cast<ClientEnd*>(argument);
                           self.context_.assert_home();
                           self.cut();
                         },
                         this}),
      time_limit_({[](void* argument) {
                     auto& self = *static_cast<ClientEnd*>(argument);
                     self.context_.assert_home();
                     self.cut();
                   },
                   this}) {}

bool ClientEnd::listen_to(Cancellation& stop) {
  Listening& listening = server_.to == nullptr ? server_ : export_;
  if (!stop.add(listening.listener))
    return false;
  listening.to = &stop;
  return true;
}

void ClientEnd::limit(Clock::time_point end) {
  if (!stopped_)
    context_.arm(time_limit_, end);
}

void ClientEnd::unlimited() {
  if (!stopped_)
    context_.disarm(time_limit_);
}

void ClientEnd::finish() {
  for (Listening* listening : {&server_, &export_}) {
    if (listening->to != nullptr)
      listening->to->remove(listening->listener);
  }
  context_.disarm(time_limit_);
}

void ClientEnd::cut() {
  cut_off_ = true;
  stream_.shut_down();
}

// The client can't send any more; what it has sent is answered, for as long as it takes answers.
void ClientEnd::stop() {
  if (stopped_)
    return;
  stopped_ = true;
  stopping_.function(stopping_.argument);
  stream_.shut_down_receiving();
  context_.arm(time_limit_, Clock::now() + shutdown_time_);
}

} // namespace lockvet::runtime::nbd
