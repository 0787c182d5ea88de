// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What ends a front end's time from outside: a request to stop the server, from any thread, the
// time that it has to introduce itself, or others that want its place. The coroutine that serves
// the front end owns one, in its context's thread.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_SESSION_END_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_SESSION_END_H

#include "runtime/aio/bottom_half.h"
#include "runtime/coroutine/cancellation.h"

namespace lockvet::runtime::vhost_user {

class SessionEnd {
public:
  // Both outlive it.
  SessionEnd(AioContext& context, Cancellation& stop);
  SessionEnd(const SessionEnd&) = delete;
  SessionEnd& operator=(const SessionEnd&) = delete;
  ~SessionEnd();

  void assert_home() const LV_ASSERT_CONTEXT(context_) { context_.assert_home(); }

  // Requested when the time is over for whatever reason, in the context's thread only.
  Cancellation& cancellation() LV_REQUIRES_CONTEXT(context_) { return over_; }

  void limit(Clock::time_point end) LV_REQUIRES_CONTEXT(context_) { context_.arm(limit_, end); }
  void unlimited() LV_REQUIRES_CONTEXT(context_) { context_.disarm(limit_); }
  bool too_late() const LV_REQUIRES_CONTEXT(context_) { return too_late_; }
  // From any thread, without waiting for anything.
  void evict() noexcept { (void)told_.schedule(); }

private:
  AioContext& context_;
  Cancellation& stop_;
  Cancellation over_;
  // Requests at home what is requested elsewhere.
  BottomHalf told_;
  Cancellation::Listener stopped_;
  bool listens_ = false;
  Timer limit_;
  bool too_late_ LV_OWNED_BY_CONTEXT(context_) = false;
};

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_SESSION_END_H
