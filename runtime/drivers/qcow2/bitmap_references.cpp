// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The clusters that dirty bitmaps have. What a bitmap says is not looked at.

#include "runtime/drivers/qcow2/bitmap_directory.h"
#include "runtime/drivers/qcow2/reference_walk.h"

namespace lockvet::runtime::qcow2 {

Result<> ReferenceWalk::co_walk_bitmaps() {
  // A repair has to get by without what it can't read: its caller takes the bitmaps away.
  const auto damaged = [&](const Error& error) {
    if (error.code != std::errc::invalid_argument)
      return Result<>(std::unexpected(error));
    report_.corruption(error.message);
    report_.bitmaps_are_damaged = true;
    return Result<>();
  };
  const uint64_t file_end = end_ << geometry().cluster_bits;
  const auto directory = co_read_bitmap_directory(file_, header_, file_end);
  if (!directory)
    return damaged(directory.error());
  if (!count_alone(directory->offset, directory->bytes, Use::bitmap))
    report_.bitmaps_are_damaged = true;
  for (const BitmapEntry& bitmap : directory->entries) {
    // A table that many bitmaps have would be a long way.
    if (!count_alone(bitmap.table_offset, uint64_t{bitmap.table_entries} * 8, Use::bitmap)) {
      report_.bitmaps_are_damaged = true;
      continue;
    }
    const auto table = co_read_bitmap_table(file_, header_, bitmap, file_end);
    if (!table) {
      if (auto found = damaged(table.error()); !found)
        return found;
      continue;
    }
    for (const uint64_t entry : table->entries)
      if (const uint64_t offset = entry & entry_offset_mask; offset != 0)
        if (!count_alone(offset, 1, Use::bitmap))
          report_.bitmaps_are_damaged = true;
  }
  return {};
}

} // namespace lockvet::runtime::qcow2
