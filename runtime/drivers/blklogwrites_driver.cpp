// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/blklogwrites_driver.h"

#include "runtime/graph/node.h"
#include "runtime/graph/paused_lock.h"

#include <string>
#include <vector>

namespace lockvet::runtime {

namespace {

using write_log::Entry;
using write_log::Flags;

Flags flags_of(RequestFlags flags) {
  return has_flag(flags, RequestFlags::force_unit_access) ? Flags::force_unit_access : Flags::none;
}

// Something that the driver does of its own accord.
class Activity {
public:
  explicit LV_COROUTINE_FN Activity(Node& node) : gate_(node.activity()) { gate_.co_enter(); }
  ~Activity() { gate_.leave(); }
  Activity(const Activity&) = delete;
  Activity& operator=(const Activity&) = delete;

private:
  Gate& gate_;
};

} // namespace

void BlkLogWritesDriver::child_attached(Edge& edge) {
  PassThroughDriver::child_attached(edge);
  if (edge.name() == log_name)
    log_ = &edge;
}

void BlkLogWritesDriver::child_detached(Edge& edge) {
  PassThroughDriver::child_detached(edge);
  if (&edge == log_)
    log_ = nullptr;
}

// --- requests ------------------------------------------------------------------------------------

std::error_code BlkLogWritesDriver::co_pwritev(uint64_t offset, const IoVector& from,
                                               RequestFlags flags) {
  std::error_code error;
  if (is_aligned(offset, from.size())) {
    lock_shared_paused(order_);
    error = write_aligned(offset, from, flags);
    order_.unlock_shared();
  } else {
    lock_paused(order_);
    error = write_unaligned(offset, from, flags);
    order_.unlock();
  }
  return error;
}

std::error_code BlkLogWritesDriver::write_aligned(uint64_t offset, const IoVector& from,
                                                  RequestFlags flags) {
  if (const std::error_code error = PassThroughDriver::co_pwritev(offset, from, flags))
    return error;
  return append(entry_of(offset, offset + from.size(), flags_of(flags)), {.data = &from});
}

std::error_code BlkLogWritesDriver::write_unaligned(uint64_t offset, const IoVector& from,
                                                    RequestFlags flags) {
  if (const std::error_code error = PassThroughDriver::co_pwritev(offset, from, flags))
    return error;
  const auto length = co_length();
  if (!length)
    return length.error();
  const uint64_t sector = options_.sector;
  const uint64_t begin = offset / sector * sector;
  const uint64_t end = (offset + from.size() + sector - 1) / sector * sector;
  // Beyond the end there are zeroes.
  std::vector<std::byte> around(end - begin);
  const IoVector data(around.data(), around.size());
  if (const std::error_code error = PassThroughDriver::co_preadv(
          begin, data.slice(0, std::min(end, *length) - begin), RequestFlags::none))
    return error;
  return append(entry_of(begin, end, flags_of(flags)), {.data = &data});
}

std::error_code BlkLogWritesDriver::co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                     RequestFlags flags) {
  const uint64_t sector = options_.sector;
  const uint64_t begin = (offset + sector - 1) / sector * sector;
  const uint64_t end = (offset + size) / sector * sector;
  std::vector<std::byte> zeroes(sector);
  if (begin > end)
    return co_pwritev(offset, {zeroes.data(), size}, flags);
  std::error_code error;
  if (begin < end) {
    lock_shared_paused(order_);
    error = zero_aligned(begin, end - begin, flags);
    order_.unlock_shared();
  }
  // What is left is less than a sector, and written.
  if (!error && offset < begin)
    error = co_pwritev(offset, {zeroes.data(), begin - offset}, flags);
  if (!error && offset + size > end)
    error = co_pwritev(end, {zeroes.data(), offset + size - end}, flags);
  return error;
}

std::error_code BlkLogWritesDriver::zero_aligned(uint64_t offset, uint64_t size,
                                                 RequestFlags flags) {
  if (const std::error_code error = PassThroughDriver::co_pwrite_zeroes(offset, size, flags))
    return error;
  return append(entry_of(offset, offset + size, flags_of(flags)), {});
}

std::error_code BlkLogWritesDriver::co_discard(uint64_t offset, uint64_t size) {
  // The log knows whole sectors only, and so shall the disk.
  const uint64_t sector = options_.sector;
  const uint64_t begin = (offset + sector - 1) / sector * sector;
  const uint64_t end = (offset + size) / sector * sector;
  if (begin >= end)
    return {};
  lock_shared_paused(order_);
  const std::error_code error = discard_aligned(begin, end - begin);
  order_.unlock_shared();
  return error;
}

std::error_code BlkLogWritesDriver::discard_aligned(uint64_t offset, uint64_t size) {
  if (const std::error_code error = PassThroughDriver::co_discard(offset, size))
    return error;
  return append(entry_of(offset, offset + size, Flags::discard), {});
}

std::error_code BlkLogWritesDriver::co_truncate(uint64_t length) {
  lock_paused(order_);
  const std::error_code error = change_length(length);
  order_.unlock();
  return error;
}

std::error_code BlkLogWritesDriver::change_length(uint64_t length) {
  const auto old_length = co_length();
  if (!old_length)
    return old_length.error();
  if (const std::error_code error = PassThroughDriver::co_truncate(length))
    return error;
  if (length < *old_length)
    if (const std::error_code error = append_cut(length, *old_length))
      return error;
  return append({.flags = Flags::mark}, {.text = "length " + std::to_string(length)});
}

std::error_code BlkLogWritesDriver::append_cut(uint64_t length, uint64_t old_length) {
  const uint64_t sector = options_.sector;
  uint64_t begin = length / sector * sector;
  const uint64_t end = (old_length + sector - 1) / sector * sector;
  if (begin < length) {
    std::vector<std::byte> around(sector);
    const IoVector data(around.data(), sector);
    if (const std::error_code error =
            PassThroughDriver::co_preadv(begin, data.slice(0, length - begin), RequestFlags::none))
      return error;
    if (const std::error_code error =
            append(entry_of(begin, begin + sector, Flags::none), {.data = &data}))
      return error;
    begin += sector;
  }
  return begin < end ? append(entry_of(begin, end, Flags::none), {}) : std::error_code();
}

std::error_code BlkLogWritesDriver::co_flush() {
  if (const std::error_code error = PassThroughDriver::co_flush())
    return error;
  return append({.flags = Flags::flush}, {});
}

std::error_code BlkLogWritesDriver::co_mark(std::string_view text) {
  if (text.size() >= options_.sector - write_log::entry_header_bytes)
    return std::make_error_code(std::errc::invalid_argument);
  const Activity activity(node());
  const CoGraphReadLock lock;
  return append({.flags = Flags::mark}, {.text = text});
}

// --- the log -------------------------------------------------------------------------------------

std::error_code BlkLogWritesDriver::append(const Entry& entry, const Content& content) {
  if (log_ == nullptr)
    return std::make_error_code(std::errc::no_such_device);
  const bool is_flush = has_flag(entry.flags, Flags::flush);
  const bool ends_something = is_flush || has_flag(entry.flags, Flags::force_unit_access) ||
                              has_flag(entry.flags, Flags::mark);
  lock_paused(log_mutex_);
  std::error_code error = write_entry(next_sector_, entry, content);
  if (!error) {
    next_sector_ += 1 + entry.data_sectors();
    ++entries_;
    if (ends_something || entries_ == 1 || entries_ % options_.superblock_interval == 0)
      error = write_superblock(entries_);
  }
  if (!error && is_flush)
    error = log_->co_flush();
  log_mutex_.unlock();
  return error;
}

std::error_code BlkLogWritesDriver::write_entry(uint64_t sector, const Entry& entry,
                                                const Content& content) {
  const uint64_t offset = sector * options_.sector;
  std::vector<std::byte> header(options_.sector);
  write_log::put_entry(header, entry, content.text.value_or(std::string_view()));
  std::vector<iovec> pieces = {{header.data(), header.size()}};
  if (content.data != nullptr)
    content.data->for_each([&pieces](std::byte* at, size_t size) { pieces.push_back({at, size}); });
  if (const std::error_code error =
          log_->co_pwritev(offset, IoVector(std::span<const iovec>(pieces))))
    return error;
  const uint64_t zeroes = content.data == nullptr ? entry.data_sectors() * options_.sector : 0;
  if (zeroes == 0)
    return {};
  return log_->co_pwrite_zeroes(offset + options_.sector, zeroes, RequestFlags::may_unmap);
}

std::error_code BlkLogWritesDriver::write_superblock(uint64_t entries) {
  std::vector<std::byte> sector(options_.sector);
  write_log::put_superblock(sector, entries);
  return log_->co_pwritev(0, {sector.data(), sector.size()});
}

} // namespace lockvet::runtime
