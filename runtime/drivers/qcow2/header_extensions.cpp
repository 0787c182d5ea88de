// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/header_extensions.h"

#include "runtime/drivers/qcow2/byte_order.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

namespace {

constexpr size_t head_bytes = 8;

size_t padded(size_t size) {
  return (size + 7) / 8 * 8;
}

} // namespace

Result<std::vector<HeaderExtension>> parse_extensions(std::span<const std::byte> area,
                                                      uint64_t area_offset) {
  std::vector<HeaderExtension> extensions;
  size_t at = 0;
  while (area.size() - at >= head_bytes) {
    const auto type = load_big_endian<uint32_t>(area.data() + at);
    const auto size = load_big_endian<uint32_t>(area.data() + at + 4);
    if (type == HeaderExtension::end)
      return extensions;
    const std::string where =
        "the header extension " + hex(type) + " at offset " + hex(area_offset + at);
    const size_t room = area.size() - at - head_bytes;
    if (size > room)
      return malformed(where + " has " + std::to_string(size) + " bytes, and there is room for " +
                       std::to_string(room));
    if (find_extension(extensions, type) != nullptr)
      return malformed(where + " is there a second time");
    const auto payload = area.subspan(at + head_bytes, size);
    extensions.push_back({type, {payload.begin(), payload.end()}});
    // The padding of the last may be cut off.
    at = std::min(at + head_bytes + padded(size), area.size());
  }
  return extensions;
}

std::vector<std::byte> serialize_extensions(std::span<const HeaderExtension> extensions) {
  std::vector<std::byte> bytes;
  for (const HeaderExtension& extension : extensions) {
    const size_t at = bytes.size();
    bytes.resize(at + head_bytes + padded(extension.payload.size()));
    store_big_endian<uint32_t>(bytes.data() + at, extension.type);
    store_big_endian<uint32_t>(bytes.data() + at + 4,
                               static_cast<uint32_t>(extension.payload.size()));
    std::ranges::copy(extension.payload, bytes.begin() + static_cast<ptrdiff_t>(at + head_bytes));
  }
  bytes.resize(bytes.size() + head_bytes);
  return bytes;
}

const HeaderExtension* find_extension(std::span<const HeaderExtension> extensions, uint32_t type) {
  const auto found = std::ranges::find(extensions, type, &HeaderExtension::type);
  return found == extensions.end() ? nullptr : &*found;
}

HeaderExtension string_extension(uint32_t type, std::string_view text) {
  const auto* const bytes = reinterpret_cast<const std::byte*>(text.data());
  return {type, {bytes, bytes + text.size()}};
}

} // namespace lockvet::runtime::qcow2
