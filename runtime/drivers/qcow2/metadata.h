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
#include "runtime/drivers/qcow2/persistent_bitmaps.h"
#include "runtime/drivers/qcow2/snapshot_table.h"

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

  // --- dirty bitmaps: see PersistentBitmaps ---

  Result<Bitmaps> LV_COROUTINE_FN co_read_bitmaps() { return bitmaps_.co_read(); }
  std::error_code LV_COROUTINE_FN co_begin_use() { return bitmaps_.co_begin_use(); }
  std::error_code LV_COROUTINE_FN co_store_bitmaps(const Bitmaps& bitmaps);
  std::error_code LV_COROUTINE_FN co_remove_bitmap(const std::string& name);

  // --- internal snapshots ---

  const std::vector<Snapshot>& snapshots() const noexcept { return snapshots_.entries; }
  // Of the disk as it is, with nothing in flight to it, and stable when it returns. What says where
  // the snapshot is in the file is filled in. Takes time for each cluster of the disk that is in
  // use.
  Result<> LV_COROUTINE_FN co_take_snapshot(Snapshot snapshot);
  // One that is there is gone when this returns, and that is stable. What only it had is given back
  // by what follows, a table at a time, as long as deletes() says so.
  Result<> LV_COROUTINE_FN co_begin_deletion(size_t number);
  bool deletes() const noexcept { return deletion_.has_value(); }
  // An error leaves the rest of it counted, which is no harm.
  std::error_code LV_COROUTINE_FN co_continue_deletion();

private:
  struct Deletion {
    Snapshot snapshot;
    std::vector<uint64_t> l1;
    size_t next = 0;
  };

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

  // Everything is in the file, and nothing is released that is counted.
  std::error_code LV_COROUTINE_FN co_settle();
  Result<> check_snapshot(const Snapshot& snapshot) const;
  // Calls `body` with each cluster that the disk refers to, as often as it does, until it has been
  // called `most` times or has failed.
  template <typename Body>
  std::error_code LV_COROUTINE_FN co_for_each_reference(uint64_t most, Body&& body);
  // Counts all of them once more, or none.
  std::error_code LV_COROUTINE_FN co_raise_references();
  // Clusters with that in them, which the header is to refer to.
  Expected<HostRun> LV_COROUTINE_FN co_write_table(std::span<const std::byte> table);
  // Has the header lead to the table of these snapshots, which is in `run`.
  std::error_code LV_COROUTINE_FN co_switch_snapshots(SnapshotTable snapshots, HostRun run);
  std::error_code LV_COROUTINE_FN co_delete_l2_table(uint64_t l1_index, uint64_t offset);

  ImageState state_;
  const bool discard_freed_;
  Refcounts refcounts_;
  Mapping mapping_;
  PersistentBitmaps bitmaps_;
  SnapshotTable snapshots_;
  std::optional<Deletion> deletion_;
  // Where the next compressed cluster can begin, in a cluster that already has some; or 0.
  uint64_t compressed_end_ = 0;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_METADATA_H
