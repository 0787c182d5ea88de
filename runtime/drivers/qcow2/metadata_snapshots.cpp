// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Taking and deleting internal snapshots. A power failure leaves nothing worse than leaks:
//
// Taking one raises the counts of all that the disk refers to, and writes a copy of the L1 table
// and a new snapshot table; when that is stable, the flags by which clusters are written in place
// are cleared; and when that is, the header leads to the new snapshot table.
//
// Deleting one does it the other way round: the header leads to a snapshot table without it; when
// that is stable, the flags of what then only the disk has are set; and when that is, the counts
// are lowered.

#include "runtime/drivers/qcow2/byte_order.h"
#include "runtime/drivers/qcow2/metadata.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

namespace {

// Of a snapshot, as the field of its size allows.
constexpr size_t most_snapshot_name_bytes = 65535;

std::vector<std::byte> serialize_l1(std::span<const uint64_t> entries) {
  std::vector<std::byte> raw(entries.size() * 8);
  for (size_t index = 0; index < entries.size(); ++index)
    store_big_endian<uint64_t>(raw.data() + index * 8, entries[index] & entry_offset_mask);
  return raw;
}

} // namespace

// --- taking --------------------------------------------------------------------------------------

Result<> Metadata::check_snapshot(const Snapshot& snapshot) const {
  const Geometry& geometry = state_.geometry();
  if (refuse_if_corrupt())
    return fail(io_error(), "the image is damaged: " + state_.corruption);
  if (deletes())
    return fail(std::errc::device_or_resource_busy, "a snapshot is being deleted");
  if (snapshots_.entries.size() >= most_snapshots)
    return fail(std::errc::file_too_large, "the image has " + std::to_string(most_snapshots) +
                                               " snapshots, which is the limit");
  if (geometry.most_refcount() < 2)
    return fail(std::errc::not_supported, "the reference counts of the image have one bit, so that "
                                          "nothing can be shared with a snapshot");
  if (snapshot.id.size() > most_snapshot_name_bytes ||
      snapshot.name.size() > most_snapshot_name_bytes)
    return fail(std::errc::filename_too_long, "a snapshot's name has at most " +
                                                  std::to_string(most_snapshot_name_bytes) +
                                                  " bytes");
  uint64_t l1_clusters = geometry.clusters(mapping_.l1().size() * 8);
  for (const Snapshot& other : snapshots_.entries)
    l1_clusters += geometry.clusters(uint64_t{other.l1_entries} * 8);
  if (l1_clusters << geometry.cluster_bits > most_snapshot_l1_bytes)
    return fail(std::errc::file_too_large, "the L1 tables of all snapshots would have more than " +
                                               std::to_string(most_snapshot_l1_bytes) + " bytes");
  return {};
}

template <typename Body>
std::error_code Metadata::co_for_each_reference(uint64_t most, Body&& body) {
  const uint32_t bits = state_.geometry().cluster_bits;
  for (const uint64_t entry : mapping_.l1()) {
    const uint64_t table = entry & entry_offset_mask;
    if (table == 0)
      continue;
    if (most-- == 0)
      return {};
    if (const auto error = body(table >> bits))
      return error;
    const auto entries = mapping_.co_entries(table);
    if (!entries)
      return entries.error();
    for (const ClusterEntry& cluster : *entries) {
      const HostRun run = clusters_of(cluster, state_.geometry());
      for (uint64_t number = 0; number < run.clusters; ++number) {
        if (most-- == 0)
          return {};
        if (const auto error = body(run.first_cluster + number))
          return error;
      }
    }
  }
  return {};
}

std::error_code Metadata::co_raise_references() {
  uint64_t raised = 0;
  const auto error = co_for_each_reference(~uint64_t{0}, [&](uint64_t cluster) LV_COROUTINE_FN {
    const auto failed = refcounts_.co_raise(cluster);
    raised += !failed;
    return failed;
  });
  // What is counted too often by an error in here is no harm.
  if (error)
    (void)co_for_each_reference(raised, [&](uint64_t cluster) LV_COROUTINE_FN {
      const auto lowered = refcounts_.co_lower(cluster);
      return lowered ? std::error_code() : lowered.error();
    });
  return error;
}

Metadata::Expected<HostRun> Metadata::co_write_table(std::span<const std::byte> table) {
  if (table.empty())
    return HostRun{0, 0};
  const Geometry& geometry = state_.geometry();
  const auto run = refcounts_.co_allocate_all(geometry.clusters(table.size()));
  if (!run)
    return run;
  // Whole clusters, so that nothing is behind it that was there before.
  std::vector<std::byte> bytes(table.begin(), table.end());
  bytes.resize(run->clusters << geometry.cluster_bits);
  if (const auto error = state_.file.co_write(run->first_cluster << geometry.cluster_bits, bytes)) {
    co_give_up(*run);
    return std::unexpected(error);
  }
  return run;
}

std::error_code Metadata::co_switch_snapshots(SnapshotTable snapshots, HostRun run) {
  const uint32_t bits = state_.geometry().cluster_bits;
  // What the header is to lead to is counted, and all of it is there.
  if (const auto error = refcounts_.co_write_dirty())
    return error;
  if (const auto error = state_.file.co_flush())
    return error;
  const HostRun old{state_.header.snapshots_offset >> bits,
                    state_.geometry().clusters(snapshots_.bytes)};
  if (const auto error = state_.co_change_header([&](Header& header) {
        header.snapshots_offset = run.first_cluster << bits;
        header.snapshot_count = static_cast<uint32_t>(snapshots.entries.size());
      }))
    return error;
  snapshots_ = std::move(snapshots);
  state_.reserved.remove(old.first_cluster, old.clusters);
  state_.reserved.add(run.first_cluster, run.clusters, Structure::snapshot_table);
  for (uint64_t number = 0; number < old.clusters; ++number)
    mapping_.released().push_back(old.first_cluster + number);
  return {};
}

Result<> Metadata::co_take_snapshot(Snapshot snapshot) {
  if (auto checked = check_snapshot(snapshot); !checked)
    return checked;
  const uint32_t bits = state_.geometry().cluster_bits;
  if (const auto error = co_settle())
    return failed_while("writing back the tables", error);
  if (const auto error = co_raise_references())
    return error == std::errc::result_out_of_range
               ? fail(error, "a cluster is shared as often as the width of the reference counts "
                             "allows already: " +
                                 std::to_string(state_.geometry().most_refcount()) + " times")
               : failed_while("counting what the snapshot shares", error);
  const std::vector<uint64_t>& l1 = mapping_.l1();
  const auto l1_run = co_write_table(serialize_l1(l1));
  auto error = l1_run ? std::error_code() : l1_run.error();
  SnapshotTable table = snapshots_;
  HostRun table_run{0, 0};
  if (!error) {
    snapshot.l1_offset = l1_run->first_cluster << bits;
    snapshot.l1_entries = static_cast<uint32_t>(l1.size());
    table.entries.push_back(std::move(snapshot));
    const std::vector<std::byte> raw = serialize_snapshots(table.entries);
    table.bytes = raw.size();
    const auto run = raw.size() > most_snapshot_table_bytes
                         ? std::unexpected(std::make_error_code(std::errc::file_too_large))
                         : co_write_table(raw);
    if (run)
      table_run = *run;
    else
      error = run.error();
    if (error)
      co_give_up(*l1_run);
  }
  if (error) {
    (void)co_for_each_reference(~uint64_t{0}, [&](uint64_t cluster) LV_COROUTINE_FN {
      const auto lowered = refcounts_.co_lower(cluster);
      return lowered ? std::error_code() : lowered.error();
    });
    return failed_while("writing the snapshot's tables", error);
  }
  // From here on an error leaves more counted than there is, but nothing that is not shared.
  for (uint64_t index = 0; index < l1.size() && !error; ++index) {
    error = co_prepare();
    if (!error && l1[index] != 0)
      error = mapping_.co_share_l2(index);
  }
  if (!error) {
    mapping_.share_l1();
    error = co_settle();
  }
  if (!error)
    error = co_switch_snapshots(std::move(table), table_run);
  if (!error) {
    state_.reserved.add(l1_run->first_cluster, l1_run->clusters, Structure::snapshot_l1_table);
    error = co_settle();
  }
  if (error)
    return failed_while("writing the snapshot", error);
  return {};
}

// --- deleting ------------------------------------------------------------------------------------

Result<> Metadata::co_begin_deletion(size_t number) {
  if (refuse_if_corrupt())
    return fail(io_error(), "the image is damaged: " + state_.corruption);
  if (deletes())
    return fail(std::errc::device_or_resource_busy, "another snapshot is being deleted");
  if (const auto error = co_settle())
    return failed_while("writing back the tables", error);
  Deletion deletion{snapshots_.entries.at(number), {}};
  std::vector<std::byte> raw(uint64_t{deletion.snapshot.l1_entries} * 8);
  if (const auto error = state_.file.co_read(deletion.snapshot.l1_offset, raw))
    return failed_while("reading the L1 table of the snapshot", error);
  for (size_t at = 0; at < raw.size(); at += 8)
    deletion.l1.push_back(load_big_endian<uint64_t>(raw.data() + at) & entry_offset_mask);
  SnapshotTable table = snapshots_;
  table.entries.erase(table.entries.begin() + static_cast<ptrdiff_t>(number));
  const std::vector<std::byte> left = serialize_snapshots(table.entries);
  table.bytes = left.size();
  const auto run = co_write_table(left);
  if (!run)
    return failed_while("writing the snapshot table", run.error());
  if (const auto error = co_switch_snapshots(std::move(table), *run)) {
    if (state_.corruption.empty())
      co_give_up(*run);
    return failed_while("writing the snapshot table", error);
  }
  deletion_ = std::move(deletion);
  return {};
}

std::error_code Metadata::co_continue_deletion() {
  Deletion& deletion = *deletion_;
  if (deletion.next < deletion.l1.size()) {
    const uint64_t index = deletion.next++;
    const uint64_t offset = deletion.l1[index];
    const auto error = offset == 0 ? std::error_code() : co_delete_l2_table(index, offset);
    if (error)
      deletion_.reset();
    return error;
  }
  const uint64_t first = deletion.snapshot.l1_offset >> state_.geometry().cluster_bits;
  const uint64_t clusters = state_.geometry().clusters(deletion.l1.size() * 8);
  deletion_.reset();
  state_.reserved.remove(first, clusters);
  for (uint64_t number = 0; number < clusters; ++number)
    mapping_.released().push_back(first + number);
  return co_settle();
}

std::error_code Metadata::co_delete_l2_table(uint64_t l1_index, uint64_t offset) {
  if (const auto error = co_prepare_change())
    return error;
  const auto entries = mapping_.co_entries(offset);
  if (!entries)
    return entries.error();
  if (const auto error = mapping_.co_regain(l1_index, offset, *entries))
    return error;
  for (const ClusterEntry& entry : *entries)
    mapping_.release(entry);
  mapping_.released().push_back(offset >> state_.geometry().cluster_bits);
  return co_after_change();
}

} // namespace lockvet::runtime::qcow2
