// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables of one cluster each, L2 tables or refcount blocks, that are kept in memory and written
// back later. An image owns one of each kind, and its metadata lock guards them. A table that was
// got stays in memory until the next one is asked for.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_TABLE_CACHE_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_TABLE_CACHE_H

#include "runtime/drivers/qcow2/byte_order.h"
#include "runtime/drivers/qcow2/image_file.h"

#include <list>
#include <memory>
#include <unordered_map>

namespace lockvet::runtime::qcow2 {

class TableCache {
public:
  struct Table {
    uint64_t offset;
    std::unique_ptr<std::byte[]> bytes;
    // What was changed since it was written, if begin < end.
    size_t dirty_begin = 0;
    size_t dirty_end = 0;

    bool dirty() const noexcept { return dirty_begin < dirty_end; }
    uint64_t entry(uint64_t index) const noexcept {
      return load_big_endian<uint64_t>(bytes.get() + index * 8);
    }
  };
  template <typename Value> using Expected = std::expected<Value, std::error_code>;

  // What the file is told before a table is read or written.
  struct Events {
    BlockEvent load;
    BlockEvent update;
  };

  TableCache(ImageFile& file, size_t table_size, size_t most_tables, Events events)
      : file_(file), table_size_(table_size), most_tables_(most_tables), events_(events) {}
  TableCache(const TableCache&) = delete;
  TableCache& operator=(const TableCache&) = delete;

  // Has the table in memory. If another one has to leave, it is one that is not dirty; if all are,
  // one is written, so that whoever has an order of writing to keep asks all_dirty() before.
  Expected<Table*> LV_COROUTINE_FN co_get(uint64_t offset);
  // The same for a table that is new: all zeroes, and dirty.
  Expected<Table*> LV_COROUTINE_FN co_add(uint64_t offset);

  void set_entry(Table& table, uint64_t index, uint64_t entry) noexcept;
  void mark_dirty(Table& table, size_t begin, size_t end) noexcept;

  // What is no longer a table is not to be written.
  void forget(uint64_t offset);

  std::error_code LV_COROUTINE_FN co_write_dirty();
  bool dirty() const noexcept { return dirty_tables_ != 0; }
  bool all_dirty() const noexcept { return dirty_tables_ == most_tables_; }

private:
  using Tables = std::list<Table>;

  std::error_code LV_COROUTINE_FN co_write(Table& table);
  // A table that is not in use, at the front of the list and without a place in the file.
  Expected<Tables::iterator> LV_COROUTINE_FN co_take_free();

  ImageFile& file_;
  const size_t table_size_;
  const size_t most_tables_;
  const Events events_;
  size_t dirty_tables_ = 0;
  // The one that was asked for last comes first.
  Tables tables_;
  std::unordered_map<uint64_t, Tables::iterator> by_offset_;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_TABLE_CACHE_H
