// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers as they stand in an image: big-endian, and at any address. Functions without state; they
// need no lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_BYTE_ORDER_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_BYTE_ORDER_H

#include <bit>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace lockvet::runtime::qcow2 {

template <typename Number> Number swap_unless_big_endian(Number number) noexcept {
  static_assert(std::is_unsigned_v<Number>);
  if constexpr (std::endian::native == std::endian::big || sizeof(Number) == 1)
    return number;
  else if constexpr (sizeof(Number) == 2)
    return __builtin_bswap16(number);
  else if constexpr (sizeof(Number) == 4)
    return __builtin_bswap32(number);
  else
    return __builtin_bswap64(number);
}

template <typename Number> Number load_big_endian(const std::byte* from) noexcept {
  Number number;
  std::memcpy(&number, from, sizeof(number));
  return swap_unless_big_endian(number);
}

template <typename Number>
void store_big_endian(std::byte* to, std::type_identity_t<Number> number) noexcept {
  const Number swapped = swap_unless_big_endian<Number>(number);
  std::memcpy(to, &swapped, sizeof(swapped));
}

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_BYTE_ORDER_H
