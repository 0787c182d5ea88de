// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A front end that puts a vhost-user-blk back end under load and costs little itself: so many
// requests in flight in each of several queues, each random, 4 KiB, all from one thread, which
// sleeps when there is nothing to take.
//
//   vhost_user_load SOCKET read|write QUEUES DEPTH REQUESTS
//
// prints the seconds that it took; requests are those of all queues together.

#include "testsuite/unit/runtime/export/vhost_user/front_end.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <random>

using namespace lockvet::runtime::vhost_user;

namespace {

constexpr uint32_t block_bytes = 4096;
constexpr uint16_t ring_size = 128;

[[noreturn]] void fail(const char* why) {
  std::fprintf(stderr, "vhost_user_load: %s\n", why);
  std::exit(1);
}

// One queue. Its descriptors are written once: each slot has three of its own.
class Lane {
public:
  Lane(TestMemory& memory, bool event_index, unsigned depth, bool writes, uint64_t blocks)
      : ring_(memory, ring_size, event_index), memory_(memory), event_index_(event_index),
        headers_(memory.reserve(depth * 32)), blocks_(0, blocks - 1) {
    const uint64_t data = memory.reserve(uint64_t{depth} * block_bytes);
    for (uint16_t slot = 0; slot < depth; ++slot) {
      const uint64_t header = TestMemory::guest_base + headers_ + slot * 32U;
      const auto first = static_cast<uint16_t>(slot * 3);
      header_of(slot) = {.type = writes ? uint32_t{VIRTIO_BLK_T_OUT} : uint32_t{VIRTIO_BLK_T_IN},
                         .ioprio = 0,
                         .sector = 0};
      ring_.descriptor(first) = {header, sizeof(virtio_blk_outhdr), VRING_DESC_F_NEXT,
                                 static_cast<uint16_t>(first + 1)};
      ring_.descriptor(static_cast<uint16_t>(first + 1)) = {
          TestMemory::guest_base + data + uint64_t{slot} * block_bytes, block_bytes,
          static_cast<uint16_t>(VRING_DESC_F_NEXT | (writes ? 0 : VRING_DESC_F_WRITE)),
          static_cast<uint16_t>(first + 2)};
      ring_.descriptor(static_cast<uint16_t>(first + 2)) = {header + 16, 1, VRING_DESC_F_WRITE, 0};
      free_.push_back(slot);
    }
  }

  DriverRing& ring() { return ring_; }

  // Asks for as many as it can, and tells the device if it wants to be told.
  void submit(uint64_t& left) {
    const uint16_t before = available_;
    for (; left > 0 && !free_.empty(); --left) {
      const uint16_t slot = free_.back();
      free_.pop_back();
      header_of(slot).sector = blocks_(random_) * (block_bytes / 512);
      ring_.available_ring().ring[available_++ % ring_size] = static_cast<uint16_t>(slot * 3);
    }
    if (available_ == before)
      return;
    std::atomic_ref(ring_.available_ring().idx).store(available_, std::memory_order_release);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    vring_used& used = ring_.used_ring();
    const bool wanted =
        event_index_
            ? vring_need_event(std::atomic_ref(ring_.kick_event()).load(std::memory_order_relaxed),
                               available_, before) != 0
            : (std::atomic_ref(used.flags).load() & VRING_USED_F_NO_NOTIFY) == 0;
    if (wanted)
      ring_.kick();
  }
  // How many are done.
  unsigned reap() {
    vring_used& used = ring_.used_ring();
    const uint16_t there = std::atomic_ref(used.idx).load(std::memory_order_acquire);
    unsigned done = 0;
    for (; used_ != there; ++used_, ++done) {
      const auto slot = static_cast<uint16_t>(used.ring[used_ % ring_size].id / 3);
      if (*memory_.at(headers_ + slot * 32U + 16) != std::byte{VIRTIO_BLK_S_OK})
        fail("a request has failed");
      free_.push_back(slot);
    }
    return done;
  }
  // False if there is something to take already.
  bool ask_for_call() {
    if (event_index_)
      std::atomic_ref(ring_.available_ring().ring[ring_size]).store(used_);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return std::atomic_ref(ring_.used_ring().idx).load(std::memory_order_acquire) == used_;
  }

private:
  virtio_blk_outhdr& header_of(uint16_t slot) {
    return *reinterpret_cast<virtio_blk_outhdr*>(memory_.at(headers_ + slot * 32U));
  }

  DriverRing ring_;
  TestMemory& memory_;
  const bool event_index_;
  const uint64_t headers_;
  std::minstd_rand random_;
  std::uniform_int_distribution<uint64_t> blocks_;
  std::vector<uint16_t> free_;
  uint16_t available_ = 0;
  uint16_t used_ = 0;
};

void sleep_until_called(std::deque<Lane>& lanes) {
  std::vector<pollfd> calls;
  for (Lane& lane : lanes) {
    if (!lane.ask_for_call())
      return;
    calls.push_back({.fd = lane.ring().call_fd(), .events = POLLIN, .revents = 0});
  }
  if (poll(calls.data(), calls.size(), 10000) <= 0)
    fail("the back end does not answer");
  for (const pollfd& call : calls) {
    uint64_t count = 0;
    if (call.revents != 0)
      (void)!read(call.fd, &count, sizeof count);
  }
}

} // namespace

int main(int count, char** arguments) {
  if (count != 6)
    fail("usage: vhost_user_load SOCKET read|write QUEUES DEPTH REQUESTS");
  const bool writes = std::strcmp(arguments[2], "write") == 0;
  const auto queues = static_cast<uint16_t>(std::strtoul(arguments[3], nullptr, 10));
  const auto depth = static_cast<unsigned>(std::strtoul(arguments[4], nullptr, 10));
  uint64_t left = std::strtoull(arguments[5], nullptr, 10);
  if (depth == 0 || depth > ring_size / 3)
    fail("a ring has no room for so many");
  FrontEnd front_end(arguments[1]);
  front_end.negotiate();
  const bool event_index = (front_end.features() & uint64_t{1} << VIRTIO_RING_F_EVENT_IDX) != 0;
  TestMemory memory(8 << 20);
  if (!front_end.share(memory))
    fail("the back end refuses the memory");
  const uint64_t blocks = front_end.config().capacity / (block_bytes / 512);
  std::deque<Lane> lanes;
  for (uint16_t queue = 0; queue < queues; ++queue) {
    lanes.emplace_back(memory, event_index, depth, writes, blocks);
    if (!front_end.start(queue, lanes.back().ring()))
      fail("the back end refuses a queue");
  }
  uint64_t in_flight = left;
  const auto began = std::chrono::steady_clock::now();
  for (Lane& lane : lanes)
    lane.submit(left);
  while (in_flight > 0) {
    bool any = false;
    for (Lane& lane : lanes) {
      const unsigned done = lane.reap();
      in_flight -= done;
      any |= done > 0;
      lane.submit(left);
    }
    if (!any)
      sleep_until_called(lanes);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  for (uint16_t queue = 0; queue < queues; ++queue)
    (void)front_end.stop(queue);
  std::printf("%.6f\n", took.count());
}
