// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sends the replies of a connection: all that are done by its turn go in one call, and what gets
// done meanwhile in the next. A transmission owns it, in its context's thread, and runs it as a
// coroutine.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_REPLY_SENDER_H
#define LOCKVET_RUNTIME_EXPORT_NBD_REPLY_SENDER_H

#include "runtime/export/nbd/in_flight.h"
#include "runtime/export/stream.h"

namespace lockvet::runtime::nbd {

class ReplySender {
public:
  // Is told of each whose reply has been sent, or that nobody will get any more.
  struct Sent {
    void (*function)(void* argument, InFlight& request);
    // And that the client has taken a part of a batch.
    void (*progressed)(void* argument);
    void* argument;
  };

  ReplySender(AioContext& context, Stream& stream, Sent sent)
      : context_(context), stream_(stream), sent_(sent) {}
  ReplySender(const ReplySender&) = delete;
  ReplySender& operator=(const ReplySender&) = delete;

  // As that of Transmission.
  void assert_home() const LV_ASSERT_CONTEXT(context_) { context_.assert_home(); }

  // Until finish() was called and all are sent. After an error of the socket the rest is dropped.
  void LV_COROUTINE_FN co_run() LV_REQUIRES_CONTEXT(context_);

  void queue(InFlight& request) LV_REQUIRES_CONTEXT(context_);
  void finish() LV_REQUIRES_CONTEXT(context_);
  // Whether nobody takes replies any more.
  bool broken() const LV_REQUIRES_CONTEXT(context_) { return broken_; }

private:
  void wake() LV_REQUIRES_CONTEXT(context_);
  void gather() LV_REQUIRES_CONTEXT(context_);
  std::error_code LV_COROUTINE_FN co_send_pieces() LV_REQUIRES_CONTEXT(context_);

  AioContext& context_;
  Stream& stream_;
  const Sent sent_;
  InFlight* first_ LV_OWNED_BY_CONTEXT(context_) = nullptr;
  InFlight** last_ LV_OWNED_BY_CONTEXT(context_) = &first_;
  bool finishing_ LV_OWNED_BY_CONTEXT(context_) = false;
  bool broken_ LV_OWNED_BY_CONTEXT(context_) = false;
  // The coroutine, while it waits for something to do.
  Coroutine* waiting_ LV_OWNED_BY_CONTEXT(context_) = nullptr;
  // What goes in one call: the requests, and their bytes.
  InFlight* batch_ LV_OWNED_BY_CONTEXT(context_) = nullptr;
  std::vector<iovec> pieces_ LV_OWNED_BY_CONTEXT(context_);
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_REPLY_SENDER_H
