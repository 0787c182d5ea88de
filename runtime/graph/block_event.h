// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Places in a format's code that a test may want to fail or to stop at, such as "before an L2 table
// is written". A driver tells its file when it meets one, and a blkdebug below listens. The names
// are those of QEMU (BlkdebugEvent in qapi/block-core.json). Needs no lock.

#ifndef LOCKVET_RUNTIME_GRAPH_BLOCK_EVENT_H
#define LOCKVET_RUNTIME_GRAPH_BLOCK_EVENT_H

#include <atomic>
#include <cstdint>

namespace lockvet::runtime {

// Each is met before what it is called for.
enum class BlockEvent : uint8_t {
  l1_update,
  l1_grow_alloc_table,
  l1_grow_write_table,
  l1_grow_activate_table,
  l2_load,
  l2_update,
  l2_alloc_write,
  read_aio,
  read_backing_aio,
  read_compressed,
  write_aio,
  write_compressed,
  cow_read,
  reftable_load,
  reftable_grow,
  refblock_load,
  refblock_update_part,
  refblock_alloc,
  refblock_alloc_hookup,
  refblock_alloc_write_blocks,
  refblock_alloc_write_table,
  refblock_alloc_switch_table,
  cluster_alloc,
  cluster_alloc_bytes,
  cluster_free,
  flush_to_os,
  flush_to_disk,
};

// Whoever listens has one as long as it does: where nobody does, events cost a look at a number.
class BlockEventListener {
public:
  BlockEventListener() noexcept { listeners_.fetch_add(1, std::memory_order_relaxed); }
  ~BlockEventListener() { listeners_.fetch_sub(1, std::memory_order_relaxed); }
  BlockEventListener(const BlockEventListener&) = delete;
  BlockEventListener& operator=(const BlockEventListener&) = delete;

  static bool anybody() noexcept { return listeners_.load(std::memory_order_relaxed) != 0; }

private:
  // Alone in its line, which stays in all caches.
  alignas(64) static inline std::atomic<unsigned> listeners_ = 0;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_BLOCK_EVENT_H
