// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "testsuite/unit/runtime/qcow2/files.h"

#include "runtime/drivers/qcow2/byte_order.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>

namespace lockvet::runtime::qcow2 {

namespace {

// No test has an image that is larger; what is beyond is what a damaged table says.
constexpr uint64_t most_bytes = uint64_t{1} << 32;

std::error_code last_error() {
  return {errno, std::generic_category()};
}

} // namespace

void MemoryFile::co_take_turn() {
  if (!yields)
    return;
  Coroutine::current()->wake();
  Coroutine::suspend();
}

std::error_code MemoryFile::note(Event event) {
  if (before_change)
    if (const auto error = before_change(event.kind, event.offset))
      return error;
  if (logs) {
    ThreadLock lock(mutex_);
    log.push_back(std::move(event));
  }
  return {};
}

std::expected<uint64_t, std::error_code> MemoryFile::co_size() {
  return length();
}

std::error_code MemoryFile::co_preadv(uint64_t offset, const IoVector& to) {
  co_take_turn();
  {
    ThreadLock lock(mutex_);
    const size_t have =
        offset < content_.size() ? std::min<uint64_t>(to.size(), content_.size() - offset) : 0;
    to.slice(0, have).copy_from(content_.data() + (have == 0 ? 0 : offset));
    to.slice(have, to.size() - have).fill(0);
  }
  co_take_turn();
  return {};
}

std::error_code MemoryFile::co_pwritev(uint64_t offset, const IoVector& from) {
  co_take_turn();
  if (offset > most_bytes || from.size() > most_bytes - offset)
    return std::make_error_code(std::errc::file_too_large);
  Bytes data(logs ? from.size() : 0);
  if (logs)
    from.copy_to(data.data());
  if (const auto error = note({Event::Kind::write, offset, std::move(data)}))
    return error;
  {
    ThreadLock lock(mutex_);
    if (content_.size() < offset + from.size())
      content_.resize(offset + from.size());
    from.copy_to(content_.data() + offset);
  }
  co_take_turn();
  return {};
}

std::error_code MemoryFile::co_flush() {
  co_take_turn();
  return note({Event::Kind::flush});
}

std::error_code MemoryFile::co_write_zeroes(uint64_t offset, uint64_t size, bool) {
  return co_write(offset, Bytes(size));
}

std::error_code MemoryFile::co_discard(uint64_t offset, uint64_t size) {
  uint64_t end = 0;
  {
    ThreadLock lock(mutex_);
    end = std::min<uint64_t>(offset + size, content_.size());
  }
  // What is read afterwards is not said: something that shows if anybody relies on it.
  return offset < end ? co_write(offset, Bytes(end - offset, std::byte{0xdd})) : std::error_code();
}

std::error_code MemoryFile::co_truncate(uint64_t size) {
  if (const auto error = note({Event::Kind::truncate, size}))
    return error;
  ThreadLock lock(mutex_);
  content_.resize(size);
  return {};
}

uint64_t MemoryFile::length() {
  ThreadLock lock(mutex_);
  return content_.size();
}

Bytes MemoryFile::content() {
  ThreadLock lock(mutex_);
  return content_;
}

void MemoryFile::set_content(Bytes content) {
  ThreadLock lock(mutex_);
  content_ = std::move(content);
}

void MemoryFile::poke(uint64_t offset, uint64_t number) {
  ThreadLock lock(mutex_);
  store_big_endian<uint64_t>(content_.data() + offset, number);
}

DiskFile::DiskFile(const std::string& path) : fd_(open(path.c_str(), O_RDWR | O_CREAT, 0600)) {
  if (fd_ < 0)
    std::abort();
}

DiskFile::~DiskFile() {
  close(fd_);
}

std::expected<uint64_t, std::error_code> DiskFile::co_size() {
  struct stat status{};
  if (fstat(fd_, &status) != 0)
    return std::unexpected(last_error());
  return status.st_size;
}

std::error_code DiskFile::co_preadv(uint64_t offset, const IoVector& to) {
  std::error_code error;
  to.for_each([&](std::byte* at, size_t size) {
    while (size > 0 && !error) {
      const ssize_t got = pread(fd_, at, size, static_cast<off_t>(offset));
      if (got < 0)
        error = last_error();
      if (got == 0)
        std::memset(at, 0, size);
      const size_t done = got == 0 ? size : static_cast<size_t>(std::max<ssize_t>(got, 0));
      at += done;
      size -= done;
      offset += done;
    }
  });
  return error;
}

std::error_code DiskFile::co_pwritev(uint64_t offset, const IoVector& from) {
  std::error_code error;
  from.for_each([&](const std::byte* at, size_t size) {
    while (size > 0 && !error) {
      const ssize_t put = pwrite(fd_, at, size, static_cast<off_t>(offset));
      if (put < 0)
        error = last_error();
      const auto done = static_cast<size_t>(std::max<ssize_t>(put, 0));
      at += done;
      size -= done;
      offset += done;
    }
  });
  return error;
}

std::error_code DiskFile::co_write_zeroes(uint64_t offset, uint64_t size, bool) {
  return co_write(offset, Bytes(size));
}

std::error_code DiskFile::co_discard(uint64_t offset, uint64_t size) {
  if (fallocate(fd_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
                static_cast<off_t>(size)) != 0)
    return last_error();
  return {};
}

std::error_code DiskFile::co_truncate(uint64_t size) {
  return ftruncate(fd_, static_cast<off_t>(size)) == 0 ? std::error_code() : last_error();
}

} // namespace lockvet::runtime::qcow2
