// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/net/outbox.h"

#include "runtime/aio/co_socket.h"

#include <sys/socket.h>

namespace lockvet::runtime::control {

void Outbox::put(std::string_view text) {
  if (broken_)
    return;
  waiting_ += text;
  if (sending_)
    return;
  sending_ = true;
  sender_.spawn(home_, [this]() LV_COROUTINE_FN {
    home_.assert_home();
    co_send_all();
    return std::error_code();
  });
}

void Outbox::co_send_all() {
  while (!waiting_.empty() && !broken_) {
    std::string text = std::exchange(waiting_, {});
    sending_bytes_ = text.size();
    iovec piece{text.data(), text.size()};
    if (co_send(home_, socket_, {&piece, 1})) {
      broken_ = true;
      waiting_.clear();
      // Whoever reads from it is to find out.
      shutdown(socket_, SHUT_RDWR);
    }
    sending_bytes_ = 0;
    wake_waiter();
  }
  sending_ = false;
}

void Outbox::wake_waiter() {
  if (Coroutine* const waiter = std::exchange(waiter_, nullptr))
    waiter->wake();
}

void Outbox::co_wait_until(size_t bytes) {
  while (size() > bytes && !broken_) {
    waiter_ = Coroutine::current();
    Coroutine::suspend();
  }
}

void Outbox::co_finish() {
  (void)sender_.wait();
}

} // namespace lockvet::runtime::control
