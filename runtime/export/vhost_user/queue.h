// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One virtqueue of a block device: takes requests from its ring when the driver kicks, runs each in
// a coroutine, and puts them back, many at a time. It belongs to one context, which alone touches
// it and the ring's memory; a session owns it, and goes to that context to change anything.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_QUEUE_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_QUEUE_H

#include "runtime/aio/bottom_half.h"
#include "runtime/export/vhost_user/block_request.h"
#include "runtime/export/vhost_user/event_descriptor.h"
#include "runtime/export/vhost_user/inflight_region.h"

#include <deque>
#include <optional>

namespace lockvet::runtime::vhost_user {

class Queue {
public:
  // What a front end says of a ring that is stopped.
  struct Setup {
    SplitRing::Layout layout = {};
    uint16_t next_available = 0;
    bool enabled = false;
    // Where to go on is not what the front end says if there is this.
    std::shared_ptr<const InflightFile> inflight = nullptr;
  };

  // The context outlives it, and does not end before it is stopped. The number is for messages.
  Queue(AioContext& context, uint16_t number, const ServerOptions& options);
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  AioContext& context() const LV_RETURN_CAPABILITY(context_) { return context_; }
  // For a session, whose name for the context the analysis can't know to be ours.
  void assert_home() const LV_ASSERT_CONTEXT(context_) { context_.assert_home(); }

  // --- in its context ---

  bool started() const LV_REQUIRES_CONTEXT(context_) { return ring_.has_value(); }

  // Begins to serve the ring. The error is a sentence.
  std::expected<void, std::string> start(std::shared_ptr<const GuestMemory> memory,
                                         const Setup& setup, const BlockTarget& target)
      LV_REQUIRES_CONTEXT(context_);
  // Takes nothing more, completes what is in flight, and returns where to go on. Nothing happens to
  // one that is stopped, which returns what it was told.
  uint16_t LV_COROUTINE_FN co_stop() LV_REQUIRES_CONTEXT(context_);

  // Of a ring that serves or does not. A kick descriptor is watched as long as it is there.
  std::expected<void, std::string> set_kick(EventDescriptor kick) LV_REQUIRES_CONTEXT(context_);
  void set_call(EventDescriptor call) LV_REQUIRES_CONTEXT(context_);
  void set_error(EventDescriptor error) LV_REQUIRES_CONTEXT(context_) { error_ = std::move(error); }
  void set_enabled(bool enabled) LV_REQUIRES_CONTEXT(context_);
  // Of writes that begin from now on.
  void set_write_through(bool write_through) LV_REQUIRES_CONTEXT(context_) {
    target_.write_through = write_through;
  }

private:
  struct InFlight {
    Chain chain;
    BlockRequest request;
    uint8_t status = 0;
    InFlight* next = nullptr;
  };

  void serve() LV_REQUIRES_CONTEXT(context_);
  bool take_all() LV_REQUIRES_CONTEXT(context_);
  void begin(InFlight& one) LV_REQUIRES_CONTEXT(context_);
  void submit_again(const std::vector<uint16_t>& heads) LV_REQUIRES_CONTEXT(context_);
  void complete(InFlight& one, uint8_t status) LV_REQUIRES_CONTEXT(context_);
  void put_back() LV_REQUIRES_CONTEXT(context_);
  InFlight& take_slot() LV_REQUIRES_CONTEXT(context_);
  void release(InFlight& one) LV_REQUIRES_CONTEXT(context_);
  void fail(const std::string& why) LV_REQUIRES_CONTEXT(context_);

  AioContext& context_;
  const uint16_t number_;
  const ServerOptions& options_;

  EventDescriptor kick_ LV_OWNED_BY_CONTEXT(context_);
  EventDescriptor call_ LV_OWNED_BY_CONTEXT(context_);
  EventDescriptor error_ LV_OWNED_BY_CONTEXT(context_);
  FdWatch kicked_;
  // Puts back what was completed since it was scheduled.
  BottomHalf putting_back_;
  // Looks at the ring while kicks are suppressed.
  BottomHalf looking_;

  BlockTarget target_ LV_OWNED_BY_CONTEXT(context_);
  std::shared_ptr<const GuestMemory> memory_ LV_OWNED_BY_CONTEXT(context_);
  std::shared_ptr<const InflightFile> inflight_file_ LV_OWNED_BY_CONTEXT(context_);
  std::optional<SplitRing> ring_ LV_OWNED_BY_CONTEXT(context_);
  std::optional<InflightRegion> inflight_ LV_OWNED_BY_CONTEXT(context_);
  bool enabled_ LV_OWNED_BY_CONTEXT(context_) = false;
  // The driver has done what it must not; nothing more is taken.
  bool failed_ LV_OWNED_BY_CONTEXT(context_) = false;
  bool stopping_ LV_OWNED_BY_CONTEXT(context_) = false;
  uint16_t next_available_ LV_OWNED_BY_CONTEXT(context_) = 0;

  // Which heads are in flight, so that none is twice.
  std::vector<bool> heads_ LV_OWNED_BY_CONTEXT(context_);
  std::deque<InFlight> slots_ LV_OWNED_BY_CONTEXT(context_);
  InFlight* free_slots_ LV_OWNED_BY_CONTEXT(context_) = nullptr;
  // And not yet put back.
  std::vector<InFlight*> done_ LV_OWNED_BY_CONTEXT(context_);
  unsigned in_flight_ LV_OWNED_BY_CONTEXT(context_) = 0;
  // The session, while it waits for the last request.
  Coroutine* waiting_ LV_OWNED_BY_CONTEXT(context_) = nullptr;

  AdaptivePolling polling_ LV_OWNED_BY_CONTEXT(context_);
  // Since when there is nothing to take.
  Clock::time_point idle_since_ LV_OWNED_BY_CONTEXT(context_);
};

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_QUEUE_H
