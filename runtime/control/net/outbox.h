// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is still to be sent to a client, sent by a coroutine of its own, so that whoever has
// something to say does not wait for a slow client. It belongs to the client's connection, in the
// thread of its context. The connection sees to it that it does not grow: by waiting, or by
// cutting the client off.

#ifndef LOCKVET_RUNTIME_CONTROL_NET_OUTBOX_H
#define LOCKVET_RUNTIME_CONTROL_NET_OUTBOX_H

#include "runtime/aio/aio_context.h"
#include "runtime/coroutine/co_group.h"

#include <string>
#include <string_view>

namespace lockvet::runtime::control {

class Outbox {
public:
  // The socket stays open until co_finish() has returned.
  Outbox(AioContext& home, int socket) : home_(home), socket_(socket) {}
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // For an owner in the same context, whose name for it the analysis can't know to be ours.
  void assert_home() const LV_ASSERT_CONTEXT(home_) { home_.assert_home(); }

  void put(std::string_view text) LV_REQUIRES_CONTEXT(home_);
  // Bytes that the socket has not taken.
  size_t size() const LV_REQUIRES_CONTEXT(home_) { return waiting_.size() + sending_bytes_; }
  // Until no more than so many bytes are left, or the client has gone.
  void LV_COROUTINE_FN co_wait_until(size_t bytes) LV_REQUIRES_CONTEXT(home_);
  // Until all is sent, or the client has gone. Nothing is put afterwards.
  void LV_COROUTINE_FN co_finish() LV_REQUIRES_CONTEXT(home_);

private:
  void LV_COROUTINE_FN co_send_all() LV_REQUIRES_CONTEXT(home_);
  void wake_waiter() LV_REQUIRES_CONTEXT(home_);

  AioContext& home_;
  const int socket_;
  CoGroup sender_;
  std::string waiting_ LV_OWNED_BY_CONTEXT(home_);
  size_t sending_bytes_ LV_OWNED_BY_CONTEXT(home_) = 0;
  bool sending_ LV_OWNED_BY_CONTEXT(home_) = false;
  bool broken_ LV_OWNED_BY_CONTEXT(home_) = false;
  Coroutine* waiter_ LV_OWNED_BY_CONTEXT(home_) = nullptr;
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_NET_OUTBOX_H
