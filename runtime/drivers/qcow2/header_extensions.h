// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The optional sections that follow the fixed part of a header. What is not known is kept as it is,
// so that rewriting the header loses nothing. Values; they need no lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_HEADER_EXTENSIONS_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_HEADER_EXTENSIONS_H

#include "runtime/drivers/qcow2/error.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace lockvet::runtime::qcow2 {

struct HeaderExtension {
  static constexpr uint32_t end = 0;
  static constexpr uint32_t backing_format = 0xe2792aca;
  static constexpr uint32_t feature_names = 0x6803f857;
  static constexpr uint32_t bitmaps = 0x23852875;
  static constexpr uint32_t encryption = 0x0537be77;
  static constexpr uint32_t external_data_name = 0x44415441;

  uint32_t type;
  std::vector<std::byte> payload;

  bool operator==(const HeaderExtension&) const = default;
};

// Reads from the end of the fixed part to the end marker or the end of `area`. Offsets in messages
// count from the start of the file, where the area begins at `area_offset`.
Result<std::vector<HeaderExtension>> parse_extensions(std::span<const std::byte> area,
                                                      uint64_t area_offset);

// With the end marker and all padding.
std::vector<std::byte> serialize_extensions(std::span<const HeaderExtension> extensions);

// The first of a type, or nullptr.
const HeaderExtension* find_extension(std::span<const HeaderExtension> extensions, uint32_t type);

HeaderExtension string_extension(uint32_t type, std::string_view text);

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_HEADER_EXTENSIONS_H
