// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One connection of HTTP: a request, its answer, and the end. Its server owns it and runs it in the
// main loop's context. A client that takes longer than the limit to ask or to read is cut off.

#ifndef LOCKVET_RUNTIME_CONTROL_NET_HTTP_CLIENT_H
#define LOCKVET_RUNTIME_CONTROL_NET_HTTP_CLIENT_H

#include "runtime/control/net/client_server.h"
#include "runtime/control/net/http_request.h"

namespace lockvet::runtime::control {

class HttpClient final : public ClientServer::Client {
public:
  static constexpr size_t most_head_bytes = 8192;
  static constexpr std::chrono::seconds time_limit{10};
  // What is at a path; in the main loop, outside of coroutines.
  using Answer = std::function<HttpResponse(const std::string& path)>;

  // The answer outlives it.
  HttpClient(AioContext& home, FileDescriptor socket, const Answer& answer);
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void LV_COROUTINE_FN co_run() override;
  void shut_down() override;

private:
  // Nothing if the client has gone.
  std::string LV_COROUTINE_FN co_receive_head() LV_REQUIRES_CONTEXT(home_);
  HttpResponse LV_COROUTINE_FN co_answer(const std::string& head) LV_REQUIRES_CONTEXT(home_);

  AioContext& home_;
  const FileDescriptor socket_;
  const Answer& answer_;
  Timer time_limit_;
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_NET_HTTP_CLIENT_H
