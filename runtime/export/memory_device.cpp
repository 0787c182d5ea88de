// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/memory_device.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/mman.h>

namespace lockvet::runtime {

namespace {

constexpr uint64_t page_bytes = 4096;

} // namespace

std::expected<std::unique_ptr<MemoryDevice>, std::error_code> MemoryDevice::create(uint64_t size) {
  void* const memory = mmap(nullptr, std::max<uint64_t>(size, 1), PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    return std::unexpected(std::error_code(errno, std::generic_category()));
  return std::unique_ptr<MemoryDevice>(new MemoryDevice(static_cast<std::byte*>(memory), size));
}

MemoryDevice::~MemoryDevice() {
  munmap(memory_, std::max<uint64_t>(size_, 1));
}

template <typename Body>
void MemoryDevice::for_each_part(uint64_t offset, uint64_t length, Body&& body) {
  for (const uint64_t end = offset + length; offset < end;) {
    const uint64_t part = offset / part_bytes;
    const uint64_t until = std::min(end, (part + 1) * part_bytes);
    ThreadLock lock(mutexes_[part % mutexes_.size()]);
    body(memory_ + offset, until - offset);
    offset = until;
  }
}

std::error_code MemoryDevice::co_preadv(uint64_t offset, std::span<const iovec> to) {
  for (const iovec& piece : to) {
    auto* target = static_cast<std::byte*>(piece.iov_base);
    for_each_part(offset, piece.iov_len, [&target](const std::byte* from, size_t bytes) {
      std::memcpy(target, from, bytes);
      target += bytes;
    });
    offset += piece.iov_len;
  }
  return {};
}

std::error_code MemoryDevice::co_pwritev(uint64_t offset, std::span<const iovec> from, WriteFlags) {
  for (const iovec& piece : from) {
    const auto* source = static_cast<const std::byte*>(piece.iov_base);
    for_each_part(offset, piece.iov_len, [&source](std::byte* to, size_t bytes) {
      std::memcpy(to, source, bytes);
      source += bytes;
    });
    offset += piece.iov_len;
  }
  return {};
}

std::error_code MemoryDevice::co_trim(uint64_t offset, uint64_t length, WriteFlags flags) {
  return co_write_zeroes(offset, length, flags);
}

std::error_code MemoryDevice::co_write_zeroes(uint64_t offset, uint64_t length, WriteFlags) {
  for_each_part(offset, length, [](std::byte* to, size_t bytes) { std::memset(to, 0, bytes); });
  return {};
}

std::expected<ExportedDevice::Extent, std::error_code>
MemoryDevice::co_block_status(uint64_t offset, uint64_t length) {
  const uint64_t until = std::min({(offset / page_bytes + 1) * page_bytes, offset + length, size_});
  bool zero = true;
  for_each_part(offset, until - offset, [&zero](const std::byte* at, size_t bytes) {
    zero = std::all_of(at, at + bytes, [](std::byte byte) { return byte == std::byte{0}; });
  });
  return Extent{.length = until - offset, .hole = zero, .zero = zero};
}

} // namespace lockvet::runtime
