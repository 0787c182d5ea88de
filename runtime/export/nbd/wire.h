// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers as they are on the wire, most significant byte first, and a reader that does not read
// beyond the end. Values; they need no lock.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_WIRE_H
#define LOCKVET_RUNTIME_EXPORT_NBD_WIRE_H

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace lockvet::runtime::nbd {

using Bytes = std::vector<std::byte>;

template <std::unsigned_integral Number> constexpr Number swapped(Number number) noexcept {
  if constexpr (std::endian::native == std::endian::big)
    return number;
  return std::byteswap(number);
}

// From there on, which has to be inside.
template <std::unsigned_integral Number> Number load(const std::byte* from) noexcept {
  Number number;
  std::memcpy(&number, from, sizeof number);
  return swapped(number);
}

// Returns where the next goes.
template <std::unsigned_integral Number> std::byte* store(std::byte* to, Number number) noexcept {
  number = swapped(number);
  std::memcpy(to, &number, sizeof number);
  return to + sizeof number;
}

template <std::unsigned_integral Number> void append(Bytes& to, Number number) {
  to.resize(to.size() + sizeof number);
  store(to.data() + to.size() - sizeof number, number);
}

inline void append(Bytes& to, std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  to.insert(to.end(), bytes.begin(), bytes.end());
}

class WireReader {
public:
  explicit WireReader(std::span<const std::byte> bytes) noexcept : rest_(bytes) {}

  bool at_end() const noexcept { return rest_.empty(); }
  size_t left() const noexcept { return rest_.size(); }

  // Nothing, and nothing is taken, if there are not so many bytes.
  template <std::unsigned_integral Number> std::optional<Number> number() noexcept {
    if (rest_.size() < sizeof(Number))
      return std::nullopt;
    const auto number = load<Number>(rest_.data());
    rest_ = rest_.subspan(sizeof number);
    return number;
  }
  std::optional<std::string_view> text(size_t size) noexcept {
    if (rest_.size() < size)
      return std::nullopt;
    const std::string_view text(reinterpret_cast<const char*>(rest_.data()), size);
    rest_ = rest_.subspan(size);
    return text;
  }
  // A length in 32 bits, and as many bytes.
  std::optional<std::string_view> counted_text() noexcept {
    const auto size = number<uint32_t>();
    return size ? text(*size) : std::nullopt;
  }

private:
  std::span<const std::byte> rest_;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_WIRE_H
