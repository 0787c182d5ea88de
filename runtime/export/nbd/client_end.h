// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What ends a client's time from outside: a request to stop, from any thread, or the time that it
// has. A phase of the client's connection owns one, in its context's thread.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_CLIENT_END_H
#define LOCKVET_RUNTIME_EXPORT_NBD_CLIENT_END_H

#include "runtime/aio/bottom_half.h"
#include "runtime/coroutine/cancellation.h"
#include "runtime/export/stream.h"

namespace lockvet::runtime::nbd {

class ClientEnd {
public:
  // `stopping` is called at home when a stop is requested; from then on the client can't send any
  // more, and has `shutdown_time` to take its answers. All that is named outlives it.
  ClientEnd(AioContext& context, Stream& stream, std::chrono::milliseconds shutdown_time,
            Callback stopping);
  ClientEnd(const ClientEnd&) = delete;
  ClientEnd& operator=(const ClientEnd&) = delete;

  // As that of Transmission.
  void assert_home() const LV_ASSERT_CONTEXT(context_) { context_.assert_home(); }

  // Listens to one of two. False if the stop was requested already.
  [[nodiscard]] bool listen_to(Cancellation& stop) LV_REQUIRES_CONTEXT(context_);
  // Until then the client has time, after which it is cut off.
  void limit(Clock::time_point end) LV_REQUIRES_CONTEXT(context_);
  void unlimited() LV_REQUIRES_CONTEXT(context_);
  // Cuts it off soon. From any thread, without waiting for anything, until finish().
  void evict() noexcept { (void)evicted_.schedule(); }
  // Before it is destroyed: it does not listen any more.
  void finish() LV_REQUIRES_CONTEXT(context_);

  // A stop was requested.
  bool stopped() const LV_REQUIRES_CONTEXT(context_) { return stopped_; }
  bool cut_off() const LV_REQUIRES_CONTEXT(context_) { return cut_off_; }

private:
  struct Listening {
    explicit Listening(BottomHalf& told)
        : listener([](void* argument) { (void)static_cast<BottomHalf*>(argument)->schedule(); },
                   &told) {}
    Cancellation* to = nullptr;
    Cancellation::Listener listener;
  };

  void stop() LV_REQUIRES_CONTEXT(context_);
  void cut() LV_REQUIRES_CONTEXT(context_);

  AioContext& context_;
  Stream& stream_;
  const std::chrono::milliseconds shutdown_time_;
  const Callback stopping_;
  // To wake up at home when the stop is requested elsewhere.
  BottomHalf told_;
  BottomHalf evicted_;
  Listening server_{told_};
  Listening export_{told_};
  Timer time_limit_;
  bool stopped_ LV_OWNED_BY_CONTEXT(context_) = false;
  bool cut_off_ LV_OWNED_BY_CONTEXT(context_) = false;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_CLIENT_END_H
