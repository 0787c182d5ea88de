// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/table_cache.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

namespace {

// A write of a table takes whole sectors of it along.
constexpr size_t sector = 512;

} // namespace

TableCache::Expected<TableCache::Table*> TableCache::co_get(uint64_t offset) {
  if (!tables_.empty() && tables_.front().offset == offset)
    return &tables_.front();
  if (const auto found = by_offset_.find(offset); found != by_offset_.end()) {
    tables_.splice(tables_.begin(), tables_, found->second);
    return &tables_.front();
  }
  const auto free = co_take_free();
  if (!free)
    return std::unexpected(free.error());
  Table& table = **free;
  file_.co_event(events_.load);
  if (const auto error = file_.co_read(offset, {table.bytes.get(), table_size_})) {
    tables_.erase(*free);
    return std::unexpected(error);
  }
  table.offset = offset;
  by_offset_.emplace(offset, *free);
  return &table;
}

TableCache::Expected<TableCache::Table*> TableCache::co_add(uint64_t offset) {
  forget(offset);
  const auto free = co_take_free();
  if (!free)
    return std::unexpected(free.error());
  Table& table = **free;
  std::fill_n(table.bytes.get(), table_size_, std::byte{0});
  table.offset = offset;
  by_offset_.emplace(offset, *free);
  mark_dirty(table, 0, table_size_);
  return &table;
}

TableCache::Expected<TableCache::Tables::iterator> TableCache::co_take_free() {
  if (tables_.size() < most_tables_) {
    // An offset that no table has.
    tables_.push_front({.offset = ~uint64_t{0},
                        .bytes = std::make_unique_for_overwrite<std::byte[]>(table_size_)});
    return tables_.begin();
  }
  auto victim = std::ranges::find_if(tables_.rbegin(), tables_.rend(),
                                     [](const Table& table) { return !table.dirty(); });
  if (victim == tables_.rend()) {
    victim = tables_.rbegin();
    if (const auto error = co_write(*victim))
      return std::unexpected(error);
  }
  by_offset_.erase(victim->offset);
  victim->offset = ~uint64_t{0};
  tables_.splice(tables_.begin(), tables_, std::prev(victim.base()));
  return tables_.begin();
}

void TableCache::mark_dirty(Table& table, size_t begin, size_t end) noexcept {
  if (!table.dirty()) {
    ++dirty_tables_;
    table.dirty_begin = begin;
    table.dirty_end = end;
    return;
  }
  table.dirty_begin = std::min(table.dirty_begin, begin);
  table.dirty_end = std::max(table.dirty_end, end);
}

void TableCache::set_entry(Table& table, uint64_t index, uint64_t entry) noexcept {
  store_big_endian<uint64_t>(table.bytes.get() + index * 8, entry);
  mark_dirty(table, index * 8, index * 8 + 8);
}

void TableCache::forget(uint64_t offset) {
  const auto found = by_offset_.find(offset);
  if (found == by_offset_.end())
    return;
  if (found->second->dirty())
    --dirty_tables_;
  tables_.erase(found->second);
  by_offset_.erase(found);
}

std::error_code TableCache::co_write(Table& table) {
  const size_t begin = table.dirty_begin / sector * sector;
  const size_t end = std::min((table.dirty_end + sector - 1) / sector * sector, table_size_);
  file_.co_event(events_.update);
  if (const auto error =
          file_.co_write(table.offset + begin, {table.bytes.get() + begin, end - begin}))
    return error;
  table.dirty_begin = table.dirty_end = 0;
  --dirty_tables_;
  return {};
}

std::error_code TableCache::co_write_dirty() {
  if (!dirty())
    return {};
  for (Table& table : tables_)
    if (table.dirty())
      if (const auto error = co_write(table))
        return error;
  return {};
}

} // namespace lockvet::runtime::qcow2
