// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An image's internal snapshots and the dirty bitmaps that it keeps, for who uses it.

#include "runtime/drivers/qcow2/image.h"

#include <algorithm>
#include <charconv>

namespace lockvet::runtime::qcow2 {

namespace {

// A number that is above all that are in use.
std::string new_id(const std::vector<Snapshot>& snapshots) {
  uint64_t most = 0;
  for (const Snapshot& snapshot : snapshots) {
    uint64_t number = 0;
    (void)std::from_chars(snapshot.id.data(), snapshot.id.data() + snapshot.id.size(), number);
    if (number < ~uint64_t{0})
      most = std::max(most, number);
  }
  return std::to_string(most + 1);
}

} // namespace

std::error_code Image::co_store_bitmaps(const Bitmaps& bitmaps) {
  if (!writable_ || bitmaps.empty())
    return {};
  CoLock lock(mutex_);
  return metadata_.co_store_bitmaps(bitmaps);
}

std::error_code Image::co_use_bitmaps() {
  if (!writable_)
    return {};
  CoLock lock(mutex_);
  return metadata_.co_begin_use();
}

std::error_code Image::co_remove_bitmap(const std::string& name) {
  if (!writable_)
    return std::make_error_code(std::errc::read_only_file_system);
  CoLock lock(mutex_);
  return metadata_.co_remove_bitmap(name);
}

void Image::list_snapshots() {
  ThreadLock lock(listed_mutex_);
  listed_ = metadata_.snapshots();
}

Result<Snapshot> Image::co_take_snapshot(Snapshot what) {
  // Who writes in place has looked up where before.
  const RangeHold hold(ranges_, 0, ~uint64_t{0}, Mode::exclusive);
  if (!writable_)
    return fail(std::errc::read_only_file_system, "the image is open for reading only");
  CoLock lock(mutex_);
  what.id = new_id(metadata_.snapshots());
  what.extra = snapshot_extra(size_.load(std::memory_order_relaxed));
  if (auto taken = metadata_.co_take_snapshot(std::move(what)); !taken)
    return std::unexpected(taken.error());
  list_snapshots();
  return metadata_.snapshots().back();
}

Result<Snapshot> Image::co_begin_deletion(const std::optional<std::string>& id,
                                          const std::optional<std::string>& name) {
  if (!writable_)
    return fail(std::errc::read_only_file_system, "the image is open for reading only");
  CoLock lock(mutex_);
  const std::vector<Snapshot>& all = metadata_.snapshots();
  const auto found = std::ranges::find_if(all, [&](const Snapshot& snapshot) {
    return (!id || snapshot.id == *id) && (!name || snapshot.name == *name);
  });
  if (found == all.end())
    return fail(std::errc::no_such_file_or_directory,
                "there is no snapshot with" + (id ? " the id '" + *id + "'" : std::string()) +
                    (id && name ? " and" : "") +
                    (name ? " the name '" + *name + "'" : std::string()));
  Snapshot snapshot = *found;
  if (auto begun = metadata_.co_begin_deletion(static_cast<size_t>(found - all.begin())); !begun)
    return std::unexpected(begun.error());
  list_snapshots();
  return snapshot;
}

std::expected<bool, std::error_code> Image::co_continue_deletion() {
  CoLock lock(mutex_);
  if (metadata_.deletes())
    if (const auto error = metadata_.co_continue_deletion())
      return std::unexpected(error);
  return !metadata_.deletes();
}

} // namespace lockvet::runtime::qcow2
