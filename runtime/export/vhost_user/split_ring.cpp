// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/vhost_user/split_ring.h"

#include <array>
#include <atomic>

namespace lockvet::runtime::vhost_user {

namespace {

template <typename Value> Value load(Value& from, std::memory_order order) {
  return std::atomic_ref(from).load(order);
}

template <typename Value> void store(Value& to, Value value, std::memory_order order) {
  std::atomic_ref(to).store(value, order);
}

template <typename Value> Value* aligned(std::byte* at) {
  return reinterpret_cast<uintptr_t>(at) % alignof(Value) == 0 ? reinterpret_cast<Value*>(at)
                                                               : nullptr;
}

std::unexpected<std::string> wrong(const char* what) {
  return std::unexpected(std::string(what));
}

constexpr const char* too_long = "a chain has more descriptors than its ring";

} // namespace

std::expected<SplitRing, std::string>
SplitRing::create(const GuestMemory& memory, const Layout& layout, uint16_t next_available) {
  if (!std::has_single_bit(layout.size) || layout.size > most_size)
    return std::unexpected("a ring has " + std::to_string(layout.size) +
                           " descriptors, which is no power of two up to " +
                           std::to_string(most_size));
  SplitRing ring(memory, layout);
  // Each ring ends with the index of an event, which the driver lays out in any case.
  const uint64_t size = layout.size;
  ring.descriptors_ =
      aligned<vring_desc>(memory.at_user_address(layout.descriptors, size * sizeof(vring_desc)));
  ring.available_ = aligned<vring_avail>(
      memory.at_user_address(layout.available, sizeof(vring_avail) + (size + 1) * 2));
  const uint64_t used_bytes = sizeof(vring_used) + size * sizeof(vring_used_elem);
  std::byte* const used = memory.at_user_address(layout.used, used_bytes + 2);
  ring.used_ = aligned<vring_used>(used);
  if (ring.descriptors_ == nullptr || ring.available_ == nullptr || ring.used_ == nullptr)
    return std::unexpected("a ring is not within the guest's memory, or not aligned");
  ring.kick_event_ = reinterpret_cast<uint16_t*>(used + used_bytes);
  ring.next_available_ = next_available;
  ring.seen_available_ = next_available;
  ring.next_used_ = load(ring.used_->idx, std::memory_order_acquire);
  ring.published_ = ring.next_used_;
  return ring;
}

std::expected<bool, std::string> SplitRing::take(Chain& chain) {
  if (seen_available_ == next_available_) {
    seen_available_ = load(available_->idx, std::memory_order_acquire);
    if (seen_available_ == next_available_)
      return false;
    if (static_cast<uint16_t>(seen_available_ - next_available_) > layout_.size) {
      seen_available_ = next_available_;
      return wrong("the driver makes more buffers available than its ring has");
    }
  }
  const uint16_t head =
      load(available_->ring[next_available_ & (layout_.size - 1)], std::memory_order_relaxed);
  if (auto taken = take_again(head, chain); !taken)
    return std::unexpected(std::move(taken.error()));
  ++next_available_;
  return true;
}

std::expected<void, std::string> SplitRing::take_again(uint16_t head, Chain& chain) const {
  chain.head = head;
  chain.readable.clear();
  chain.writable.clear();
  uint16_t index = head;
  // Each descriptor is there once, so that what goes on for longer goes round in circles.
  for (uint32_t left = layout_.size; left > 0; --left) {
    if (index >= layout_.size)
      return wrong("a chain refers to a descriptor that its ring does not have");
    vring_desc descriptor;
    copy_from_guest(&descriptor, descriptors_ + index, sizeof descriptor);
    if ((descriptor.flags & VRING_DESC_F_INDIRECT) != 0)
      return add_indirect(descriptor, chain);
    if (auto added = add(descriptor, chain); !added)
      return added;
    if ((descriptor.flags & VRING_DESC_F_NEXT) == 0)
      return {};
    index = descriptor.next;
  }
  return wrong(too_long);
}

std::expected<void, std::string> SplitRing::add(const vring_desc& descriptor, Chain& chain) const {
  const bool writable = (descriptor.flags & VRING_DESC_F_WRITE) != 0;
  if (!writable && !chain.writable.empty())
    return wrong("a chain has memory to read after memory to write");
  if (!memory_->add_pieces(descriptor.addr, descriptor.len,
                           writable ? chain.writable : chain.readable))
    return wrong("a descriptor refers to memory that the guest does not have");
  return {};
}

// Descriptors before it in the chain were added already; none come after it.
std::expected<void, std::string> SplitRing::add_indirect(const vring_desc& table,
                                                         Chain& chain) const {
  if (!layout_.indirect)
    return wrong("a descriptor is indirect, which was not negotiated");
  if ((table.flags & VRING_DESC_F_NEXT) != 0)
    return wrong("an indirect descriptor has a next one");
  const uint32_t count = table.len / sizeof(vring_desc);
  if (count == 0 || table.len % sizeof(vring_desc) != 0 || count > layout_.size)
    return wrong("a table of indirect descriptors has no valid length");
  const std::byte* const from = memory_->at_guest_address(table.addr, table.len);
  if (from == nullptr)
    return wrong("a table of indirect descriptors is not within a region of the guest's memory");
  uint16_t index = 0;
  for (uint32_t left = count; left > 0; --left) {
    vring_desc descriptor;
    copy_from_guest(&descriptor, from + size_t{index} * sizeof descriptor, sizeof descriptor);
    if ((descriptor.flags & VRING_DESC_F_INDIRECT) != 0)
      return wrong("an indirect descriptor is in a table of such");
    if (auto added = add(descriptor, chain); !added)
      return added;
    if ((descriptor.flags & VRING_DESC_F_NEXT) == 0)
      return {};
    index = descriptor.next;
    if (index >= count)
      return wrong("a chain refers to a descriptor that its table does not have");
  }
  return wrong(too_long);
}

void SplitRing::put(uint16_t head, uint32_t written) {
  vring_used_elem& place = used_->ring[next_used_ & (layout_.size - 1)];
  store(place.id, uint32_t{head}, std::memory_order_relaxed);
  store(place.len, written, std::memory_order_relaxed);
  ++next_used_;
}

bool SplitRing::publish() {
  const uint16_t before = published_;
  published_ = next_used_;
  store(used_->idx, published_, std::memory_order_release);
  // The driver writes what it wants and reads the index, and we the other way round.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!layout_.event_index)
    return (load(available_->flags, std::memory_order_relaxed) & VRING_AVAIL_F_NO_INTERRUPT) == 0;
  const uint16_t wanted = load(available_->ring[layout_.size], std::memory_order_relaxed);
  return vring_need_event(wanted, published_, before) != 0;
}

void SplitRing::suppress_kicks() {
  // With event indexes a kick is asked for each time, and so there is nothing to take back.
  if (!layout_.event_index)
    store(used_->flags, uint16_t{VRING_USED_F_NO_NOTIFY}, std::memory_order_relaxed);
}

bool SplitRing::allow_kicks() {
  if (layout_.event_index)
    store(*kick_event_, next_available_, std::memory_order_relaxed);
  else
    store(used_->flags, uint16_t{0}, std::memory_order_relaxed);
  // As in publish(), the other way round.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return load(available_->idx, std::memory_order_acquire) == next_available_;
}

} // namespace lockvet::runtime::vhost_user
