// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pieces of a request's memory as system calls want them. It lies with the request, whose
// memory it points to; few pieces need no memory of their own. Needs no lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_FILE_PIECE_LIST_H
#define LOCKVET_RUNTIME_DRIVERS_FILE_PIECE_LIST_H

#include "runtime/graph/io_vector.h"

#include <array>
#include <vector>

namespace lockvet::runtime {

class PieceList {
public:
  explicit PieceList(const IoVector& memory) {
    memory.for_each([this](std::byte* at, size_t size) { push_back({at, size}); });
  }
  PieceList(const PieceList&) = delete;
  PieceList& operator=(const PieceList&) = delete;

  std::span<const iovec> pieces() const {
    if (!many_.empty())
      return many_;
    return std::span(few_).first(count_);
  }

private:
  void push_back(iovec piece) {
    if (many_.empty() && count_ < few_.size()) {
      few_.at(count_++) = piece;
      return;
    }
    if (many_.empty())
      many_.assign(few_.begin(), few_.end());
    many_.push_back(piece);
  }

  std::array<iovec, 4> few_{};
  size_t count_ = 0;
  // All, if they are more.
  std::vector<iovec> many_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_FILE_PIECE_LIST_H
