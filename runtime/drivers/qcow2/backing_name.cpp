// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/backing_name.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

namespace {

constexpr size_t sector_bytes = 512;

void set_format(std::vector<HeaderExtension>& extensions, const std::string& format) {
  const auto found =
      std::ranges::find(extensions, HeaderExtension::backing_format, &HeaderExtension::type);
  HeaderExtension extension = string_extension(HeaderExtension::backing_format, format);
  if (found != extensions.end())
    *found = std::move(extension);
  else if (!format.empty())
    extensions.insert(extensions.begin(), std::move(extension));
}

// The fixed part and what follows it up to the name.
std::vector<std::byte> serialize_without_name(const Header& header) {
  std::vector<std::byte> bytes = serialize_fixed_part(header);
  const std::vector<std::byte> extensions = serialize_extensions(header.extensions);
  bytes.insert(bytes.end(), extensions.begin(), extensions.end());
  return bytes;
}

// Where a new name can be without touching anything that the header in the file refers to; else
// right behind the sections.
uint64_t place_name(const Header& old, size_t old_bytes, size_t new_bytes, size_t size) {
  const uint64_t first = round_up(std::max(old_bytes, new_bytes), 8);
  const uint64_t old_end = old.backing_name_offset + old.backing_name.size();
  if (old.backing_name.empty() || first + size <= old.backing_name_offset || first >= old_end)
    return first;
  const uint64_t behind = round_up(old_end, 8);
  return behind + size <= old.geometry.cluster_size() ? behind : first;
}

} // namespace

std::error_code co_change_backing_name(ImageState& state, const BackingFileName& to) {
  Header changed = state.header;
  changed.backing_name = to.name;
  changed.backing_name_offset = 0;
  if (!to.name.empty())
    set_format(changed.extensions, to.format);
  const std::vector<std::byte> old = serialize_without_name(state.header);
  const size_t size = to.name.size();
  if (size > most_backing_name_bytes)
    return std::make_error_code(std::errc::filename_too_long);
  if (size != 0)
    changed.backing_name_offset =
        place_name(state.header, old.size(), serialize_without_name(changed).size(), size);
  std::vector<std::byte> bytes = serialize_without_name(changed);
  if (std::max(bytes.size(), changed.backing_name_offset + size) > changed.geometry.cluster_size())
    return std::make_error_code(std::errc::no_space_on_device);

  if (size != 0) {
    if (const auto error =
            state.file.co_write(changed.backing_name_offset, std::as_bytes(std::span(to.name))))
      return error;
    if (const auto error = state.file.co_flush())
      return error;
  }
  // As few sectors as have changed: mostly the first.
  size_t end = bytes.size();
  if (old.size() == bytes.size())
    while (end > sector_bytes && old[end - 1] == bytes[end - 1])
      --end;
  auto error = state.file.co_write(0, std::span(bytes).first(end));
  if (!error)
    error = state.file.co_flush();
  if (error)
    state.corruption = "the header could not be written: " + error.message();
  else
    state.header = std::move(changed);
  return error;
}

} // namespace lockvet::runtime::qcow2
