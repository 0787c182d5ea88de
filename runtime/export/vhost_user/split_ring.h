// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A split virtqueue seen from the device (virtio 1.2, section 2.7), in memory that the guest may
// change at any time: each field is read once, into a copy, and then checked. A queue owns it and
// uses it in its context's thread; the guest's memory outlives it. What a driver must not do is an
// error, and the ring is of no use afterwards.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_SPLIT_RING_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_SPLIT_RING_H

#include "runtime/export/vhost_user/guest_memory.h"
#include "runtime/export/vhost_user/virtio.h"

namespace lockvet::runtime::vhost_user {

// A buffer of the driver's: what the device reads, and then what it writes. Kept and used again, so
// that its lists keep their memory.
struct Chain {
  uint16_t head = 0;
  std::vector<iovec> readable;
  std::vector<iovec> writable;
};

class SplitRing {
public:
  // Of descriptors; powers of two.
  static constexpr uint32_t most_size = 32768;

  struct Layout {
    uint32_t size = 0;
    // Addresses in the front end's process.
    uint64_t descriptors = 0;
    uint64_t available = 0;
    uint64_t used = 0;
    // The driver tells from which index on it wants to be told, and so do we.
    bool event_index = false;
    bool indirect = false;
  };

  // The error is a sentence. `next_available` is where the device goes on.
  static std::expected<SplitRing, std::string>
  create(const GuestMemory& memory, const Layout& layout, uint16_t next_available);

  // Whether there was a buffer, which is then the driver's no more. The error is a sentence.
  std::expected<bool, std::string> take(Chain& chain);
  // The buffer of a head that was taken in an earlier life. Likewise.
  std::expected<void, std::string> take_again(uint16_t head, Chain& chain) const;

  // Puts a buffer back, with how many bytes were written to it; the driver sees it when they are
  // published. No more of them than there are descriptors.
  void put(uint16_t head, uint32_t written);
  // Whether the driver wants to be told.
  bool publish();

  // Asks the driver not to kick. It may do so all the same.
  void suppress_kicks();
  // Asks for a kick when there is something to take; false if there is already.
  bool allow_kicks();

  // Goes on there instead; nothing was taken yet.
  void go_on_from(uint16_t next_available) {
    next_available_ = next_available;
    seen_available_ = next_available;
  }

  uint16_t next_available() const { return next_available_; }
  // Published.
  uint16_t used_index() const { return published_; }

private:
  SplitRing(const GuestMemory& memory, const Layout& layout) : memory_(&memory), layout_(layout) {}

  std::expected<void, std::string> add(const vring_desc& descriptor, Chain& chain) const;
  std::expected<void, std::string> add_indirect(const vring_desc& table, Chain& chain) const;

  const GuestMemory* memory_;
  Layout layout_;
  vring_desc* descriptors_ = nullptr;
  vring_avail* available_ = nullptr;
  vring_used* used_ = nullptr;
  // Behind what was used: from which index on we want to be kicked.
  uint16_t* kick_event_ = nullptr;
  uint16_t next_available_ = 0;
  // What the driver had made available when we looked last.
  uint16_t seen_available_ = 0;
  // Of the buffers that were put back.
  uint16_t next_used_ = 0;
  uint16_t published_ = 0;
};

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_SPLIT_RING_H
