// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/persistent_bitmaps.h"

#include "runtime/drivers/qcow2/byte_order.h"
#include "runtime/drivers/qcow2/header_switch.h"
#include "runtime/drivers/qcow2/table_entry.h"

#include <algorithm>
#include <bit>

namespace lockvet::runtime::qcow2 {

namespace {

constexpr size_t word_bytes = 8;

// Bits stand in bytes from the lowest on, and bytes in order.
uint64_t load_word(const std::byte* from) {
  uint64_t word = 0;
  for (size_t number = 0; number < word_bytes; ++number)
    word |= std::to_integer<uint64_t>(from[number]) << (number * 8);
  return word;
}
void store_word(std::byte* to, uint64_t word) {
  for (size_t number = 0; number < word_bytes; ++number)
    to[number] = static_cast<std::byte>(word >> (number * 8));
}

void add_clusters(std::vector<uint64_t>& to, uint64_t first, uint64_t count) {
  for (uint64_t cluster = first; cluster < first + count; ++cluster)
    to.push_back(cluster);
}

} // namespace

// --- reading -------------------------------------------------------------------------------------

Result<std::vector<uint64_t>> PersistentBitmaps::co_clusters_of(const BitmapEntry& bitmap) {
  const uint32_t bits = geometry().cluster_bits;
  const auto table = co_read_bitmap_table(state_.file, state_.header, bitmap, state_.end);
  if (!table)
    return std::unexpected(table.error());
  std::vector<uint64_t> clusters;
  add_clusters(clusters, bitmap.table_offset >> bits,
               geometry().clusters(uint64_t{bitmap.table_entries} * 8));
  for (const uint64_t entry : table->entries)
    if (const uint64_t offset = entry & entry_offset_mask; offset != 0)
      clusters.push_back(offset >> bits);
  return clusters;
}

std::vector<uint64_t> PersistentBitmaps::directory_clusters() const {
  std::vector<uint64_t> clusters;
  add_clusters(clusters, directory_.offset >> geometry().cluster_bits,
               geometry().clusters(directory_.bytes));
  return clusters;
}

Result<> PersistentBitmaps::co_load() {
  auto directory = co_read_bitmap_directory(state_.file, state_.header, state_.end);
  if (!directory)
    return std::unexpected(directory.error());
  directory_ = std::move(*directory);
  for (const uint64_t cluster : directory_clusters())
    state_.reserved.collect(cluster, 1, Structure::bitmap);
  for (const BitmapEntry& bitmap : directory_.entries) {
    const auto clusters = co_clusters_of(bitmap);
    if (!clusters)
      return std::unexpected(clusters.error());
    for (const uint64_t cluster : *clusters)
      state_.reserved.collect(cluster, 1, Structure::bitmap);
  }
  return {};
}

Result<> PersistentBitmaps::co_read_bits(const BitmapEntry& entry, DirtyBitmap& to) {
  const auto table = co_read_bitmap_table(state_.file, state_.header, entry, state_.end);
  if (!table)
    return std::unexpected(table.error());
  const uint64_t words_each = geometry().cluster_size() / word_bytes;
  std::vector<std::byte> bits(geometry().cluster_size());
  uint64_t word = 0;
  for (const uint64_t place : table->entries) {
    const uint64_t end = std::min(word + words_each, to.words());
    if ((place & entry_offset_mask) != 0)
      if (const auto error = state_.file.co_read(place, bits))
        return failed_while("reading a bitmap", error);
    if ((place & entry_offset_mask) != 0 || place == BitmapTable::all_ones)
      for (uint64_t number = word; number < end; ++number)
        to.add_bits_to_word(number, place == BitmapTable::all_ones
                                        ? ~uint64_t{0}
                                        : load_word(bits.data() + (number - word) * word_bytes));
    word = end;
  }
  return {};
}

Result<Bitmaps> PersistentBitmaps::co_read() {
  Bitmaps bitmaps;
  for (const BitmapEntry& entry : directory_.entries) {
    const bool lost = entry.has(BitmapEntry::in_use);
    auto bitmap = std::make_shared<DirtyBitmap>(entry.name, lost ? 0 : state_.header.size,
                                                uint64_t{1} << entry.granularity_bits);
    bitmap->set_persistent(true);
    bitmap->set_read_only(!state_.writable);
    bitmap->set_enabled(!lost && entry.has(BitmapEntry::enabled));
    if (lost)
      bitmap->set_inconsistent();
    else if (auto read = co_read_bits(entry, *bitmap); !read)
      return std::unexpected(read.error());
    bitmaps.push_back(std::move(bitmap));
  }
  return bitmaps;
}

std::error_code PersistentBitmaps::co_drop_outdated() {
  Header changed = state_.header;
  changed.autoclear_features &= feature_bitmaps;
  if (!has_bitmaps(changed)) {
    set_bitmap_directory(changed, {});
    if (changed.extensions.size() != state_.header.extensions.size()) {
      const auto error = co_switch_header(state_, changed);
      // Without the flag it means nothing.
      if (error != std::errc::no_space_on_device || !state_.corruption.empty())
        return error;
    }
  }
  if (changed.autoclear_features == state_.header.autoclear_features)
    return {};
  return state_.co_change_header(
      [&](Header& header) { header.autoclear_features = changed.autoclear_features; });
}

std::error_code PersistentBitmaps::co_begin_use() {
  if (const auto error = co_drop_outdated())
    return error;
  if (std::ranges::all_of(directory_.entries,
                          [](const auto& entry) { return entry.has(BitmapEntry::in_use); }))
    return {};
  for (BitmapEntry& entry : directory_.entries)
    entry.flags |= BitmapEntry::in_use;
  // Only bits of flags change, so that it is a directory with whatever part of this there is.
  if (const auto error =
          state_.file.co_write(directory_.offset, serialize_bitmap_directory(directory_)))
    return error;
  return state_.file.co_flush();
}

// --- writing -------------------------------------------------------------------------------------

std::expected<uint64_t, std::error_code>
PersistentBitmaps::co_allocate(uint64_t bytes, std::vector<uint64_t>& taken) {
  const auto run = refcounts_.co_allocate_all(geometry().clusters(bytes));
  if (!run)
    return std::unexpected(run.error());
  add_clusters(taken, run->first_cluster, run->clusters);
  return run->first_cluster << geometry().cluster_bits;
}

void PersistentBitmaps::co_give_up(const std::vector<uint64_t>& taken) {
  // An error here leaves clusters that are counted and not used, which is no harm.
  for (const uint64_t cluster : taken)
    (void)refcounts_.co_lower(cluster);
}

std::error_code PersistentBitmaps::co_write_bits(const DirtyBitmap& from, BitmapEntry& entry,
                                                 std::vector<uint64_t>& taken) {
  const uint64_t cluster_size = geometry().cluster_size();
  const uint64_t bytes = bitmap_bytes(from.length(), from.granularity());
  const uint64_t words_each = cluster_size / word_bytes;
  std::vector<std::byte> table(std::max<uint64_t>(geometry().clusters(bytes), 1) * 8);
  std::vector<std::byte> bits(cluster_size);
  for (uint64_t index = 0; index * words_each < from.words(); ++index) {
    const uint64_t first = index * words_each;
    const uint64_t end = std::min(first + words_each, from.words());
    std::ranges::fill(bits, std::byte{0});
    bool any = false;
    for (uint64_t number = first; number < end; ++number) {
      const uint64_t word = from.bits_of_word(number);
      store_word(bits.data() + (number - first) * word_bytes, word);
      any = any || word != 0;
    }
    if (!any)
      continue;
    const auto offset = co_allocate(cluster_size, taken);
    if (!offset)
      return offset.error();
    if (const auto error = state_.file.co_write(*offset, bits))
      return error;
    store_big_endian<uint64_t>(table.data() + index * 8, *offset);
  }
  const auto offset = co_allocate(table.size(), taken);
  if (!offset)
    return offset.error();
  entry.name = from.name();
  entry.flags = from.enabled() ? BitmapEntry::enabled : 0;
  entry.granularity_bits = static_cast<uint8_t>(std::countr_zero(from.granularity()));
  entry.table_offset = *offset;
  entry.table_entries = static_cast<uint32_t>(table.size() / 8);
  return state_.file.co_write(*offset, table);
}

std::error_code PersistentBitmaps::co_switch_to(BitmapDirectory directory,
                                                std::vector<uint64_t>& taken) {
  const std::vector<std::byte> raw = serialize_bitmap_directory(directory);
  if (!raw.empty()) {
    const auto offset = co_allocate(raw.size(), taken);
    if (!offset)
      return offset.error();
    directory.offset = *offset;
    directory.bytes = raw.size();
    if (const auto error = state_.file.co_write(*offset, raw))
      return error;
  }
  // The header leads to what is there, and is counted.
  if (const auto error = refcounts_.co_write_dirty())
    return error;
  if (const auto error = state_.file.co_flush())
    return error;
  Header changed = state_.header;
  set_bitmap_directory(changed, directory);
  auto error = co_switch_header(state_, changed);
  if (error == std::errc::no_space_on_device && state_.corruption.empty()) {
    std::erase_if(changed.extensions, [](const HeaderExtension& extension) {
      return extension.type == HeaderExtension::feature_names;
    });
    error = co_switch_header(state_, std::move(changed));
  }
  if (!error)
    directory_ = std::move(directory);
  return error;
}

std::error_code PersistentBitmaps::co_replace(BitmapDirectory directory,
                                              std::vector<uint64_t> taken,
                                              std::vector<uint64_t> old,
                                              std::vector<uint64_t>& released) {
  const std::vector<uint64_t> old_directory = directory_clusters();
  old.insert(old.end(), old_directory.begin(), old_directory.end());
  if (const auto error = co_switch_to(std::move(directory), taken)) {
    // If the header could not be written either of the two may be what it leads to.
    if (state_.corruption.empty())
      co_give_up(taken);
    return error;
  }
  released.insert(released.end(), old.begin(), old.end());
  state_.reserved.remove(std::move(old));
  for (const uint64_t cluster : taken)
    state_.reserved.collect(cluster, 1, Structure::bitmap);
  (void)state_.reserved.finish();
  return {};
}

std::error_code PersistentBitmaps::co_store(const Bitmaps& bitmaps,
                                            std::vector<uint64_t>& released) {
  std::vector<uint64_t> old;
  BitmapDirectory directory;
  for (const BitmapEntry& entry : directory_.entries) {
    if (std::ranges::none_of(bitmaps,
                             [&](const auto& bitmap) { return bitmap->name() == entry.name; })) {
      directory.entries.push_back(entry);
      continue;
    }
    const auto clusters = co_clusters_of(entry);
    if (!clusters)
      return clusters.error().code;
    old.insert(old.end(), clusters->begin(), clusters->end());
  }
  std::vector<uint64_t> taken;
  for (const auto& bitmap : bitmaps)
    if (const auto error = co_write_bits(*bitmap, directory.entries.emplace_back(), taken)) {
      co_give_up(taken);
      return error;
    }
  return co_replace(std::move(directory), std::move(taken), std::move(old), released);
}

std::error_code PersistentBitmaps::co_remove(const std::string& name,
                                             std::vector<uint64_t>& released) {
  const auto found = std::ranges::find(directory_.entries, name, &BitmapEntry::name);
  if (found == directory_.entries.end())
    return {};
  auto clusters = co_clusters_of(*found);
  if (!clusters)
    return clusters.error().code;
  BitmapDirectory directory;
  directory.entries = directory_.entries;
  directory.entries.erase(directory.entries.begin() + (found - directory_.entries.begin()));
  return co_replace(std::move(directory), {}, std::move(*clusters), released);
}

} // namespace lockvet::runtime::qcow2
