// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads a log of writes and replays it, as tools for dm-log-writes do, written apart from what
// writes it. It belongs to the test, and needs no lock.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_DRIVERS_WRITE_LOG_READER_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_DRIVERS_WRITE_LOG_READER_H

#include "testsuite/unit/runtime/drivers/driver_fixture.h"

namespace lockvet::runtime {

struct LoggedEntry {
  uint64_t sector;
  uint64_t sectors;
  uint64_t flags;
  std::string mark = {};
  Bytes data = {};

  bool is_flush() const { return (flags & 1) != 0; }
  bool is_discard() const { return (flags & 4) != 0; }
  bool is_mark() const { return (flags & 8) != 0; }
};

struct WriteLog {
  uint64_t sector_bytes = 0;
  std::vector<LoggedEntry> entries;
};

inline uint64_t number_at(const Bytes& bytes, size_t at, size_t size) {
  uint64_t number = 0;
  for (size_t byte = size; byte-- > 0;)
    number = number << 8 | static_cast<uint64_t>(bytes.at(at + byte));
  return number;
}

// Of as many entries as its superblock says.
inline WriteLog parse_log(const Bytes& log) {
  WriteLog parsed;
  EXPECT_EQ(number_at(log, 0, 8), 0x6a736677736872U);
  EXPECT_EQ(number_at(log, 8, 8), 1U);
  const uint64_t count = number_at(log, 16, 8);
  parsed.sector_bytes = number_at(log, 24, 4);
  size_t at = parsed.sector_bytes;
  for (uint64_t number = 0; number < count; ++number) {
    LoggedEntry entry{number_at(log, at, 8), number_at(log, at + 8, 8), number_at(log, at + 16, 8)};
    if (entry.is_mark())
      entry.mark.assign(reinterpret_cast<const char*>(log.data()) + at + 32,
                        number_at(log, at + 24, 8));
    at += parsed.sector_bytes;
    if (!entry.is_discard()) {
      const uint64_t size = entry.sectors * parsed.sector_bytes;
      EXPECT_LE(at + size, log.size());
      entry.data.assign(log.begin() + static_cast<ptrdiff_t>(at),
                        log.begin() + static_cast<ptrdiff_t>(at + size));
      at += size;
    }
    parsed.entries.push_back(std::move(entry));
  }
  return parsed;
}

// What the disk has after the first so many entries; what is discarded is zeroes afterwards.
inline Bytes replay(const WriteLog& log, size_t count, Bytes disk) {
  for (size_t number = 0; number < count; ++number) {
    const LoggedEntry& entry = log.entries.at(number);
    const uint64_t begin = entry.sector * log.sector_bytes;
    const uint64_t end = begin + entry.sectors * log.sector_bytes;
    if (disk.size() < end)
      disk.resize(end);
    const auto at = disk.begin() + static_cast<ptrdiff_t>(begin);
    if (entry.is_discard())
      std::fill_n(at, end - begin, std::byte{0});
    else
      std::copy(entry.data.begin(), entry.data.end(), at);
  }
  return disk;
}

} // namespace lockvet::runtime

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_DRIVERS_WRITE_LOG_READER_H
