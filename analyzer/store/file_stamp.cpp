// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/file_stamp.h"

#include <ctime>
#include <sys/stat.h>

namespace lockvet::store {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kCoarsestTick = 2 * kSecond;

int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * kSecond + time.tv_nsec;
}

} // namespace

std::optional<FileStamp> stampOf(const char* path) {
  struct stat status{};
  if (stat(path, &status) != 0)
    return std::nullopt;
  return FileStamp{.size = static_cast<uint64_t>(status.st_size),
                   .mtime_ns = nanoseconds(status.st_mtim),
                   .inode = status.st_ino};
}

bool isRacy(int64_t mtime_ns) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return nanoseconds(now) - mtime_ns < kCoarsestTick;
}

uint64_t trustedInode(const facts::InputFile& input) {
  const std::optional<FileStamp> stamp = stampOf(input.path.c_str());
  const bool same = stamp && stamp->size == input.size && stamp->mtime_ns == input.mtime_ns;
  return same && !isRacy(input.mtime_ns) ? stamp->inode : 0;
}

} // namespace lockvet::store
