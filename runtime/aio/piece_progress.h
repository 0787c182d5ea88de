// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A list of pieces of memory of which some bytes have been read or written already, since the
// kernel may stop anywhere. A view that lies with whoever transfers; the list and the memory stay
// meanwhile. Needs no lock.

#ifndef LOCKVET_RUNTIME_AIO_PIECE_PROGRESS_H
#define LOCKVET_RUNTIME_AIO_PIECE_PROGRESS_H

#include <algorithm>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <sys/uio.h>

namespace lockvet::runtime {

class PieceProgress {
public:
  explicit PieceProgress(std::span<const iovec> pieces) : pieces_(pieces) { add(0); }

  bool complete() const { return pieces_.empty(); }
  // How many are done.
  uint64_t bytes() const { return bytes_; }

  // What goes in the next call: whole pieces that are left, or the rest of one.
  std::span<const iovec> next() {
    if (skip_ == 0)
      return pieces_.first(std::min<size_t>(pieces_.size(), IOV_MAX));
    rest_ = rest_of_first();
    return {&rest_, 1};
  }
  void add(size_t bytes) {
    bytes_ += bytes;
    skip_ += bytes;
    while (!pieces_.empty() && skip_ >= pieces_.front().iov_len) {
      skip_ -= pieces_.front().iov_len;
      pieces_ = pieces_.subspan(1);
    }
  }

  // Makes zeroes of all that is left, as where a file has ended.
  void fill_with_zeroes() {
    while (!complete()) {
      const iovec rest = rest_of_first();
      std::memset(rest.iov_base, 0, rest.iov_len);
      add(rest.iov_len);
    }
  }

private:
  iovec rest_of_first() const {
    const iovec& piece = pieces_.front();
    return {static_cast<std::byte*>(piece.iov_base) + skip_, piece.iov_len - skip_};
  }

  std::span<const iovec> pieces_;
  size_t skip_ = 0;
  uint64_t bytes_ = 0;
  iovec rest_ = {};
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_PIECE_PROGRESS_H
