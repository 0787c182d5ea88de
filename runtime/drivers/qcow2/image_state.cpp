// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/image_state.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

std::error_code ImageState::co_write_header() {
  const std::vector<std::byte> bytes = serialize_fixed_part(header);
  return file.co_write(
      0, std::span(bytes).first(std::min<size_t>(bytes.size(), Header::version_3_bytes)));
}

std::error_code ImageState::co_mark_corrupt(std::string what) {
  if (!corruption.empty())
    return io_error();
  corruption = std::move(what);
  if (writable && header.version >= 3) {
    header.incompatible_features |= feature_corrupt;
    // The request fails anyway, with what came first.
    if (!co_write_header())
      (void)file.co_flush();
  }
  return io_error();
}

std::error_code ImageState::co_check_host_range(const char* what, uint64_t offset, uint64_t size) {
  if (!geometry().is_aligned(offset))
    return co_mark_corrupt(std::string(what) + " is at host offset " + hex(offset) +
                           ", which is no multiple of the cluster size");
  if (offset >= end || size > round_up(end, geometry().cluster_size()) - offset)
    return co_mark_corrupt(std::string(what) + " is at host offset " + hex(offset) +
                           ", past the end of the file at " + hex(end));
  const uint32_t bits = geometry().cluster_bits;
  if (const auto table = reserved.find(offset >> bits, geometry().clusters(size)))
    return co_mark_corrupt(std::string(what) + " at host offset " + hex(offset) + " overlaps " +
                           name_of(*table));
  return {};
}

} // namespace lockvet::runtime::qcow2
