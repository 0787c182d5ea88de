// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When a file's size, time and inode may stand for its content. Stateless.

#pragma once

#include "analyzer/facts/fragment.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>

namespace lockvet::store {

struct FileStamp {
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  uint64_t inode = 0;

  bool operator==(const FileStamp&) const = default;
};

/// None if there is no such file. `path` must be null-terminated.
std::optional<FileStamp> stampOf(const char* path);

/// Whether a file with that time, looked at now, could still be written to without its time
/// changing: clocks of file systems tick every few milliseconds, some only every two seconds.
bool isRacy(int64_t mtime_ns);

/// The inode to store with a file that a worker has read: that of the file now, if it is still the
/// one that was read and its time is old enough; else 0, so that its content is compared next time.
uint64_t trustedInode(const facts::InputFile& input);

} // namespace lockvet::store
