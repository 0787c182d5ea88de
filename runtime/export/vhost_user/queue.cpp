// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/vhost_user/queue.h"

#include <poll.h>

namespace lockvet::runtime::vhost_user {

Queue::Queue(AioContext& context, uint16_t number, const ServerOptions& options)
    : context_(context), number_(number), options_(options),
      kicked_({[](void* argument, unsigned) {
                 auto& self = *static_cast<Queue*>(argument);
                 self.context_.assert_home();
                 self.serve();
               },
               this}),
      putting_back_(context, {[](void* argument) {
                                auto& self = *static_cast<Queue*>(argument);
                                self.context_.assert_home();
                                self.put_back();
                              },
                              this}),
      looking_(context, {[](void* argument) {
                           auto& self = *static_cast<Queue*>(argument);
                           self.context_.assert_home();
                           self.serve();
                         },
                         this}),
      polling_(options.polling_limit) {}

// --- from the session ----------------------------------------------------------------------------

std::expected<void, std::string> Queue::start(std::shared_ptr<const GuestMemory> memory,
                                              const Setup& setup, const BlockTarget& target) {
  auto ring = SplitRing::create(*memory, setup.layout, setup.next_available);
  if (!ring)
    return std::unexpected(std::move(ring.error()));
  std::vector<uint16_t> heads;
  inflight_.reset();
  if (setup.inflight != nullptr) {
    if (number_ >= setup.inflight->queues() || setup.layout.size != setup.inflight->queue_size())
      return std::unexpected("the memory for requests in flight is for other rings");
    inflight_ = setup.inflight->region(number_);
    auto recovered = inflight_->recover(ring->used_index());
    if (!recovered)
      return std::unexpected(std::move(recovered.error()));
    heads = std::move(*recovered);
    // All that was taken has been put back or is in flight.
    ring->go_on_from(static_cast<uint16_t>(ring->used_index() + heads.size()));
  }
  if (kick_.valid() && context_.watch_edges(kicked_, kick_.get(), POLLIN))
    return std::unexpected("the descriptor to kick by can't be waited for");
  ring_ = *ring;
  memory_ = std::move(memory);
  inflight_file_ = setup.inflight;
  target_ = target;
  enabled_ = setup.enabled;
  failed_ = false;
  heads_.assign(setup.layout.size, false);
  idle_since_ = Clock::now();
  submit_again(heads);
  serve();
  return {};
}

uint16_t Queue::co_stop() {
  if (!ring_)
    return next_available_;
  stopping_ = true;
  context_.unwatch(kicked_);
  looking_.assert_home();
  looking_.cancel();
  while (in_flight_ > 0) {
    waiting_ = Coroutine::current();
    Coroutine::suspend();
  }
  stopping_ = false;
  next_available_ = ring_->next_available();
  ring_.reset();
  inflight_.reset();
  inflight_file_.reset();
  memory_.reset();
  return next_available_;
}

std::expected<void, std::string> Queue::set_kick(EventDescriptor kick) {
  context_.unwatch(kicked_);
  kick_ = std::move(kick);
  if (ring_ && kick_.valid() && context_.watch_edges(kicked_, kick_.get(), POLLIN))
    return std::unexpected("the descriptor to kick by can't be waited for");
  return {};
}

void Queue::set_call(EventDescriptor call) {
  call_ = std::move(call);
  // What was put back before may have been told to the one before it only.
  if (ring_ && call_.valid())
    call_.signal();
}

void Queue::set_enabled(bool enabled) {
  enabled_ = enabled;
  serve();
}

// --- taking --------------------------------------------------------------------------------------

void Queue::serve() {
  if (!ring_ || !enabled_ || failed_ || stopping_)
    return;
  ring_->suppress_kicks();
  while (true) {
    if (take_all()) {
      const Clock::time_point now = Clock::now();
      polling_.note_idle(now - idle_since_);
      idle_since_ = now;
    }
    if (failed_)
      return;
    // As long as looking has paid lately, a kick costs both sides more.
    const auto span = polling_.span();
    if (span > std::chrono::nanoseconds::zero() && Clock::now() - idle_since_ < span) {
      (void)looking_.schedule();
      return;
    }
    if (!ring_->allow_kicks())
      continue;
    return;
  }
}

// Whether there was anything.
bool Queue::take_all() {
  bool taken_any = false;
  while (!failed_) {
    InFlight& one = take_slot();
    const auto taken = ring_->take(one.chain);
    if (!taken)
      fail(taken.error());
    if (!taken || !*taken) {
      release(one);
      break;
    }
    taken_any = true;
    begin(one);
  }
  return taken_any;
}

void Queue::submit_again(const std::vector<uint16_t>& heads) {
  for (const uint16_t head : heads) {
    InFlight& one = take_slot();
    if (const auto taken = ring_->take_again(head, one.chain); !taken) {
      fail(taken.error());
      release(one);
      return;
    }
    begin(one);
  }
}

void Queue::begin(InFlight& one) {
  const uint16_t head = one.chain.head;
  if (heads_[head]) {
    fail("the driver makes a buffer available that it has not got back");
    release(one);
    return;
  }
  if (const auto parsed = one.request.parse(one.chain); !parsed) {
    fail(parsed.error());
    release(one);
    return;
  }
  heads_[head] = true;
  ++in_flight_;
  if (inflight_)
    inflight_->begin(head);
  const uint8_t status = one.request.check(one.chain, target_);
  if (status != VIRTIO_BLK_S_OK) {
    complete(one, status);
    return;
  }
  // It can't be refused: the context does not end before the queue is stopped.
  (void)Coroutine::spawn(context_, [this, &one]() LV_COROUTINE_FN {
    context_.assert_home();
    // A later change of the target is for later requests.
    const BlockTarget target = target_;
    complete(one, one.request.co_execute(one.chain, target));
  });
}

// --- putting back --------------------------------------------------------------------------------

// The others that are done in this turn of the loop go along, so that the driver is told once.
void Queue::complete(InFlight& one, uint8_t status) {
  one.status = status;
  if (done_.empty())
    (void)putting_back_.schedule();
  done_.push_back(&one);
}

void Queue::put_back() {
  for (InFlight* const one : done_) {
    const uint16_t head = one->chain.head;
    const uint32_t written = one->request.finish(one->status);
    if (inflight_)
      inflight_->complete(head);
    ring_->put(head, written);
    heads_[head] = false;
    release(*one);
  }
  in_flight_ -= static_cast<unsigned>(done_.size());
  done_.clear();
  const bool wanted = ring_->publish();
  if (inflight_)
    inflight_->batch_published(ring_->used_index());
  if (wanted && call_.valid())
    call_.signal();
  if (in_flight_ == 0 && waiting_ != nullptr)
    std::exchange(waiting_, nullptr)->wake();
}

Queue::InFlight& Queue::take_slot() {
  InFlight* const slot = free_slots_;
  if (slot == nullptr)
    return slots_.emplace_back();
  free_slots_ = slot->next;
  return *slot;
}

void Queue::release(InFlight& one) {
  one.next = free_slots_;
  free_slots_ = &one;
}

void Queue::fail(const std::string& why) {
  failed_ = true;
  if (error_.valid())
    error_.signal();
  options_.log("queue " + std::to_string(number_) + " can't go on: " + why);
}

} // namespace lockvet::runtime::vhost_user
