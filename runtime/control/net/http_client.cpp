// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/net/http_client.h"

#include "runtime/aio/co_socket.h"

#include <array>
#include <sys/socket.h>

namespace lockvet::runtime::control {

HttpClient::HttpClient(AioContext& home, FileDescriptor socket, const Answer& answer)
    : home_(home), socket_(std::move(socket)), answer_(answer),
      time_limit_({[](void* argument) {
                     shutdown(static_cast<HttpClient*>(argument)->socket_.get(), SHUT_RDWR);
                   },
                   this}) {}

void HttpClient::co_run() {
  home_.assert_home();
  home_.arm(time_limit_, Clock::now() + time_limit);
  if (const std::string head = co_receive_head(); !head.empty()) {
    std::string text = http_text(co_answer(head));
    iovec piece{text.data(), text.size()};
    (void)co_send(home_, socket_.get(), {&piece, 1});
    shutdown(socket_.get(), SHUT_WR);
  }
  home_.disarm(time_limit_);
}

void HttpClient::shut_down() {
  shutdown(socket_.get(), SHUT_RDWR);
}

std::string HttpClient::co_receive_head() {
  std::array<std::byte, 1024> buffer;
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    if (head.size() > most_head_bytes)
      return {};
    const auto received = co_receive(home_, socket_.get(), buffer);
    if (!received || *received == 0)
      return {};
    head.append(reinterpret_cast<const char*>(buffer.data()), *received);
  }
  return head;
}

HttpResponse HttpClient::co_answer(const std::string& head) {
  const auto path = parse_http_request(head);
  if (!path)
    return path.error();
  HttpResponse response{.status = 503, .body = "The program is ending.\n"};
  Coroutine& self = *Coroutine::current();
  const bool scheduled = home_.schedule([&] {
    MainLoop::assert_here();
    response = answer_(*path);
    self.wake();
  });
  if (scheduled)
    Coroutine::suspend();
  return response;
}

} // namespace lockvet::runtime::control
