// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dirty bitmaps that an open image keeps. They are read when it is opened, and marked in the
// file as in use, since what is in memory goes on and what is in the file does not; when the image
// is closed they are written beside those, and then the header leads to them. So whenever its user
// is killed the file has them as they were before the first write, or as they were at the end, or
// says that they are not to be used. The metadata owns it; the image's metadata lock guards it.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_PERSISTENT_BITMAPS_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_PERSISTENT_BITMAPS_H

#include "runtime/drivers/qcow2/bitmap_directory.h"
#include "runtime/drivers/qcow2/refcounts.h"
#include "runtime/graph/dirty_bitmap.h"

#include <memory>

namespace lockvet::runtime::qcow2 {

using Bitmaps = std::vector<std::shared_ptr<DirtyBitmap>>;

class PersistentBitmaps {
public:
  PersistentBitmaps(ImageState& state, Refcounts& refcounts)
      : state_(state), refcounts_(refcounts) {}

  // Reads the directory, and notes what it and its bitmaps reserve.
  Result<> LV_COROUTINE_FN co_load();
  // Whose clusters do not overlap: with the bits of those that are not in use. Those that are have
  // no length and are inconsistent.
  Result<Bitmaps> LV_COROUTINE_FN co_read();
  // From now on all are in use by whoever has the image open, and that is stable when it returns.
  // Of an image that another one has written to, who let them be, those that were there are gone.
  std::error_code LV_COROUTINE_FN co_begin_use();

  // Has the file keep these, and those that were inconsistent, from now on. The clusters of what
  // was there before are added to `released`. An error leaves them in use.
  std::error_code LV_COROUTINE_FN co_store(const Bitmaps& bitmaps, std::vector<uint64_t>& released);
  // None of that name is no error.
  std::error_code LV_COROUTINE_FN co_remove(const std::string& name,
                                            std::vector<uint64_t>& released);

private:
  const Geometry& geometry() const noexcept { return state_.geometry(); }
  // Those of its table and bits. An error for a table that is damaged.
  Result<std::vector<uint64_t>> LV_COROUTINE_FN co_clusters_of(const BitmapEntry& bitmap);
  std::vector<uint64_t> directory_clusters() const;

  // Features that nobody here keeps up to date, and an extension that nobody has.
  std::error_code LV_COROUTINE_FN co_drop_outdated();
  Result<> LV_COROUTINE_FN co_read_bits(const BitmapEntry& entry, DirtyBitmap& to);
  // Writes the bits and the table; what was allocated is added to `taken`, also after an error.
  std::error_code LV_COROUTINE_FN co_write_bits(const DirtyBitmap& from, BitmapEntry& entry,
                                                std::vector<uint64_t>& taken);
  // Writes that directory, and has the header lead to it: then `taken` is in use, and `old` is not.
  // After an error it is given up.
  std::error_code LV_COROUTINE_FN co_replace(BitmapDirectory directory, std::vector<uint64_t> taken,
                                             std::vector<uint64_t> old,
                                             std::vector<uint64_t>& released);
  std::error_code LV_COROUTINE_FN co_switch_to(BitmapDirectory directory,
                                               std::vector<uint64_t>& taken);
  // Clusters for so many bytes, in one place; its offset.
  std::expected<uint64_t, std::error_code>
      LV_COROUTINE_FN co_allocate(uint64_t bytes, std::vector<uint64_t>& taken);
  // What was not made use of, after an error.
  void LV_COROUTINE_FN co_give_up(const std::vector<uint64_t>& taken);

  ImageState& state_;
  Refcounts& refcounts_;
  BitmapDirectory directory_;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_PERSISTENT_BITMAPS_H
