// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The numbers in a refcount block, which have 1 to 64 bits. Functions without state; they need no
// lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_REFCOUNT_ARRAY_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_REFCOUNT_ARRAY_H

#include "runtime/drivers/qcow2/byte_order.h"

#include <cstdint>

namespace lockvet::runtime::qcow2 {

inline uint64_t load_refcount(const std::byte* block, uint64_t index, uint32_t order) noexcept {
  switch (order) {
  case 4:
    return load_big_endian<uint16_t>(block + index * 2);
  case 5:
    return load_big_endian<uint32_t>(block + index * 4);
  case 6:
    return load_big_endian<uint64_t>(block + index * 8);
  default: {
    // Of several in a byte, the first has the lowest bits.
    const uint64_t bit = index << order;
    const unsigned mask = (1u << (1u << order)) - 1;
    return std::to_integer<unsigned>(block[bit / 8]) >> (bit % 8) & mask;
  }
  }
}

inline void store_refcount(std::byte* block, uint64_t index, uint32_t order,
                           uint64_t value) noexcept {
  switch (order) {
  case 4:
    return store_big_endian<uint16_t>(block + index * 2, static_cast<uint16_t>(value));
  case 5:
    return store_big_endian<uint32_t>(block + index * 4, static_cast<uint32_t>(value));
  case 6:
    return store_big_endian<uint64_t>(block + index * 8, value);
  default: {
    const uint64_t bit = index << order;
    const unsigned shift = bit % 8;
    const unsigned mask = ((1u << (1u << order)) - 1) << shift;
    const auto old = std::to_integer<unsigned>(block[bit / 8]);
    block[bit / 8] =
        static_cast<std::byte>((old & ~mask) | (static_cast<unsigned>(value) << shift));
  }
  }
}

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_REFCOUNT_ARRAY_H
