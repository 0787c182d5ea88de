// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What requests to nodes carry and answer besides data. Values; they need no lock.

#ifndef LOCKVET_RUNTIME_GRAPH_REQUEST_H
#define LOCKVET_RUNTIME_GRAPH_REQUEST_H

#include <cstdint>
#include <optional>

namespace lockvet::runtime {

// As bits.
enum class RequestFlags : unsigned {
  none = 0,
  // The write is on stable storage when it has ended.
  force_unit_access = 1,
  // Zeroes may be written by giving the space back.
  may_unmap = 2,
  // Zeroes are not written by writing a buffer of them: not_supported instead.
  no_fallback = 4,
};

constexpr RequestFlags operator|(RequestFlags left, RequestFlags right) noexcept {
  return static_cast<RequestFlags>(static_cast<unsigned>(left) | static_cast<unsigned>(right));
}
constexpr bool has_flag(RequestFlags set, RequestFlags flag) noexcept {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(flag)) != 0;
}
constexpr RequestFlags without_flag(RequestFlags set, RequestFlags flag) noexcept {
  return static_cast<RequestFlags>(static_cast<unsigned>(set) & ~static_cast<unsigned>(flag));
}

// What is at an offset, for so many bytes.
struct BlockStatus {
  uint64_t length = 0;
  // This node says what can be read there, and not what is below it.
  bool allocated = true;
  bool zero = false;
  // Where the data is in the child that has it, if it is there as it is; of what a filter shows and
  // its child has not allocated, where in the child.
  std::optional<uint64_t> host_offset = std::nullopt;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_REQUEST_H
