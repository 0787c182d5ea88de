// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The memory of a request, in one piece or in several. It is a view: the memory, and the list of
// pieces if there is one, belong to who makes the request and stay until it has ended. Needs no
// lock.

#ifndef LOCKVET_RUNTIME_GRAPH_IO_VECTOR_H
#define LOCKVET_RUNTIME_GRAPH_IO_VECTOR_H

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <sys/uio.h>

namespace lockvet::runtime {

class IoVector {
public:
  IoVector(void* base, size_t size) noexcept : piece_{base, size}, size_(size) {}
  explicit IoVector(std::span<const iovec> pieces) noexcept : pieces_(pieces) {
    for (const iovec& piece : pieces)
      size_ += piece.iov_len;
  }

  // For a request that only reads the memory, as a write does.
  static IoVector of_constant(std::span<const std::byte> memory) noexcept {
    return {const_cast<std::byte*>(memory.data()), memory.size()};
  }

  size_t size() const noexcept { return size_; }

  // A part, which must be inside.
  IoVector slice(size_t offset, size_t size) const noexcept {
    IoVector part = *this;
    part.skip_ += offset;
    part.size_ = size;
    return part;
  }

  // Calls `body` with the address and the size of each piece, in order.
  template <typename Body> void for_each(Body&& body) const {
    if (pieces_.empty()) {
      if (size_ > 0)
        body(static_cast<std::byte*>(piece_.iov_base) + skip_, size_);
      return;
    }
    size_t skip = skip_;
    size_t left = size_;
    for (const iovec& piece : pieces_) {
      if (left == 0)
        return;
      if (skip >= piece.iov_len) {
        skip -= piece.iov_len;
        continue;
      }
      const size_t part = std::min(piece.iov_len - skip, left);
      body(static_cast<std::byte*>(piece.iov_base) + skip, part);
      left -= part;
      skip = 0;
    }
  }

  void fill(int value) const {
    for_each([&](std::byte* at, size_t size) { std::memset(at, value, size); });
  }
  void copy_from(const void* source) const {
    const auto* from = static_cast<const std::byte*>(source);
    for_each([&](std::byte* at, size_t size) {
      std::memcpy(at, from, size);
      from += size;
    });
  }
  void copy_to(void* target) const {
    auto* to = static_cast<std::byte*>(target);
    for_each([&](const std::byte* at, size_t size) {
      std::memcpy(to, at, size);
      to += size;
    });
  }

private:
  // Of one piece if the list is empty.
  iovec piece_{};
  std::span<const iovec> pieces_;
  size_t skip_ = 0;
  size_t size_ = 0;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_IO_VECTOR_H
