// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An open qcow2 image, and the disk that it shows. Whoever opened it owns it, closes it, and keeps
// its file and its backing file longer than it. Requests are made by coroutines of any home,
// several at once; it locks what it needs.
//
// A request holds its range of the disk: shared as long as it leaves clusters where they are,
// exclusive if it may move them. Within that it takes the metadata lock, for tables only, and never
// the other way round.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_IMAGE_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_IMAGE_H

#include "runtime/coroutine/co_mutex.h"
#include "runtime/coroutine/range_lock.h"
#include "runtime/drivers/qcow2/backing_name.h"
#include "runtime/drivers/qcow2/metadata.h"

#include <atomic>
#include <memory>

namespace lockvet::runtime::qcow2 {

struct OpenOptions : MetadataOptions {
  // What is read where the image has nothing. Without one these are zeroes, or no_such_device if
  // the image's header names one.
  ImageFile* backing = nullptr;
};

// The header of the image in a file, such as to learn the name of its backing file.
Result<Header> LV_COROUTINE_FN co_read_header(ImageFile& file, HeaderUse use = HeaderUse::open);

class Image final : public ImageFile {
public:
  // An image that is opened for writing and has the dirty bit set, since its user was killed while
  // it did not write reference counts, is checked and repaired first.
  static Result<std::unique_ptr<Image>> LV_COROUTINE_FN co_open(ImageFile& file,
                                                                OpenOptions options);
  // Made by co_open().
  Image(ImageFile& file, Header header, const OpenOptions& options);

  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN co_size() override;
  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset, const IoVector& to) override;
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset, const IoVector& from) override;
  std::error_code LV_COROUTINE_FN co_flush() override;
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t size,
                                                  bool may_unmap) override;
  std::error_code LV_COROUTINE_FN co_discard(uint64_t offset, uint64_t size) override;
  std::error_code LV_COROUTINE_FN co_truncate(uint64_t size) override;

  // A whole cluster, or the rest of the disk if that is less. Written as it is if it can't be made
  // smaller.
  std::error_code LV_COROUTINE_FN co_write_compressed(uint64_t offset,
                                                      std::span<const std::byte> from);

  // The same as co_truncate() if that is more than the disk has, and nothing otherwise: of two who
  // append, neither takes back what the other has added.
  std::error_code LV_COROUTINE_FN co_grow_to(uint64_t size);

  // Copies what the image has not got itself from its backing file, cluster by cluster, so that
  // others wait for one at a time.
  std::error_code LV_COROUTINE_FN co_populate(uint64_t offset, uint64_t size);

  // As the header says, and what it says from now on, which is stable then; see
  // Driver::co_change_backing_file_name().
  BackingFileName LV_COROUTINE_FN co_backing_file_name();
  std::error_code LV_COROUTINE_FN co_change_backing_file_name(const BackingFileName& to);

  // --- dirty bitmaps that the image keeps: see PersistentBitmaps ---

  // Those that were read when it was opened, once.
  Bitmaps take_bitmaps() noexcept { return std::exchange(bitmaps_, {}); }
  // Before it is closed; see PersistentBitmaps::co_store(). Whoever does not leaves them in use.
  std::error_code LV_COROUTINE_FN co_store_bitmaps(const Bitmaps& bitmaps);
  // Those that were stored are in use again, since the image stays open after all.
  std::error_code LV_COROUTINE_FN co_use_bitmaps();
  std::error_code LV_COROUTINE_FN co_remove_bitmap(const std::string& name);
  // The version of the format says whether it can keep any.
  bool can_keep_bitmaps() const noexcept { return version_ >= 3 && writable_; }

  // --- internal snapshots ---

  // From any thread, without waiting.
  std::vector<Snapshot> snapshots() const {
    ThreadLock lock(listed_mutex_);
    return listed_;
  }
  // Of the disk between two requests; others wait meanwhile, for a time that grows with the number
  // of clusters in use. Its id is a new number; all that is not about the file is taken from
  // `what`.
  Result<Snapshot> LV_COROUTINE_FN co_take_snapshot(Snapshot what);
  // The first that has the id and the name, where these are given. It is gone when this returns;
  // co_continue_deletion() then gives back its clusters, and says when that is done. Requests wait
  // for one step at most.
  Result<Snapshot> LV_COROUTINE_FN co_begin_deletion(const std::optional<std::string>& id,
                                                     const std::optional<std::string>& name);
  std::expected<bool, std::error_code> LV_COROUTINE_FN co_continue_deletion();

  // Whether zeroes can be written there without a buffer of them.
  bool zeroes_without_data(uint64_t offset, uint64_t size) const noexcept;

  // What is at an offset, at most for so many bytes.
  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_extent(uint64_t offset, uint64_t bytes);

  // Writes all that is kept in memory, but for dirty bitmaps. Nobody may use the image afterwards.
  std::error_code LV_COROUTINE_FN co_close();

  // What was found to be wrong with the image since it was opened, or nothing.
  std::string LV_COROUTINE_FN co_corruption();

  // Another backing file, or none, while no request is in flight: see OpenOptions. The caller sees
  // to it that what the disk shows does not change by that, but for an overlay that nobody has read
  // yet.
  void set_backing(ImageFile* backing) noexcept { backing_ = backing; }

  // Whether there is one, or should be.
  bool has_backing() const noexcept {
    return backing_ != nullptr || names_backing_.load(std::memory_order_relaxed);
  }

  uint64_t size() const noexcept { return size_.load(std::memory_order_relaxed); }
  const Geometry& geometry() const noexcept { return geometry_; }

private:
  using Mode = RangeLock::Mode;

  uint64_t cluster_start(uint64_t offset) const noexcept { return geometry_.cluster_start(offset); }
  uint64_t cluster_end(uint64_t offset) const noexcept {
    return round_up(offset, geometry_.cluster_size());
  }
  // The error of a request that changes something, if it may not. Whether the image is damaged is
  // the metadata's to say.
  std::error_code check_writable(uint64_t offset, uint64_t size) const;

  std::error_code LV_COROUTINE_FN co_populate_cluster(uint64_t start);
  void list_snapshots() LV_REQUIRES(mutex_);

  // Of what needs the backing file, if there is none where one should be.
  static std::error_code no_backing() { return std::make_error_code(std::errc::no_such_device); }

  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_lookup(uint64_t offset, uint64_t bytes);
  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_lookup_to_change(uint64_t offset,
                                                                             uint64_t bytes);
  std::error_code LV_COROUTINE_FN co_read_range(uint64_t offset, IoVector to);
  std::error_code LV_COROUTINE_FN co_read_extent(const Extent& extent, uint64_t offset,
                                                 const IoVector& to);
  std::error_code LV_COROUTINE_FN co_read_compressed(const Extent& extent, uint64_t in_cluster,
                                                     const IoVector& to);

  // As much from the start as can be written where it is; the number of bytes.
  std::expected<size_t, std::error_code> LV_COROUTINE_FN co_write_in_place(uint64_t offset,
                                                                           const IoVector& from);
  // The range is held exclusively, in whole clusters.
  std::error_code LV_COROUTINE_FN co_write_exclusive(uint64_t offset, IoVector from);
  std::expected<size_t, std::error_code> LV_COROUTINE_FN co_write_new(uint64_t offset,
                                                                      const IoVector& from);
  std::error_code LV_COROUTINE_FN co_fill_new(uint64_t offset, const IoVector& from, HostRun run);

  std::error_code LV_COROUTINE_FN co_zero_part(uint64_t offset, uint64_t size);
  std::error_code LV_COROUTINE_FN co_zero_clusters(uint64_t offset, uint64_t size, bool may_unmap);
  std::error_code LV_COROUTINE_FN co_clear(uint64_t offset, uint64_t end, Mapping::Clear how);
  // All of the disk is held.
  std::error_code LV_COROUTINE_FN co_resize(uint64_t size);
  std::error_code LV_COROUTINE_FN co_grow(uint64_t old_size, uint64_t new_size);

  ImageFile& file_;
  ImageFile* backing_;
  std::atomic<bool> names_backing_;
  const Geometry geometry_;
  const uint32_t version_;
  const Compression compression_;
  const bool writable_;
  // Changed while all of the disk is held.
  std::atomic<uint64_t> size_;
  Bitmaps bitmaps_;
  RangeLock ranges_;
  CoMutex mutex_;
  Metadata metadata_ LV_GUARDED_BY(mutex_);
  // A copy for who lists them.
  mutable ThreadMutex listed_mutex_;
  std::vector<Snapshot> listed_ LV_GUARDED_BY(listed_mutex_);
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_IMAGE_H
