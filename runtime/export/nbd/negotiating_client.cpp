// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/negotiating_client.h"

#include "runtime/export/tls/tls_stream.h"

namespace lockvet::runtime::nbd {

NegotiatingClient::NegotiatingClient(AioContext& context, std::unique_ptr<Stream>& stream,
                                     ReceiveBuffer& received, const ExportList& exports,
                                     const ServerOptions& options, Admission& admission)
    : context_(context), stream_(stream), options_(options), admission_(admission),
      received_(received),
      negotiation_(exports, options.negotiation,
                   options.tls ? Negotiation::Tls::required : Negotiation::Tls::none),
      end_(context, *stream, options.shutdown_time,
           {[](void* argument) {
              auto& self = *static_cast<NegotiatingClient*>(argument);
              self.context_.assert_home();
              self.negotiation_.shut_down();
            },
            this}) {}

Session NegotiatingClient::co_run(Cancellation& stop) {
  end_.assert_home();
  if (!end_.listen_to(stop))
    return {};
  end_.limit(Clock::now() + options_.negotiation_time);
  Admission::Negotiating negotiating(
      admission_, {[](void* end) { static_cast<ClientEnd*>(end)->evict(); }, &end_});
  std::string problem = co_negotiate();
  end_.assert_home();
  const bool stays = negotiating.finish();
  end_.finish();
  // The server has said so for all whom it happened to.
  if (!stays)
    return {};
  if (end_.cut_off())
    problem = "the negotiation has taken too long";
  // What a shutdown breaks off is not the client's fault.
  if (!problem.empty() && !end_.stopped())
    options_.log("connection closed: " + problem);
  if (!problem.empty() || negotiation_.state() != Negotiation::State::transmission)
    return {};
  return negotiation_.session();
}

// Returns what was wrong, if anything was; its end may also be that the client has gone.
std::string NegotiatingClient::co_negotiate() {
  Bytes out;
  Negotiation::greet(out);
  while (true) {
    if (!co_send_bytes(out))
      return {};
    if (negotiation_.state() == Negotiation::State::failed)
      return negotiation_.problem();
    if (negotiation_.state() == Negotiation::State::handshake) {
      if (std::string problem = co_start_tls(); !problem.empty())
        return problem;
    }
    if (negotiation_.state() != Negotiation::State::negotiating)
      return {};
    if (received_.available().empty()) {
      const auto bytes = stream_->co_receive(context_, received_.space());
      if (!bytes || *bytes == 0)
        return {};
      received_.received(*bytes);
    }
    received_.skip(negotiation_.feed(received_.available(), out));
    if (negotiation_.state() == Negotiation::State::sizing) {
      negotiation_.asked_for()->device().co_update_size();
      negotiation_.sized(out);
    }
  }
}

// What has been received and not been looked at belongs to the handshake: nothing that came before
// it counts for afterwards.
std::string NegotiatingClient::co_start_tls() {
  auto secure =
      TlsStream::co_accept(context_, std::move(stream_), received_.available(), options_.tls);
  if (!secure)
    return secure.error();
  received_.skip(received_.available().size());
  stream_ = std::move(*secure);
  negotiation_.secured();
  return {};
}

// False if the client has gone.
bool NegotiatingClient::co_send_bytes(Bytes& bytes) {
  iovec piece{bytes.data(), bytes.size()};
  const std::error_code failed = stream_->co_send(context_, {&piece, 1});
  bytes.clear();
  return !failed;
}

} // namespace lockvet::runtime::nbd
