// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The part of a session that changes rings and the memory that they are in.

#include "runtime/aio/co_wait.h"
#include "runtime/export/vhost_user/session.h"

#include <algorithm>

namespace lockvet::runtime::vhost_user {

// Who goes on with what needs the context says so anew, as after co_move().
template <typename Body> auto Session::co_at(Queue& queue, const Body& body) {
  AioContext& away = queue.context();
  context_.assert_home();
  // Neither context ends meanwhile: the session holds them all.
  (void)co_move(context_, away);
  away.assert_home();
  if constexpr (std::is_void_v<decltype(body(queue))>) {
    body(queue);
    (void)co_move(away, context_);
    context_.assert_home();
  } else {
    auto result = body(queue);
    (void)co_move(away, context_);
    context_.assert_home();
    return result;
  }
}

Session::Ring* Session::ring_at(uint64_t index) {
  return index < rings_.size() ? &rings_[index] : nullptr;
}

bool Session::write_through() const {
  return needs_write_through(features_, writeback_);
}

BlockTarget Session::target() const {
  BlockTarget made{.device = &device_,
                   .read_only = options_.read_only || device_.read_only(),
                   .write_through = write_through(),
                   .block_bytes = logical_block_bytes(device_),
                   .serial = {}};
  options_.serial.copy(made.serial.data(), made.serial.size());
  return made;
}

// --- memory --------------------------------------------------------------------------------------

Session::Done Session::co_set_memory_table(const Message& message) {
  const auto head = message.payload_as<MemoryTableHead>();
  if (!head)
    return std::unexpected("a table of memory is too short");
  if (head->regions != message.descriptors.size())
    return std::unexpected("a table of memory has not as many descriptors as regions");
  GuestMemory memory;
  for (size_t index = 0; index < head->regions; ++index) {
    const auto region = message.value_at<RegionDescription>(
        sizeof *head + index * sizeof(RegionDescription), sizeof(RegionDescription));
    if (!region)
      return std::unexpected("a table of memory is too short");
    auto with = memory.with(*region, message.descriptors[index], options_.memory);
    if (!with)
      return std::unexpected(std::move(with.error()));
    memory = std::move(*with);
  }
  return co_use_memory(std::make_shared<const GuestMemory>(std::move(memory)));
}

Session::Done Session::co_add_region(const Message& message) {
  const auto single = message.payload_as<SingleRegion>();
  if (!single || message.descriptors.size() != 1)
    return std::unexpected("a region of memory to add is not whole");
  auto with = (memory_ != nullptr ? *memory_ : GuestMemory())
                  .with(single->region, message.descriptors.front(), options_.memory);
  if (!with)
    return std::unexpected(std::move(with.error()));
  return co_use_memory(std::make_shared<const GuestMemory>(std::move(*with)));
}

Session::Done Session::co_remove_region(const Message& message) {
  const auto single = message.payload_as<SingleRegion>();
  if (!single || memory_ == nullptr)
    return std::unexpected("a region of memory to remove is not whole");
  auto without = memory_->without(single->region);
  if (!without)
    return std::unexpected(std::move(without.error()));
  return co_use_memory(std::make_shared<const GuestMemory>(std::move(*without)));
}

// Nothing uses the memory of before when it returns: rings stop for a moment.
Session::Done Session::co_use_memory(std::shared_ptr<const GuestMemory> memory) {
  std::vector<Ring*> stopped;
  for (Ring& ring : rings_) {
    if (!ring.started)
      continue;
    co_stop(ring);
    stopped.push_back(&ring);
  }
  memory_ = std::move(memory);
  for (Ring* const ring : stopped) {
    if (auto started = co_start(*ring); !started)
      return started;
  }
  return {};
}

// --- rings ---------------------------------------------------------------------------------------

Session::Done Session::set_ring_layout(Ring& ring, const Message& message) {
  if (ring.started)
    return std::unexpected("the front end changes a ring that is being served");
  const auto state = message.payload_as<RingState>();
  SplitRing::Layout& layout = ring.setup.layout;
  if (message.type() == RequestType::set_vring_num) {
    layout.size = state->number;
  } else if (message.type() == RequestType::set_vring_base) {
    ring.setup.next_available = static_cast<uint16_t>(state->number);
  } else {
    const auto addresses = message.payload_as<RingAddresses>();
    if (!addresses)
      return std::unexpected("the addresses of a ring are not whole");
    layout.descriptors = addresses->descriptors;
    layout.available = addresses->available;
    layout.used = addresses->used;
    ring.has_addresses = true;
  }
  return {};
}

// What comes with a descriptor: to kick by, to call by, or to tell of an error.
Session::Done Session::co_set_event(Message& message) {
  const auto number = message.payload_as<uint64_t>();
  Ring* const ring = number ? ring_at(*number & ring_index_mask) : nullptr;
  if (ring == nullptr)
    return std::unexpected("a descriptor is for no ring that there is");
  EventDescriptor event;
  if ((*number & ring_no_descriptor) == 0) {
    if (message.descriptors.size() != 1)
      return std::unexpected("the descriptor of a ring is missing");
    auto adopted = EventDescriptor::adopt(std::move(message.descriptors.front()));
    if (!adopted)
      return std::unexpected(std::move(adopted.error()));
    event = std::move(*adopted);
  }
  const RequestType type = message.type();
  if (type == RequestType::set_vring_kick && !event.valid())
    return std::unexpected("a ring without a descriptor to kick by would have to be polled");
  Done done = co_at(ring->queue, [&](Queue& queue) LV_COROUTINE_FN -> Done {
    queue.assert_home();
    if (type == RequestType::set_vring_kick)
      return queue.set_kick(std::move(event));
    if (type == RequestType::set_vring_call)
      queue.set_call(std::move(event));
    else
      queue.set_error(std::move(event));
    return {};
  });
  context_.assert_home();
  if (done && type == RequestType::set_vring_kick) {
    ring->kicked = true;
    done = co_start(*ring);
  }
  return done;
}

Session::Done Session::co_set_enabled(Ring& ring, bool enabled) {
  ring.setup.enabled = enabled;
  co_at(ring.queue, [enabled](Queue& queue) LV_COROUTINE_FN {
    queue.assert_home();
    queue.set_enabled(enabled);
  });
  context_.assert_home();
  return co_start(ring);
}

void Session::co_set_write_through() {
  if (inflight_ != nullptr)
    inflight_->set_write_through(!writeback_);
  const bool through = write_through();
  for (Ring& ring : rings_) {
    co_at(ring.queue, [through](Queue& queue) LV_COROUTINE_FN {
      queue.assert_home();
      queue.set_write_through(through);
    });
  }
  // Writes that have ended before are stable as well from now on.
  if (through)
    (void)device_.co_flush();
}

// If all is known of it; nothing happens otherwise.
Session::Done Session::co_start(Ring& ring) {
  if (ring.started || !ring.kicked || !ring.has_addresses || ring.setup.layout.size == 0 ||
      memory_ == nullptr)
    return {};
  ring.setup.layout.event_index = (features_ & uint64_t{1} << VIRTIO_RING_F_EVENT_IDX) != 0;
  ring.setup.layout.indirect = (features_ & uint64_t{1} << VIRTIO_RING_F_INDIRECT_DESC) != 0;
  const bool tracked = inflight_ != nullptr && (protocol_features_ & protocol_inflight) != 0;
  ring.setup.inflight = tracked ? inflight_ : nullptr;
  Done done =
      co_at(ring.queue, [&, memory = memory_, target = target()](Queue& queue) LV_COROUTINE_FN {
        queue.assert_home();
        return queue.start(memory, ring.setup, target);
      });
  ring.started = done.has_value();
  return done;
}

void Session::co_stop(Ring& ring) {
  if (!ring.started)
    return;
  ring.setup.next_available = co_at(ring.queue, [](Queue& queue) LV_COROUTINE_FN {
    queue.assert_home();
    return queue.co_stop();
  });
  ring.started = false;
}

// A ring that has stopped is started by the next one.
void Session::co_forget_kick(Ring& ring) {
  co_stop(ring);
  ring.kicked = false;
  (void)co_at(ring.queue, [](Queue& queue) LV_COROUTINE_FN {
    queue.assert_home();
    return queue.set_kick({});
  });
}

void Session::co_stop_all() {
  for (Ring& ring : rings_)
    co_stop(ring);
}

} // namespace lockvet::runtime::vhost_user
