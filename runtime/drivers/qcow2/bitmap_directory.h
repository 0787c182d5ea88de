// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which dirty bitmaps an image keeps, and where: the bitmaps extension of its header, the directory
// that this leads to, and the tables that the directory leads to, as QEMU's docs/interop/qcow2.rst
// has them. Values that the reader owns; the functions need no lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_BITMAP_DIRECTORY_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_BITMAP_DIRECTORY_H

#include "runtime/drivers/qcow2/header.h"
#include "runtime/drivers/qcow2/image_file.h"

namespace lockvet::runtime::qcow2 {

// As in QEMU, but that it has the last for each bitmap, and here it is for all of an image.
inline constexpr uint32_t most_bitmaps = 65535;
inline constexpr uint64_t most_bitmap_directory_bytes = uint64_t{1024} * most_bitmaps;
inline constexpr uint64_t most_bitmap_bytes = uint64_t{512} << 20;

struct BitmapEntry {
  // Its bits are not those of the disk: it is in memory of somebody who has the image open for
  // writing, or who was killed.
  static constexpr uint32_t in_use = 1;
  // It is to note all writes.
  static constexpr uint32_t enabled = 2;

  std::string name = {};
  uint32_t flags = 0;
  uint8_t granularity_bits = 16;
  uint64_t table_offset = 0;
  uint32_t table_entries = 0;

  bool has(uint32_t flag) const noexcept { return (flags & flag) != 0; }
};

struct BitmapDirectory {
  uint64_t offset = 0;
  uint64_t bytes = 0;
  std::vector<BitmapEntry> entries = {};
};

// How many bytes of a directory a bitmap of that name takes.
constexpr uint64_t bitmap_entry_bytes(uint64_t name_bytes) {
  return round_up(24 + name_bytes, 8);
}
// How many bytes the bits of a disk take.
constexpr uint64_t bitmap_bytes(uint64_t disk_bytes, uint64_t granularity) {
  return divide_up(divide_up(disk_bytes, granularity), 8);
}

// Whether there are any, and who wrote to the image last has kept them up to date.
bool has_bitmaps(const Header& header);

// Empty if there are none. An error says what in it is wrong; what it says of bitmaps that are not
// in use can be relied upon.
Result<BitmapDirectory> LV_COROUTINE_FN co_read_bitmap_directory(ImageFile& file,
                                                                 const Header& header,
                                                                 uint64_t file_size);

// One entry for each cluster of bits.
struct BitmapTable {
  // What the entry says where there is no cluster.
  static constexpr uint64_t all_zeroes = 0;
  static constexpr uint64_t all_ones = 1;

  std::vector<uint64_t> entries = {};
};
Result<BitmapTable> LV_COROUTINE_FN co_read_bitmap_table(ImageFile& file, const Header& header,
                                                         const BitmapEntry& bitmap,
                                                         uint64_t file_size);

std::vector<std::byte> serialize_bitmap_directory(const BitmapDirectory& directory);

// Has the header lead to that directory, or to none if it is empty.
void set_bitmap_directory(Header& header, const BitmapDirectory& directory);

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_BITMAP_DIRECTORY_H
