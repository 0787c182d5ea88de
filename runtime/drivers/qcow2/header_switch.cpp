// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/header_switch.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

namespace {

constexpr size_t sector_bytes = 512;

// The fixed part and what follows it up to the name.
std::vector<std::byte> serialize_without_name(const Header& header) {
  std::vector<std::byte> bytes = serialize_fixed_part(header);
  const std::vector<std::byte> extensions = serialize_extensions(header.extensions);
  bytes.insert(bytes.end(), extensions.begin(), extensions.end());
  return bytes;
}

// Where a name can be, from `new_bytes` on, without touching anything that the header in the file
// refers to; else right behind the sections. The one that is there stays if it can.
uint64_t place_name(const Header& old, size_t old_bytes, const Header& changed, size_t new_bytes) {
  const size_t size = changed.backing_name.size();
  if (size == 0)
    return 0;
  if (changed.backing_name == old.backing_name && old.backing_name_offset >= new_bytes)
    return old.backing_name_offset;
  const uint64_t first = round_up(std::max(old_bytes, new_bytes), 8);
  const uint64_t old_end = old.backing_name_offset + old.backing_name.size();
  if (old.backing_name.empty() || first + size <= old.backing_name_offset || first >= old_end)
    return first;
  const uint64_t behind = round_up(old_end, 8);
  return behind + size <= old.geometry.cluster_size() ? behind : first;
}

Header without_feature_names(Header header) {
  std::erase_if(header.extensions, [](const HeaderExtension& extension) {
    return extension.type == HeaderExtension::feature_names;
  });
  return header;
}

// From the first sector on, up to the last byte that is not in the file already.
size_t end_of_change(std::span<const std::byte> old, std::span<const std::byte> bytes) {
  size_t end = bytes.size();
  while (end > sector_bytes && end <= old.size() && old[end - 1] == bytes[end - 1])
    --end;
  return end;
}

std::error_code LV_COROUTINE_FN co_write_and_flush(ImageFile& file, uint64_t offset,
                                                   std::span<const std::byte> bytes) {
  const auto error = file.co_write(offset, bytes);
  return error ? error : file.co_flush();
}

// The name is not before `least_name_offset`, where sections are to come.
std::error_code LV_COROUTINE_FN co_switch(ImageState& state, Header changed,
                                          size_t least_name_offset) {
  const std::vector<std::byte> old = serialize_without_name(state.header);
  const size_t size = changed.backing_name.size();
  changed.backing_name_offset =
      place_name(state.header, old.size(), changed,
                 std::max(least_name_offset, serialize_without_name(changed).size()));
  const std::vector<std::byte> bytes = serialize_without_name(changed);
  if (std::max(bytes.size(), changed.backing_name_offset + size) > changed.geometry.cluster_size())
    return std::make_error_code(std::errc::no_space_on_device);

  const size_t end = end_of_change(old, bytes);
  const bool refers_behind = old.size() > sector_bytes;
  const bool name_in_the_way =
      !state.header.backing_name.empty() && state.header.backing_name_offset < end;
  if (end > sector_bytes && (refers_behind || name_in_the_way)) {
    // Without the names the sections that matter are in the first sector, if they ever are.
    const Header reduced = without_feature_names(changed);
    if (reduced.extensions.size() != changed.extensions.size() &&
        serialize_without_name(reduced).size() <= sector_bytes) {
      if (const auto error = co_switch(state, reduced, bytes.size()))
        return error;
      return co_switch(state, std::move(changed), 0);
    }
  }
  if (size != 0 && (changed.backing_name != state.header.backing_name ||
                    changed.backing_name_offset != state.header.backing_name_offset))
    if (const auto error = co_write_and_flush(state.file, changed.backing_name_offset,
                                              std::as_bytes(std::span(changed.backing_name))))
      return error;
  size_t first_write = end;
  if (end > sector_bytes && !refers_behind && !name_in_the_way) {
    first_write = sector_bytes;
    if (const auto error = co_write_and_flush(
            state.file, sector_bytes, std::span(bytes).subspan(sector_bytes, end - sector_bytes)))
      return error;
  }
  const auto error = co_write_and_flush(state.file, 0, std::span(bytes).first(first_write));
  if (error)
    state.corruption = "the header could not be written: " + error.message();
  else
    state.header = std::move(changed);
  return error;
}

} // namespace

std::error_code co_switch_header(ImageState& state, Header changed) {
  return co_switch(state, std::move(changed), 0);
}

} // namespace lockvet::runtime::qcow2
