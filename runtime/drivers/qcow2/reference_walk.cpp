// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/reference_walk.h"

#include "runtime/drivers/qcow2/byte_order.h"
#include "runtime/drivers/qcow2/snapshot_table.h"

#include <array>

namespace lockvet::runtime::qcow2 {

Result<> ReferenceWalk::co_walk() {
  const auto snapshots = co_read_snapshot_table(file_, header_, file_size_);
  if (!snapshots)
    return std::unexpected(snapshots.error());
  // What can't be moved comes first, so that of two in one place the other one gives way.
  count_alone(0, geometry().cluster_size(), Use::header);
  count_alone(header_.l1_offset, uint64_t{header_.l1_entries} * 8, Use::l1_table);
  count_alone(header_.snapshots_offset, snapshots->bytes, Use::snapshot_table);
  // One that is not alone is not followed, so that the way is no longer than the file.
  std::vector<const Snapshot*> followed;
  for (const Snapshot& snapshot : snapshots->entries)
    if (count_alone(snapshot.l1_offset, uint64_t{snapshot.l1_entries} * 8, Use::snapshot_l1_table))
      followed.push_back(&snapshot);
  if (auto walked = co_walk_bitmaps(); !walked)
    return walked;
  if (auto walked = co_walk_l1(header_.l1_offset, header_.l1_entries, true); !walked)
    return walked;
  for (const Snapshot* snapshot : followed)
    if (auto walked = co_walk_l1(snapshot->l1_offset, snapshot->l1_entries, false); !walked)
      return walked;
  return {};
}

bool ReferenceWalk::count_alone(uint64_t offset, uint64_t bytes, Use use) {
  bool alone = true;
  const uint64_t first = offset >> geometry().cluster_bits;
  for (uint64_t cluster = first; cluster < first + geometry().clusters(bytes); ++cluster) {
    const Use before = references_.add(cluster, use);
    if (before == Use::none)
      continue;
    alone = false;
    report_.corruption(std::string(name_of(use)) + " at offset " +
                       hex(cluster << geometry().cluster_bits) + " overlaps " + name_of(before));
  }
  return alone;
}

Result<ReferenceWalk::Entries> ReferenceWalk::co_read_entries(uint64_t offset, uint64_t count,
                                                              const char* doing) {
  std::vector<std::byte> raw(count * 8);
  if (const auto error = file_.co_read(offset, raw))
    return failed_while(doing, error);
  Entries entries(count);
  for (uint64_t index = 0; index < count; ++index)
    entries[index] = load_big_endian<uint64_t>(raw.data() + index * 8);
  return entries;
}

Result<> ReferenceWalk::co_write_entry(uint64_t table, uint64_t index, uint64_t entry) {
  std::array<std::byte, 8> raw;
  store_big_endian<uint64_t>(raw.data(), entry);
  if (const auto error = file_.co_write(table + index * 8, raw))
    return failed_while("mending a table", error);
  return {};
}

Result<uint64_t> ReferenceWalk::co_copy_cluster(uint64_t offset) {
  std::vector<std::byte> content(geometry().cluster_size());
  if (const auto error = file_.co_read(offset, content))
    return failed_while("reading a cluster that is in use twice", error);
  const uint64_t copy = end_++ << geometry().cluster_bits;
  if (const auto error = file_.co_write(copy, content))
    return failed_while("copying a cluster that is in use twice", error);
  // What refers to it comes later.
  if (const auto error = file_.co_flush())
    return failed_while("copying a cluster that is in use twice", error);
  return copy;
}

Result<> ReferenceWalk::co_walk_l1(uint64_t offset, uint64_t count, bool active) {
  auto entries = co_read_entries(offset, count, "reading an L1 table");
  if (!entries)
    return std::unexpected(entries.error());
  const std::string table = active ? "the L1 table" : "the L1 table at " + hex(offset);
  for (uint64_t index = 0; index < count; ++index) {
    if ((*entries)[index] == 0)
      continue;
    const std::string where = "entry " + std::to_string(index) + " of " + table;
    const auto entry = co_l1_entry((*entries)[index], where, active);
    if (!entry)
      return std::unexpected(entry.error());
    if (mends_ && *entry != (*entries)[index])
      if (auto written = co_write_entry(offset, index, *entry); !written)
        return written;
    if (mends_)
      (*entries)[index] = *entry;
    else if (*entry == 0)
      (*entries)[index] = 0;
  }
  if (!active)
    drop_repeated(*entries, table);
  // Tables before what they point to, for the same reason as above.
  for (uint64_t index = 0; index < count; ++index)
    if (const uint64_t l2 = (*entries)[index] & entry_offset_mask; l2 != 0)
      if (auto walked = co_walk_l2(l2, std::to_string(index) + " of " + table, active); !walked)
        return walked;
  return {};
}

void ReferenceWalk::drop_repeated(Entries& entries, const std::string& table) {
  std::set<uint64_t> seen;
  for (uint64_t& entry : entries) {
    const uint64_t offset = entry & entry_offset_mask;
    if (offset == 0 || seen.insert(offset).second)
      continue;
    report_.corruption(table + " has the L2 table at offset " + hex(offset) + " twice");
    entry = 0;
  }
}

Result<uint64_t> ReferenceWalk::co_l1_entry(uint64_t entry, const std::string& where, bool active) {
  const uint64_t offset = entry & entry_offset_mask;
  if ((entry & l1_entry_reserved) != 0 || !geometry().is_aligned(offset)) {
    report_.corruption(where + " is " + hex(entry) + ", which is not the offset of a cluster");
    return 0;
  }
  if (offset == 0)
    return entry;
  if (offset >= end_ << geometry().cluster_bits) {
    report_.corruption(where + " is " + hex(entry) + ", past the end of the file at " +
                       hex(file_size_));
    return 0;
  }
  const uint64_t cluster = offset >> geometry().cluster_bits;
  const Use before = references_.at(cluster).use;
  if (before == Use::none || (before == Use::l2_table && !active)) {
    references_.add(cluster, Use::l2_table);
    return entry;
  }
  report_.corruption(where + " has its L2 table at offset " + hex(offset) + ", where there is " +
                     name_of(before) + " already");
  if (before != Use::l2_table)
    return 0;
  if (!may_copy()) {
    references_.add(cluster, Use::l2_table);
    return 0;
  }
  const auto copy = co_copy_cluster(offset);
  if (!copy)
    return copy;
  references_.add(*copy >> geometry().cluster_bits, Use::l2_table);
  return *copy;
}

Result<> ReferenceWalk::co_walk_l2(uint64_t offset, const std::string& where, bool active) {
  const auto entries = co_read_entries(offset, geometry().l2_entries(), "reading an L2 table");
  if (!entries)
    return std::unexpected(entries.error());
  for (uint64_t index = 0; index < entries->size(); ++index) {
    const uint64_t entry = (*entries)[index];
    if (entry == 0)
      continue;
    const auto mended =
        co_l2_entry(entry, "entry " + std::to_string(index) + " of L2 table " + where, active);
    if (!mended)
      return std::unexpected(mended.error());
    if (mends_ && *mended != entry)
      if (auto written = co_write_entry(offset, index, *mended); !written)
        return written;
  }
  return {};
}

bool ReferenceWalk::overlaps_other(uint64_t first, uint64_t last, Use use) const {
  for (uint64_t cluster = first; cluster <= last; ++cluster)
    if (const Use before = references_.at(cluster).use; before != Use::none && before != use)
      return true;
  return false;
}

Result<uint64_t> ReferenceWalk::co_l2_entry(uint64_t raw, const std::string& where, bool active) {
  const ClusterEntry entry = decode_l2_entry(raw, geometry(), header_.version);
  const bool compressed = entry.kind == ClusterKind::compressed;
  if (entry.kind == ClusterKind::invalid) {
    report_.corruption(where + " is " + hex(raw) + ", which breaks the format's rules");
    return cleared_entry();
  }
  if (entry.host_offset == 0 && !compressed)
    return raw;
  const uint32_t bits = geometry().cluster_bits;
  const uint64_t first = entry.host_offset >> bits;
  const uint64_t last =
      compressed ? (entry.host_offset + entry.compressed_size - 1) >> bits : first;
  if (last >= end_) {
    report_.corruption(where + " is " + hex(raw) + ", past the end of the file at " +
                       hex(file_size_));
    return cleared_entry();
  }
  const Use use = compressed ? Use::compressed : Use::data;
  if (overlaps_other(first, last, use)) {
    report_.corruption(where + " is " + hex(raw) + ", and there is " +
                       name_of(references_.at(first).use) + " at offset " + hex(first << bits));
    // Of compressed data nothing can be told from what is there now.
    if (compressed || !may_copy())
      return cleared_entry();
    return co_point_to_copy(raw);
  }
  // The format allows two entries to share a cluster, but once one of them leaves it nobody tells
  // the other one that it is alone.
  if (active && !compressed && may_copy() && references_.at(first).use == Use::data)
    return co_point_to_copy(raw);
  for (uint64_t cluster = first; cluster <= last; ++cluster)
    references_.add(cluster, use);
  return raw;
}

Result<uint64_t> ReferenceWalk::co_point_to_copy(uint64_t raw) {
  const auto copy = co_copy_cluster(raw & entry_offset_mask);
  if (!copy)
    return copy;
  references_.add(*copy >> geometry().cluster_bits, Use::data);
  return *copy | entry_copied | (raw & entry_zero);
}

Result<> ReferenceWalk::co_check_copied_flags(const std::set<uint64_t>& leaked, bool mends) {
  const auto l1 = co_read_entries(header_.l1_offset, header_.l1_entries, "reading the L1 table");
  if (!l1)
    return std::unexpected(l1.error());
  const auto flag_for = [&](uint64_t offset) {
    return references_.at(offset >> geometry().cluster_bits).count == 1 ? entry_copied : 0;
  };
  const auto check = [&](uint64_t table, uint64_t index, uint64_t entry, uint64_t offset,
                         const char* what) LV_COROUTINE_FN -> Result<> {
    if ((entry & entry_copied) == flag_for(offset) ||
        (!mends && (entry & entry_copied) == 0 &&
         leaked.contains(offset >> geometry().cluster_bits)))
      return {};
    report_.corruption("entry " + std::to_string(index) + " of " + what + " at offset " +
                       hex(table) + " is " + hex(entry) + ", and its cluster is referred to " +
                       std::to_string(references_.at(offset >> geometry().cluster_bits).count) +
                       " times");
    return mends ? co_write_entry(table, index, entry ^ entry_copied) : Result<>();
  };
  for (uint64_t index = 0; index < l1->size(); ++index) {
    const uint64_t table = (*l1)[index] & entry_offset_mask;
    // What leads nowhere has been reported.
    if (table == 0 || references_.at(table >> geometry().cluster_bits).use != Use::l2_table)
      continue;
    if (auto checked = check(header_.l1_offset, index, (*l1)[index], table, "the L1 table");
        !checked)
      return checked;
    const auto l2 = co_read_entries(table, geometry().l2_entries(), "reading an L2 table");
    if (!l2)
      return std::unexpected(l2.error());
    for (uint64_t number = 0; number < l2->size(); ++number) {
      const ClusterEntry entry = decode_l2_entry((*l2)[number], geometry(), header_.version);
      const bool has_place =
          entry.kind == ClusterKind::data || entry.kind == ClusterKind::zero_allocated;
      if (!has_place ||
          references_.at(entry.host_offset >> geometry().cluster_bits).use != Use::data)
        continue;
      if (auto checked = check(table, number, (*l2)[number], entry.host_offset, "the L2 table");
          !checked)
        return checked;
    }
  }
  return {};
}

} // namespace lockvet::runtime::qcow2
