// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All tables of an open image, and the order in which their changes reach the file. An image owns
// it, and guards it by its metadata lock, which is held while tables are read and written, but not
// while guest data is.
//
// Between two flushes a file may take writes in any order, and may lose any of them when the power
// fails. So that it is consistent then, but for clusters that are counted and not used, and has all
// that was flushed, changes are written back in this order:
//
//   1. refcount blocks; a flush if the refcount table has new entries; these entries
//   2. a flush: guest data in new clusters, and the counts of these clusters, are stable
//   3. L2 tables; a flush if the L1 table has new entries; these entries
//   4. a flush if anything was released: no table in the file refers to it any more
//   5. in memory, the counts of what was released are lowered, and only now it can be used again
//
// A table is never written without the steps before it, also when the cache needs its room. The
// header points to a new L1 or refcount table after all of that table is stable, and the old one is
// free when the header is.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_METADATA_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_METADATA_H

#include "runtime/drivers/qcow2/mapping.h"

namespace lockvet::runtime::qcow2 {

struct MetadataOptions {
  bool writable = true;
  // Clusters that become free are given back to the file system.
  bool discard_freed = true;
  size_t l2_cache_bytes = size_t{4} << 20;
  size_t refcount_cache_bytes = size_t{1} << 20;
};

class Metadata {
public:
  template <typename Value> using Expected = std::expected<Value, std::error_code>;

  Metadata(ImageFile& file, Header header, MetadataOptions options);

  // Reads the tables that stay in memory, and holds their places against each other.
  Result<> LV_COROUTINE_FN co_load(uint64_t file_size);

  ImageState& state() noexcept { return state_; }
  const ImageState& state() const noexcept { return state_; }
  bool has_table(uint64_t offset) const noexcept { return mapping_.has_table(offset); }

  Expected<Extent> LV_COROUTINE_FN co_lookup(uint64_t offset, uint64_t most_bytes);
  // The same for what is to be changed. Like all that changes something, it fails once anything was
  // found to be wrong.
  Expected<Extent> LV_COROUTINE_FN co_lookup_to_change(uint64_t offset, uint64_t most_bytes);

  // Clusters for data that is written first and referred to then, or given up.
  Expected<HostRun> LV_COROUTINE_FN co_allocate(uint64_t most_clusters);
  void LV_COROUTINE_FN co_give_up(HostRun run);
  // Whether guest data can be where a table says: an error if not, and the image is corrupt.
  std::error_code LV_COROUTINE_FN co_check_place(HostRun run);
  std::error_code LV_COROUTINE_FN co_point_to_data(uint64_t offset, HostRun run);

  // The same for so many bytes of compressed data, which share clusters with others.
  Expected<uint64_t> LV_COROUTINE_FN co_allocate_compressed(uint64_t size);
  void LV_COROUTINE_FN co_give_up_compressed(uint64_t host_offset, uint64_t size);
  std::error_code LV_COROUTINE_FN co_point_to_compressed(uint64_t offset, uint64_t host_offset,
                                                         uint64_t size);

  // Of clusters in one L2 table.
  std::error_code LV_COROUTINE_FN co_clear(uint64_t offset, uint64_t clusters, Mapping::Clear how);

  // Room for a disk of that size; its size does not change.
  std::error_code LV_COROUTINE_FN co_make_room_for(uint64_t size);
  // Gives up what is behind the end of a disk of that size.
  std::error_code LV_COROUTINE_FN co_drop_behind(uint64_t size);
  std::error_code LV_COROUTINE_FN co_set_size(uint64_t size);

  // Whether a flush has more to do than to flush the file.
  bool dirty() const noexcept {
    return refcounts_.dirty() || mapping_.tables_dirty() || mapping_.l1_dirty();
  }
  // All steps above. What was changed before is stable after the next flush of the file.
  std::error_code LV_COROUTINE_FN co_write_back();

private:
  std::error_code refuse_if_corrupt() const {
    return state_.corruption.empty() ? std::error_code() : io_error();
  }
  // Before a table is asked for: if none can leave the cache, all are written back.
  std::error_code LV_COROUTINE_FN co_prepare();
  // Before a change.
  std::error_code LV_COROUTINE_FN co_prepare_change();
  std::error_code LV_COROUTINE_FN co_lower_released();
  std::error_code LV_COROUTINE_FN co_after_change();
  Expected<bool> LV_COROUTINE_FN co_lower(uint64_t cluster);

  ImageState state_;
  const bool discard_freed_;
  Refcounts refcounts_;
  Mapping mapping_;
  // Where the next compressed cluster can begin, in a cluster that already has some; or 0.
  uint64_t compressed_end_ = 0;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_METADATA_H
