// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The format of a log of writes, as Linux' device mapper has it ("dm-log-writes": its target's
// documentation and drivers/md/dm-log-writes.c), so that tools which replay such logs take ours.
// Numbers are little-endian; sectors are those of the log. Values; they need no lock.
//
// Sector 0 is the superblock. Then comes for each entry one sector with its header, and the data
// that were written, if it has any. The text of a mark is in the sector of its header.

#ifndef LOCKVET_RUNTIME_DRIVERS_WRITE_LOG_FORMAT_H
#define LOCKVET_RUNTIME_DRIVERS_WRITE_LOG_FORMAT_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace lockvet::runtime::write_log {

constexpr uint64_t magic = 0x6a73'6677'7368'72;
constexpr uint64_t version = 1;
constexpr size_t entry_header_bytes = 32;

// Of an entry, as bits.
enum class Flags : uint64_t {
  none = 0,
  flush = 1,
  force_unit_access = 2,
  discard = 4,
  mark = 8,
};

constexpr bool has_flag(Flags set, Flags flag) noexcept {
  return (static_cast<uint64_t>(set) & static_cast<uint64_t>(flag)) != 0;
}

struct Entry {
  // What was written, or discarded.
  uint64_t sector = 0;
  uint64_t sectors = 0;
  Flags flags = Flags::none;

  // How many sectors of data follow its header.
  uint64_t data_sectors() const noexcept { return has_flag(flags, Flags::discard) ? 0 : sectors; }
};

inline void put_number(std::span<std::byte> to, uint64_t number) {
  for (std::byte& byte : to) {
    byte = static_cast<std::byte>(number);
    number >>= 8;
  }
}

// Into a sector of zeroes.
inline void put_superblock(std::span<std::byte> sector, uint64_t entries) {
  put_number(sector.subspan(0, 8), magic);
  put_number(sector.subspan(8, 8), version);
  put_number(sector.subspan(16, 8), entries);
  put_number(sector.subspan(24, 4), sector.size());
}

// Into a sector of zeroes, with the text of a mark, which has to fit and leave a zero at its end.
inline void put_entry(std::span<std::byte> sector, const Entry& entry, std::string_view text) {
  put_number(sector.subspan(0, 8), entry.sector);
  put_number(sector.subspan(8, 8), entry.sectors);
  put_number(sector.subspan(16, 8), static_cast<uint64_t>(entry.flags));
  put_number(sector.subspan(24, 8), text.size());
  const auto* const bytes = reinterpret_cast<const std::byte*>(text.data());
  std::copy_n(bytes, text.size(), sector.subspan(entry_header_bytes).begin());
}

} // namespace lockvet::runtime::write_log

#endif // LOCKVET_RUNTIME_DRIVERS_WRITE_LOG_FORMAT_H
